/* What AyaHistory uses of SQLite: its own interface. The library is linked statically, see docs/decisions/0024. */
#ifndef AYA_SQLITE_H
#define AYA_SQLITE_H

#include <sqlite3.h>

#endif
