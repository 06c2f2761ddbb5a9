internal import AyaConfig
internal import AyaCore
internal import AyaImport
internal import Testing

/// Small files that stand for much: what they may cost is bounded.
@Suite struct HugeImportsTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var dialect: Dialect
        var text: String
        /// Part of what is told.
        var says: String
    }

    private static func lines(_ count: Int, _ line: (Int) -> String) -> String {
        (0..<count).map { line($0) + "\n" }.joined()
    }

    static let cases = [
        Case(
            testDescription: "nginx: blocks in blocks", dialect: .nginx,
            text: "server {" + String(repeating: "location / {", count: 20_000), says: "nested deeper"),
        Case(
            testDescription: "nginx: names times locations", dialect: .nginx,
            text: "server { server_name x; } server { server_name " + lines(400) { "h\($0).example" } + ";"
                + lines(400) { "location /p\($0)/ { return 200; }" } + "}",
            says: "more than 50000 routes"),
        Case(
            testDescription: "HAProxy: uses of a backend times its rules", dialect: .haproxy,
            text: "frontend f\n bind :80\n mode http\n" + lines(300) { " use_backend b if { path /x\($0) }" }
                + "backend b\n mode http\n server s 10.0.0.1:80\n"
                + lines(300) { " http-request deny if { hdr(a\($0)) 1 }" },
            says: "more than 50000 routes"),
        Case(
            testDescription: "HAProxy: conditions that multiply", dialect: .haproxy,
            text: "frontend f\n bind :80\n mode http\n acl a path /1 /2 /3 /4 /5 /6 /7 /8\n"
                + " acl b hdr(b) 1 2 3 4 5 6 7 8\n acl c hdr(c) 1 2 3 4 5 6 7 8\n use_backend b if a b c\n default_backend b\nbackend b\n"
                + " mode http\n server s 10.0.0.1:80\n", says: "can't tell"),
        Case(
            testDescription: "Caddy: hosts times handles", dialect: .caddy,
            text: (0..<400).map { "h\($0).example" }.joined(separator: ", ") + " {\n"
                + lines(400) { "respond /p\($0)/* 200" } + "}\n", says: "more than 50000 routes"),
        Case(
            testDescription: "Caddy: imports that double", dialect: .caddy,
            text: lines(40) { "(x\($0)) {\n import x\($0 + 1)\n import x\($0 + 1)\n}" }
                + "a.example {\n import x0\n}\n", says: "imports deeper"),
        Case(
            testDescription: "Traefik: a rule that multiplies", dialect: .traefik,
            text: "http: { routers: { r: { service: s, rule: \""
                + Array(repeating: "(Path(`/x`) || Path(`/y`))", count: 40).joined(separator: " && ")
                + "\" } }, services: { s: { loadBalancer: { servers: [{ url: \"http://10.0.0.1\" }] } } } }", says: ""),
        Case(
            testDescription: "Traefik: brackets in brackets", dialect: .traefik,
            text: "http: { routers: { r: { service: s, rule: \"" + String(repeating: "(", count: 50_000)
                + "\" } } }", says: ""),
        Case(
            testDescription: "Envoy: aliases that multiply", dialect: .envoy,
            text: "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
                + lines(12) { line in
                    "a\(line + 1): &a\(line + 1) ["
                        + Array(repeating: "*a\(line)", count: 9).joined(separator: ", ") + "]"
                }, says: "aliases included"),
        Case(
            testDescription: "Envoy: maps in maps", dialect: .envoy, text: String(repeating: "{\"a\":", count: 20_000),
            says: "nest"),
    ]

    @Test(arguments: cases) func isBounded(_ item: Case) {
        let file = SourceFile(name: "huge", bytes: Array(item.text.utf8))
        let imported = Importer.run(item.dialect, file)
        let told = imported.problems.map(\.rendered) + imported.findings.map(\.rendered)
        #expect(item.says.isEmpty || told.contains { $0.contains(item.says) }, "\(told.prefix(5))")
        #expect((imported.configuration?.utf8.count ?? 0) < 1 << 20)
    }
}
