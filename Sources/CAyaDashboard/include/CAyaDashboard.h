#ifndef CAYADASHBOARD_H
#define CAYADASHBOARD_H

#include <stddef.h>

/// One file of the dashboard, as it stands in the program.
typedef struct {
    /// Below the root of the site, without a leading slash.
    const char *path;
    const unsigned char *bytes;
    size_t length;
} aya_asset;

/// Swift imports no array without a length: this is where it begins.
const aya_asset *aya_assets(void);
extern const size_t aya_asset_count;

#endif
