#ifndef AYA_SYSTEM_H
#define AYA_SYSTEM_H
#endif
