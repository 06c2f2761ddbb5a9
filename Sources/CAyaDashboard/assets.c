// The files of the dashboard become part of the program here, so that nothing has to be installed beside it. The
// compiler reads them (`#embed`, C23): a change of one is seen by the build like that of a source. Every file has to
// stand in this list; a test compares it with the directory.

#include "CAyaDashboard.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char css_figures_css[] = {
#embed "site/css/figures.css"
};
static const unsigned char css_pages_css[] = {
#embed "site/css/pages.css"
};
static const unsigned char css_parts_css[] = {
#embed "site/css/parts.css"
};
static const unsigned char css_shell_css[] = {
#embed "site/css/shell.css"
};
static const unsigned char css_tokens_css[] = {
#embed "site/css/tokens.css"
};
static const unsigned char index_html[] = {
#embed "site/index.html"
};
static const unsigned char js_api_js[] = {
#embed "site/js/api.js"
};
static const unsigned char js_appearance_js[] = {
#embed "site/js/appearance.js"
};
static const unsigned char js_changes_js[] = {
#embed "site/js/changes.js"
};
static const unsigned char js_chart_js[] = {
#embed "site/js/chart.js"
};
static const unsigned char js_columns_js[] = {
#embed "site/js/columns.js"
};
static const unsigned char js_dialog_js[] = {
#embed "site/js/dialog.js"
};
static const unsigned char js_dom_js[] = {
#embed "site/js/dom.js"
};
static const unsigned char js_format_js[] = {
#embed "site/js/format.js"
};
static const unsigned char js_keys_js[] = {
#embed "site/js/keys.js"
};
static const unsigned char js_login_js[] = {
#embed "site/js/login.js"
};
static const unsigned char js_main_js[] = {
#embed "site/js/main.js"
};
static const unsigned char js_notices_js[] = {
#embed "site/js/notices.js"
};
static const unsigned char js_pages_js[] = {
#embed "site/js/pages.js"
};
static const unsigned char js_pages_brain_js[] = {
#embed "site/js/pages/brain.js"
};
static const unsigned char js_pages_certificates_js[] = {
#embed "site/js/pages/certificates.js"
};
static const unsigned char js_pages_configuration_js[] = {
#embed "site/js/pages/configuration.js"
};
static const unsigned char js_pages_events_js[] = {
#embed "site/js/pages/events.js"
};
static const unsigned char js_pages_exchanges_js[] = {
#embed "site/js/pages/exchanges.js"
};
static const unsigned char js_pages_explain_js[] = {
#embed "site/js/pages/explain.js"
};
static const unsigned char js_pages_listeners_js[] = {
#embed "site/js/pages/listeners.js"
};
static const unsigned char js_pages_overview_js[] = {
#embed "site/js/pages/overview.js"
};
static const unsigned char js_pages_pools_js[] = {
#embed "site/js/pages/pools.js"
};
static const unsigned char js_pages_routes_js[] = {
#embed "site/js/pages/routes.js"
};
static const unsigned char js_palette_js[] = {
#embed "site/js/palette.js"
};
static const unsigned char js_parts_js[] = {
#embed "site/js/parts.js"
};
static const unsigned char js_recorder_js[] = {
#embed "site/js/recorder.js"
};
static const unsigned char js_scale_js[] = {
#embed "site/js/scale.js"
};
static const unsigned char js_series_js[] = {
#embed "site/js/series.js"
};
static const unsigned char js_state_js[] = {
#embed "site/js/state.js"
};
static const unsigned char js_stream_js[] = {
#embed "site/js/stream.js"
};
static const unsigned char js_table_js[] = {
#embed "site/js/table.js"
};
static const unsigned char js_theme_js[] = {
#embed "site/js/theme.js"
};
static const unsigned char js_words_js[] = {
#embed "site/js/words.js"
};
static const unsigned char js_yaml_js[] = {
#embed "site/js/yaml.js"
};
static const unsigned char mark_svg[] = {
#embed "site/mark.svg"
};

#define ASSET(path, bytes) { path, bytes, sizeof(bytes) }

static const aya_asset assets[] = {
    ASSET("css/figures.css", css_figures_css),
    ASSET("css/pages.css", css_pages_css),
    ASSET("css/parts.css", css_parts_css),
    ASSET("css/shell.css", css_shell_css),
    ASSET("css/tokens.css", css_tokens_css),
    ASSET("index.html", index_html),
    ASSET("js/api.js", js_api_js),
    ASSET("js/appearance.js", js_appearance_js),
    ASSET("js/changes.js", js_changes_js),
    ASSET("js/chart.js", js_chart_js),
    ASSET("js/columns.js", js_columns_js),
    ASSET("js/dialog.js", js_dialog_js),
    ASSET("js/dom.js", js_dom_js),
    ASSET("js/format.js", js_format_js),
    ASSET("js/keys.js", js_keys_js),
    ASSET("js/login.js", js_login_js),
    ASSET("js/main.js", js_main_js),
    ASSET("js/notices.js", js_notices_js),
    ASSET("js/pages.js", js_pages_js),
    ASSET("js/pages/brain.js", js_pages_brain_js),
    ASSET("js/pages/certificates.js", js_pages_certificates_js),
    ASSET("js/pages/configuration.js", js_pages_configuration_js),
    ASSET("js/pages/events.js", js_pages_events_js),
    ASSET("js/pages/exchanges.js", js_pages_exchanges_js),
    ASSET("js/pages/explain.js", js_pages_explain_js),
    ASSET("js/pages/listeners.js", js_pages_listeners_js),
    ASSET("js/pages/overview.js", js_pages_overview_js),
    ASSET("js/pages/pools.js", js_pages_pools_js),
    ASSET("js/pages/routes.js", js_pages_routes_js),
    ASSET("js/palette.js", js_palette_js),
    ASSET("js/parts.js", js_parts_js),
    ASSET("js/recorder.js", js_recorder_js),
    ASSET("js/scale.js", js_scale_js),
    ASSET("js/series.js", js_series_js),
    ASSET("js/state.js", js_state_js),
    ASSET("js/stream.js", js_stream_js),
    ASSET("js/table.js", js_table_js),
    ASSET("js/theme.js", js_theme_js),
    ASSET("js/words.js", js_words_js),
    ASSET("js/yaml.js", js_yaml_js),
    ASSET("mark.svg", mark_svg),
};
const size_t aya_asset_count = sizeof(assets) / sizeof(assets[0]);

const aya_asset *aya_assets(void) { return assets; }
