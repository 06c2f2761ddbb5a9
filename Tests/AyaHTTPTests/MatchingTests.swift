internal import AyaCore
internal import AyaHTTP
internal import Testing

private func normalize(_ path: String) -> String? {
    let out = Buffer(capacity: 256)
    out.append("kept")
    let fault = PathNormalizer.normalize(Array(path.utf8).span, into: out)
    guard fault == nil else { return nil }
    return unsafe String(decoding: out.unread.dropFirst(4), as: UTF8.self)
}

@Suite("Matching")
struct MatchingTests {
    @Test(
        "Paths",
        arguments: [
            ("/", "/"), ("/a/b", "/a/b"), ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/a/b/..", "/a/"), ("/a/.", "/a/"),
            ("/..", "/"), ("/../..", "/"), ("/../a", "/a"), ("/./a", "/a"), ("/a/b/c/./../../g", "/a/g"),
            ("/a//b", "/a//b"), ("//", "//"), ("/a//../b", "/a/b"), ("/a/...", "/a/..."), ("/a/..b", "/a/..b"),
            ("/.a", "/.a"), ("/a.", "/a."), ("/%2e%2e/a", "/a"), ("/a/%2E/b", "/a/b"), ("/a/.%2e/b", "/b"),
            ("/%61%41%7e%2d%5f%39", "/aA~-_9"), ("/%2f%2F", "/%2F%2F"), ("/a%2f..%2fb", "/a%2F..%2Fb"),
            ("/%e2%82%ac", "/%E2%82%AC"), ("/%25%32%65", "/%252e"), ("/%20%5c\\", "/%20%5C\\"), ("/%C3%A9", "/%C3%A9"),
            ("/a/b/../../../c", "/c"), ("/a/%2e%2e%2f", "/a/..%2F"), ("/x/%2e%2e/%61dmin", "/admin"),
        ])
    func paths(path: String, normal: String) { #expect(normalize(path) == normal) }

    @Test("Wrong escapes", arguments: ["/%", "/%2", "/%zz", "/%2g", "/a%", "/%00", "/%u0041", "/% 20"])
    func escapes(path: String) { #expect(normalize(path) == nil) }

    @Test("A buffer that is too small is a fault, not an overrun")
    func room() {
        let path = Array("/abcdefgh".utf8)
        let fault = PathNormalizer.normalize(path.span, into: Buffer(capacity: 4))
        #expect(fault == .targetTooLong)
    }

    @Test(
        "Queries",
        arguments: [
            ("v=2", "v", "2", true), ("a=1&v=2", "v", "2", true), ("v=1&v=2", "v", "2", false), ("v", "v", "", true),
            ("v=", "v", "", true), ("", "v", "", false), ("", "", "", true), ("vv=2", "v", "2", false),
            ("v=a+b", "v", "a b", true), ("v=a%20b", "v", "a b", true), ("v=a%2Bb", "v", "a+b", true),
            ("%76=2", "v", "2", true), ("v=%zz", "v", "%zz", true), ("v=%2", "v", "%2", true), ("v=%", "v", "%", true),
            ("v=a=b", "v", "a=b", true), ("V=2", "v", "2", false), ("v=22", "v", "2", false), ("&&v=2", "v", "2", true),
        ])
    func queries(query: String, name: String, value: String, matches: Bool) {
        let found = QueryScanner.contains(
            Array(name.utf8).span, value: Array(value.utf8).span, in: Array(query.utf8).span)
        #expect(found == matches)
    }

    @Test(
        "Cookies",
        arguments: [
            ("a=b", "a", "b" as String?), ("x=y; a=b", "a", "b"), ("x=y;a=b", "a", "b"), ("a=\"b c\"", "a", "b c"),
            ("a=b=c", "a", "b=c"), ("a=", "a", ""), ("a", "a", nil), ("A=b", "a", nil), ("aa=b; ab=c", "a", nil),
            (" a = b ; c=d", "a", "b"), ("a=1; a=2", "a", "1"), ("", "a", nil), (";;a=b", "a", "b"),
            ("a=\"", "a", "\""),
        ])
    func cookies(field: String, name: String, value: String?) {
        let bytes = Array(field.utf8)
        let found = CookieScanner.value(of: Array(name.utf8).span, in: bytes.span)
        #expect(found.map { String(decoding: bytes[$0], as: UTF8.self) } == value)
    }

    @Test(
        "Lists",
        arguments: [
            ("a, b,c", ["a", "b", "c"]), ("", []), (",,", []), (" a ", ["a"]), ("a,\"b,c\",d", ["a", "\"b,c\"", "d"]),
            ("\"a\\\",b\",c", ["\"a\\\",b\"", "c"]), ("\"a", ["\"a"]), ("\"\\", ["\"\\"]), ("a\t,\tb", ["a", "b"]),
        ])
    func lists(list: String, elements: [String]) {
        let bytes = Array(list.utf8)
        var scanner = ListScanner()
        var found: [String] = []
        while let range = scanner.next(bytes.span) { found.append(String(decoding: bytes[range], as: UTF8.self)) }
        #expect(found == elements)
    }

    @Test("Fields and cookies of a head")
    func head() {
        let bytes = Array("GET / HTTP/1.1\r\nHost: h\r\nX-Beta: 1\r\nx-beta: 2\r\nCookie: a=b; lab=1\r\n\r\n".utf8)
        let head = RequestHead()
        #expect(head.parse(bytes.span, limits: HeadLimits()) == .complete)
        func has(_ name: String, _ value: String) -> Bool {
            head.hasField(Array(name.utf8).span, value: Array(value.utf8).span, in: bytes.span)
        }
        #expect(has("x-beta", "1"))
        #expect(has("X-BETA", "2"))
        #expect(!has("x-beta", "3"))
        #expect(!has("x-bet", "1"))
        let lab = Array("lab".utf8)
        let hasOne = head.hasCookie(lab.span, value: Array("1".utf8).span, in: bytes.span)
        let hasTwo = head.hasCookie(lab.span, value: Array("2".utf8).span, in: bytes.span)
        #expect(hasOne && !hasTwo)
        #expect(head.firstField(.cookie)?.known == .cookie)
        #expect(head.firstField(.accept) == nil)
    }
}
