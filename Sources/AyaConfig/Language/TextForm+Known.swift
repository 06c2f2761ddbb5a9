extension TextForm {
    static let name = TextForm(
        "name", "a name of letters, digits, '-', '_' and '.'", pattern: #"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"#)
    static let poolName = TextForm("pool name", "the name of a pool", examples: ["web"])
    static let listenerName = TextForm("listener name", "the name of a listener", examples: ["secure"])
    static let bind = TextForm(
        "listen address",
        "an address to listen on, such as ':8080', '127.0.0.1:8080', '[::1]:8080' or 'unix:/run/aya.sock'",
        examples: [":8080", "127.0.0.1:8080", "[::1]:8080", "unix:/run/aya.sock", "unix:@aya"])
    static let serverAddress = TextForm(
        "server address",
        "an address such as '127.0.0.1:9001', '[::1]:9001', 'backend.internal:80' or 'unix:/run/app.sock'",
        examples: ["127.0.0.1:9001", "[::1]:9001", "backend.internal:80", "unix:/run/app.sock"])
    static let fileMode = TextForm(
        "file mode", "permissions such as '0660'", examples: ["0660"], pattern: "^0?[0-7]{3}$")
    static let group = TextForm("group", "the name or number of a group", examples: ["aya"])
    static let tokenHash = TextForm(
        "token hash", "'sha256:' and 64 hexadecimal digits, as 'aya token create' prints them",
        pattern: "^sha256:[0-9A-Fa-f]{64}$")
    static let cidr = TextForm(
        "address block", "an address block such as '10.0.0.0/8'", examples: ["10.0.0.0/8", "fd00::/8"])
    static let host = TextForm(
        "host", "a host such as 'shop.example' or '*.shop.example'", examples: ["shop.example", "*.shop.example"])
    static let path = TextForm(
        "path", "a path such as '/cart' or '/cart/*'", examples: ["/cart", "/cart/*"], pattern: "^/")
    static let method = TextForm("method", "a method such as 'GET'", examples: ["GET", "POST"])
    static let headerName = TextForm("header name", "a header name", examples: ["x-version"])
    static let headerValue = TextForm("text", "a header value")
    static let cookieName = TextForm("cookie name", "a cookie name")
    static let cookieValue = TextForm("text", "a cookie value")
    static let queryName = TextForm("parameter name", "the name of a query parameter")
    static let queryValue = TextForm("text", "the value of a query parameter")
    static let location = TextForm(
        "location", "a location such as 'https://{host}{path}{query}' or '/new'",
        examples: ["https://{host}{path}{query}", "/new"])
    static let body = TextForm("text", "a text")
    static let filePath = TextForm("file path", "the path of a file", examples: ["/var/log/aya/access.log"])
    static let directory = TextForm("directory", "the path of a directory", examples: ["/var/lib/aya"])
    static let zone = TextForm(
        "zone", "the name of a zone, such as 'eu-1'", examples: ["eu-1"], pattern: "^[A-Za-z0-9_.:/-]{1,128}$")
    static let eventName = TextForm(
        "event", "the name of an event, such as 'campaign'", examples: ["campaign"],
        pattern: "^[A-Za-z0-9_.:/-]{1,128}$")
    static let time = TextForm(
        "time", "a moment such as '2026-12-01T18:00:00Z'", examples: ["2026-12-01T18:00:00Z"])
    static let factor = TextForm(
        "factor", "a factor such as '3x'", examples: ["3x"], pattern: #"^[0-9]{1,4}(\.[0-9]{1,3})?x?$"#)
    static let label = TextForm(
        "label", "a label of letters, digits, '-', '_', '.', ':' and '/'", examples: ["version"],
        pattern: "^[A-Za-z0-9_.:/-]{1,128}$")
    static let probePath = TextForm("path", "a path such as '/healthz'", examples: ["/healthz"], pattern: "^/")
    static let hostHeader = TextForm("host", "a host such as 'shop.example'", examples: ["shop.example"])
    static let probeText = TextForm("text", "a text of at most 1024 bytes")
    static let statusRange = TextForm(
        "status range", "statuses such as '200-299'", examples: ["200-299"],
        pattern: "^[1-5][0-9][0-9]-[1-5][0-9][0-9]$")
    static let argument = TextForm("text", "a program or an argument")
    static let secret = TextForm(
        "secret", "a secret of at least 16 bytes, or 'file:' and the path of a file that holds it",
        examples: ["${AYA_SECRET}", "file:/etc/aya/secret"])
    static let origin = TextForm(
        "origin", "an origin such as 'https://app.example', 'https://*.app.example' or '*'",
        examples: ["https://app.example", "https://*.app.example:8443", "*"],
        pattern: #"^(\*|[Hh][Tt][Tt][Pp][Ss]?://.+)$"#)
    static let percentile = TextForm(
        "percentile", "a percentile such as 'p95'", examples: ["p95"], pattern: #"^p[0-9]{2}(\.[0-9]{1,3})?$"#)
}
