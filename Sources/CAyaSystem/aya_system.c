#include "aya_system.h"
