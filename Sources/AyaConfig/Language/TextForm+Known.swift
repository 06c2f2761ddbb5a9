extension TextForm {
    static let name = TextForm(
        "name", "a name of letters, digits, '-', '_' and '.'", pattern: #"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"#)
    static let poolName = TextForm("pool name", "the name of a pool", examples: ["web"])
    static let bind = TextForm(
        "listen address",
        "an address to listen on, such as ':8080', '127.0.0.1:8080', '[::1]:8080' or 'unix:/run/aya.sock'",
        examples: [":8080", "127.0.0.1:8080", "[::1]:8080", "unix:/run/aya.sock", "unix:@aya"])
    static let serverAddress = TextForm(
        "server address",
        "an address such as '127.0.0.1:9001', '[::1]:9001', 'backend.internal:80' or 'unix:/run/app.sock'",
        examples: ["127.0.0.1:9001", "[::1]:9001", "backend.internal:80", "unix:/run/app.sock"])
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
}
