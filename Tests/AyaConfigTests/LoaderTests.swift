import AyaConfig
import AyaCore
import Foundation
import Testing

@Suite struct LoaderTests {
    /// Writes files into a fresh directory and gives its path.
    private func withDirectory<Result>(
        _ files: [String: String], _ body: (String) throws -> Result
    ) throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appending(path: "aya-config-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files {
            try text.write(to: directory.appending(path: name), atomically: true, encoding: .utf8)
        }
        return try body(directory.path())
    }

    @Test func aDirectoryIsOneConfiguration() throws {
        let files = [
            "10-web.yaml": "listeners: { web: { bind: \":8080\" } }\nroutes: { a: { pool: web } }\n",
            "20-pools.yml": "pools: { web: { servers: [127.0.0.1:9001] } }\n",
            "30-more.json": #"{ "pools": { "b": { "servers": ["127.0.0.1:9002"] } }, "workers": 2 }"#,
            "40-nothing.yaml": "# all commented out\n",
            "notes.txt": "not: [configuration",
            ".hidden.yaml": "not: [configuration",
        ]
        let result = try withDirectory(files) { ConfigurationLoader().load(path: $0) }
        #expect(result.blueprint?.pools.map(\.name) == ["b", "web"])
        #expect(result.blueprint?.workers == .exactly(2))
        #expect(result.diagnostics.map(\.severity) == [.warning])
    }

    @Test func aNameInTwoFilesIsAnErrorThatShowsBoth() throws {
        let files = [
            "a.yaml": "listeners: { web: { bind: \":8080\" } }\npools: { web: { servers: [127.0.0.1:9001] } }\n",
            "b.yaml": "pools:\n  web: { servers: [127.0.0.1:9002] }\nworkers: 1\n",
            "c.yaml": "workers: 2\n",
        ]
        try withDirectory(files) { path in
            let result = ConfigurationLoader().load(path: path)
            let base = path.hasSuffix("/") ? path : path + "/"
            #expect(result.blueprint == nil)
            #expect(
                result.diagnostics.map(\.message) == [
                    "'web' stands here a second time; first on \(base)a.yaml:2:10",
                    "'workers' stands here a second time; first on \(base)b.yaml:3:1",
                ])
            #expect(result.diagnostics.map { $0.location?.line } == [2, 1])
        }
    }

    @Test func everyFileIsChecked() throws {
        let files = [
            "a.yaml": "listeners: { web: { bind: \":8080\"\n",
            "b.yaml": "pools: { web: { servers: [127.0.0.1] } }\nroutes: { a: { pool: elsewhere } }\n",
        ]
        let result = try withDirectory(files) { ConfigurationLoader().load(path: $0) }
        // What only the broken file may define is not called unknown.
        #expect(result.diagnostics.count == 2)
        #expect(result.diagnostics[0].message.hasPrefix("not YAML"))
        #expect(result.diagnostics[1].message.hasPrefix("'127.0.0.1' has no port"))
    }

    @Test func aMissingFileIsAnError() throws {
        let missing = ConfigurationLoader().load(path: "/nonexistent/aya.yaml")
        #expect(
            missing.diagnostics.map(\.rendered) == [
                "error: can't read '/nonexistent/aya.yaml': no such file or directory"
            ])
        let empty = try withDirectory([:]) { ConfigurationLoader().load(path: $0) }
        #expect(empty.diagnostics.first?.message.hasPrefix("no configuration in") == true)
    }

    @Test func sizeNodesAndDepthAreBounded() {
        func messages(_ text: String, _ change: (inout DocumentBounds) -> Void) -> [String] {
            var loader = ConfigurationLoader { _ in nil }
            change(&loader.bounds)
            return loader.load(text: text, fileName: "a.yaml").diagnostics.map(\.message)
        }
        #expect(messages("a: 1\n") { $0.fileSize = ByteCount(3) }.first?.hasPrefix("the file is too large") == true)
        #expect(messages("a: [1, 2, 3]\n") { $0.nodes = 3 } == ["more than 3 values, aliases included"])
        let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
        #expect(messages(bomb) { $0.nodes = 40 } == ["more than 40 values, aliases included"])
        #expect(messages("a: [[[x]]]\n") { $0.depth = 3 } == ["nested deeper than 3 levels"])
        #expect(messages("a: &a [[x]]\nb: [*a]\n") { $0.depth = 3 } == ["nested deeper than 3 levels"])
    }

    @Test func problemsAreBounded() {
        let text = (0..<5000).map { "key\($0): 1\n" }.joined()
        let result = ConfigurationLoader { _ in nil }.load(text: text, fileName: "a.yaml")
        #expect(result.diagnostics.count == Problems.limit + 1)
        #expect(result.diagnostics.last?.message == "4001 more problems are not shown")
    }

    @Test func whatVariablesHoldIsOnlyText() {
        let text = "listeners: { web: { bind: \":8080\" } }\nroutes: { a: { pool: \"${POOL}\" } }\npools: {}\n"
        let loader = ConfigurationLoader { $0 == "POOL" ? "web }, b: { respond: 200" : nil }
        #expect(
            loader.load(text: text, fileName: "a.yaml").diagnostics.map(\.message) == [
                "unknown pool 'web }, b: { respond: 200'"
            ])
    }

    @Test func aByteOrderMarkAndCarriageReturnsDoNoHarm() {
        let text = "\u{feff}listeners: { web: { bind: \":8080\" } }\r\npools: { web: { servers: [127.0.0.1] } }\r\n"
        let result = ConfigurationLoader { _ in nil }.load(text: text, fileName: "a.yaml")
        #expect(result.diagnostics.map(\.location?.column) == [27])
        #expect(result.diagnostics.first?.sourceLine == "pools: { web: { servers: [127.0.0.1] } }")
    }

    @Test func theShortcutIsAConfiguration() {
        let result = ProxyShortcut(listen: ":8080", to: ["127.0.0.1:9001", "127.0.0.1:9002"]).load()
        let text = """
            listeners: { web: { bind: ":8080" } }
            pools: { web: { servers: [127.0.0.1:9001, 127.0.0.1:9002] } }
            """
        #expect(result.blueprint == ConfigurationLoader { _ in nil }.load(text: text, fileName: "a.yaml").blueprint)
        #expect(result.diagnostics.isEmpty)
    }

    @Test func theShortcutSaysWhatIsWrong() {
        let result = ProxyShortcut(listen: "8080", to: ["127.0.0.1", "a:1", "a:1"]).load()
        #expect(
            result.diagnostics.map(\.rendered) == [
                "error: '127.0.0.1' has no port (write '127.0.0.1:80')",
                "error: server 'a:1' stands here a second time; first on the command line (a 'weight' gives it more work)",
                "error: '8080' has no colon (write ':8080' for every address)",
            ])
        #expect(
            ProxyShortcut(listen: ":80", to: []).load().diagnostics.map(\.rendered) == [
                "error: pool 'web' has no servers"
            ])
    }
}
