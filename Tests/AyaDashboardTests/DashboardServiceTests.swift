import AyaDashboard
import AyaHTTP
import Testing

/// Answers everything that the dashboard leaves to it.
private struct API: HTTPService {
    func respond(to request: ServiceRequest) async -> ServiceResponse {
        ServiceResponse(status: 200, contentType: "text/plain", text: "api \(request.method) \(request.path)")
    }
}

@Suite struct DashboardServiceTests {
    private let service = DashboardService(before: API())

    private func ask(
        _ path: String, method: String = "GET", _ headers: [(name: String, value: String)] = []
    ) async -> ServiceResponse {
        await service.respond(to: ServiceRequest(method: method, path: path, headers: headers))
    }

    private func header(_ name: String, of response: ServiceResponse) -> String? {
        response.headers.first { $0.name == name }?.value
    }

    @Test func thePageStandsAtTheRoot() async {
        let page = await ask("/")
        #expect(page.status == 200)
        #expect(header("content-type", of: page) == "text/html; charset=utf-8")
        #expect(String(decoding: page.body, as: UTF8.self).hasPrefix("<!doctype html>"))
    }

    @Test(arguments: ["/", "/js/main.js", "/css/tokens.css", "/mark.svg"])
    func everyFileIsGuarded(path: String) async throws {
        let file = await ask(path)
        let policy = try #require(header("content-security-policy", of: file))
        #expect(policy.hasPrefix("default-src 'none'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(header("x-content-type-options", of: file) == "nosniff")
        #expect(header("referrer-policy", of: file) == "no-referrer")
    }

    @Test func aFileThatIsKnownIsNotSentAgain() async throws {
        let tag = try #require(header("etag", of: await ask("/js/main.js")))
        let again = await ask("/js/main.js", [("If-None-Match", "\"other\", W/\(tag)")])
        #expect(again.status == 304)
        #expect(again.body.isEmpty)
        #expect(await ask("/js/main.js", [("If-None-Match", "\"other\"")]).status == 200)
    }

    @Test(arguments: [
        ("GET", "/v1/status"), ("GET", "/healthz"), ("POST", "/"), ("GET", "/js"), ("GET", "/js/none.js"), ("GET", ""),
        ("GET", "index.html"), ("GET", "//index.html"),
    ])
    func theRestIsTheAPIs(method: String, path: String) async {
        let answer = await ask(path, method: method)
        #expect(String(decoding: answer.body, as: UTF8.self) == "api \(method) \(path)")
    }
}
