#include "aya_sqlite.h"
