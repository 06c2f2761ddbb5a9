internal import AyaExport
internal import Testing

@Suite struct HTTPAddressTests {
    @Test func parts() throws {
        let plain = try #require(HTTPAddress("http://loki:3100"))
        #expect(!plain.isSecure && plain.host == "loki" && plain.port == 3100 && plain.target == "/")
        let secure = try #require(HTTPAddress("https://[::1]/x/?y=1#z"))
        #expect(secure.isSecure && secure.host == "::1" && secure.port == 443 && secure.target == "/x/?y=1")
        #expect(secure.authority == "[::1]")
        #expect(plain.authority == "loki:3100")
    }

    @Test func pathsOfAPIsAreAddedOnce() throws {
        let path = "/loki/api/v1/push"
        #expect(try #require(HTTPAddress("http://loki:3100")).adding(path: path).target == path)
        #expect(try #require(HTTPAddress("http://x/logs/")).adding(path: path).target == "/logs" + path)
        #expect(try #require(HTTPAddress("http://x" + path)).adding(path: path).target == path)
    }

    @Test(arguments: [
        "", "ftp://x", "http://", "http://a@b/", "http://x:0", "http://x:99999", "http://x:1a", "http://[::1",
        "http:// x",
    ])
    func others(text: String) { #expect(HTTPAddress(text) == nil) }
}
