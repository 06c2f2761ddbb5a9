package import AyaHTTP

/// The dashboard in front of the admin API: its files at the root, everything else to the API behind it.
///
/// The files have no secret in them and are given to whoever asks; what the page shows and changes goes through the
/// API, with all its guards.
package struct DashboardService: HTTPService {
    private let api: any HTTPService

    package init(before api: any HTTPService) { self.api = api }

    package func respond(to request: ServiceRequest) async -> ServiceResponse {
        guard request.method == "GET" || request.method == "HEAD", let asset = Asset.at(request.path) else {
            return await api.respond(to: request)
        }
        return Self.response(asset, to: request)
    }

    private static func response(_ asset: Asset, to request: ServiceRequest) -> ServiceResponse {
        let headers = [("etag", asset.tag), ("cache-control", "no-cache")] + guards
        // The tags are strong and of our own making: a list of them (RFC 9110 section 13.1.2) is compared as text.
        if request.header("if-none-match")?.contains(asset.tag) ?? false {
            return ServiceResponse(status: 304, headers: headers)
        }
        return ServiceResponse(
            status: 200, headers: [("content-type", asset.contentType)] + headers, body: asset.bytes)
    }

    /// Only what came from here runs, and only here: no script or style that somebody smuggled into a name would, and no
    /// other page can put this one into a frame and have its buttons pressed.
    private static let guards: [(name: String, value: String)] = [
        (
            "content-security-policy",
            """
            default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
            base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
            require-trusted-types-for 'script'; trusted-types 'none'
            """
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ]
}
