internal import AyaCore
internal import AyaTelemetry
internal import Foundation
internal import Testing

@Suite struct LineFormatterTests {
    static func json(path: [UInt8] = [], userAgent: [UInt8] = [], _ change: (inout AccessRecord) -> Void) -> String {
        var text = ""
        Records.packed(path: path, userAgent: userAgent, change) { text = Records.text(LineFormatter(.json), $0) }
        return text
    }

    @Test func exchange() {
        let line = Self.json(
            path: Array("/cart/7".utf8), userAgent: Array(#"curl "8""#.utf8), Records.example)
        let expected =
            #"{"timestamp":"2026-01-31T23:59:59.123Z","aya.listener":"web","client.address":"192.0.2.7","#
            + #""client.port":40000,"url.path":"/cart/7","user_agent.original":"curl \"8\"","#
            + #""http.response.status_code":504,"http.request.body.size":0,"http.response.body.size":1234,"#
            + #""http.route":"site","aya.pool":"api","aya.server":"127.0.0.1:9001","aya.reason":"upstream_timeout","#
            + #""aya.blame":"upstream","aya.attempts":2,"aya.duration.total":12.034567,"aya.duration.connect":0.000001}"#
        #expect(line == expected)
    }

    @Test func session() {
        let line = Self.json { record in
            record.kind = .session
            record.client = SocketAddress("[2001:db8::1]:443")
            record.bytesSent = 10
        }
        #expect(line.contains(#""network.transport":"tcp""#))
        #expect(line.contains(#""client.address":"2001:db8::1""#))
        #expect(line.contains(#""aya.bytes.sent":10"#))
        #expect(!line.contains("http."))
        #expect(!line.contains("aya.blame"))
    }

    @Test func identifiers() {
        let line = Self.json { record in
            record.idHigh = 0x0123_4567_89ab_cdef
            record.idLow = 1
            record.trace = TracePlace(high: 1, low: 2, span: 0xabc)
        }
        #expect(line.contains(#""aya.request_id":"0123456789abcdef0000000000000001""#))
        #expect(line.contains(#""trace_id":"00000000000000010000000000000002","span_id":"0000000000000abc""#))
    }

    /// Whatever a client sends, the line is valid JSON and says what Swift's own decoding of the bytes would say.
    @Test func anyBytesBecomeValidJSON() throws {
        var random = RandomSource(seed: 11)
        let spice: [UInt8] = [
            0x22, 0x5c, 0x0a, 0x00, 0x1f, 0x7f, 0x80, 0xc2, 0xe2, 0x82, 0xac, 0xed, 0xf0, 0x9f, 0x98, 0x80, 0xff,
        ]
        for round in 0..<3_000 {
            let bytes = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                round % 2 == 0 || Bool.random(using: &random)
                    ? UInt8.random(in: 32...126, using: &random) : spice.randomElement(using: &random) ?? 0
            }
            let line = Self.json(path: bytes) { _ in }
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["url.path"] as? String == String(decoding: bytes, as: UTF8.self), "\(bytes)")
        }
    }

    /// Nor do they ever end a line, or a quote, of the other forms.
    @Test func anyBytesStayInTheirLine() throws {
        var random = RandomSource(seed: 12)
        let template = LineFormatter(.template(try LogTemplate("<{url.path}> \"{user_agent.original}\"")))
        for _ in 0..<1_000 {
            let bytes = (0..<20).map { _ in UInt8.random(in: 0...255, using: &random) }
            Records.packed(path: bytes, userAgent: bytes) { record in
                for formatter in [template, LineFormatter(.combined)] {
                    let line = Records.text(formatter, record)
                    #expect(line.utf8.allSatisfy { (0x20...0x7e).contains($0) })
                    #expect(line.utf8.count { $0 == 0x22 } == (formatter.format == .combined ? 6 : 2))
                }
            }
        }
    }

    /// Every key of a line says what the record says under it, whatever stands there: text by text, digit by digit.
    @Test func linesSayWhatRecordsSay() throws {
        var random = RandomSource(seed: 13)
        for _ in 0..<500 {
            let length = Int.random(in: 0...70, using: &random)
            let path = (0..<length).map { _ in UInt8.random(in: 35...91, using: &random) }
            let number = { UInt64.random(in: 0 ... .max, using: &random) >> UInt64.random(in: 0...63, using: &random) }
            Records.packed(path: path) { record in
                Records.example(&record)
                record.kind = Bool.random(using: &random) ? .exchange : .session
                record.client = SocketAddress(ip: IPAddress(v4: UInt32(truncatingIfNeeded: number())), port: 7)
                (record.bytesSent, record.bytesReceived) = (number(), number())
                record.status = Int(number() % 1_000)
                record.attempts = Int(number() % 65_536)
                (record.idHigh, record.idLow) = (number(), number())
                record.total = Interval(nanoseconds: Int64(number() >> 1))
                record.trace = TracePlace(high: number(), low: number(), span: number())
                record.criticality = Int8(number() % 4)
                record.reason = Reason.allCases.randomElement(using: &random) ?? .ok
            } look: { record in
                let line = Records.text(LineFormatter(.json), record)
                let expected = AccessKey.allCases.compactMap { key in
                    Self.text(record.value(of: key)).map { "\"\(key.name)\":\($0)" }
                }
                // The time has a test of its own.
                #expect(line.drop { $0 != "," }.dropFirst() == expected.joined(separator: ",") + "}")
            }
        }
    }

    /// A value as JSON has it, by the plainest means.
    private static func text(_ value: AccessValue) -> String? {
        switch value {
        case .nothing, .time: nil
        case .text(let bytes): "\"\(unsafe String(decoding: bytes, as: UTF8.self))\""
        case .word(let word): "\"\(word)\""
        case .droppedStatus(let status): "\"status_\(status)\""
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .duration(let nanoseconds):
            "\(nanoseconds / 1_000_000_000)." + "\(nanoseconds / 1_000 % 1_000_000 + 1_000_000)".dropFirst()
        case .address(let address): "\"\(address)\""
        case .identifier(let number): "\"\(digits(number))\""
        case .longIdentifier(let high, let low): "\"\(digits(high))\(digits(low))\""
        }
    }

    private static func digits(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    /// A line is whole or not there at all, however little room there is, and nothing behind the room is touched.
    @Test func linesFitOrAreNotThere() {
        Records.packed(path: Array("/caf\u{e9}/\"x\"".utf8), userAgent: Array("curl/8".utf8), Records.example) {
            record in
            for format in [LogFormat.json, .combined] {
                let formatter = LineFormatter(format)
                let whole = Records.text(formatter, record).utf8.count
                for room in 0..<whole + 24 {
                    let buffer = Buffer(capacity: max(1, room))
                    var line = LineCursor(buffer)
                    formatter.append(record, to: &line)
                    let fits = line.finish(buffer)
                    // What is written may want a few bytes more than it keeps.
                    #expect(fits ? room >= whole : room < whole + 16)
                    #expect(buffer.count == (fits ? whole : 0))
                }
            }
        }
    }

    @Test func combined() {
        Records.packed(
            path: Array("/cart".utf8), userAgent: Array("curl/8".utf8), query: "a=1&token=abc",
            headers: "referer:https://shop.example/?password=x&b=2\n",
            { record in
                Records.example(&record)
                record.status = 200
                record.minorVersion = 0
            }
        ) { record in
            #expect(
                Records.text(LineFormatter(.combined), record)
                    == #"192.0.2.7 - - [31/Jan/2026:23:59:59 +0000] "- 200 1234 "https://shop.example/?password=REDACTED&b=2" "curl/8""#
                    .replacing(#""- 200"#, with: #""-" 200"#))
        }
    }

    @Test func commonHasTheRequestLine() {
        let method = Array("GET".utf8)
        unsafe method.withUnsafeBufferPointer { method in
            Records.packed(
                path: Array("/cart".utf8), query: "a=1&token=abc",
                { record in
                    Records.example(&record)
                    unsafe record.method = method
                    record.status = 200
                }
            ) { record in
                #expect(
                    Records.text(LineFormatter(.common), record)
                        == #"192.0.2.7 - - [31/Jan/2026:23:59:59 +0000] "GET /cart?a=1&token=REDACTED HTTP/1.1" 200 1234"#
                )
            }
        }
    }

    @Test func templates() throws {
        let template = try LogTemplate("{{{client.address}}} {http.request.header.X-Tenant} {aya.blame} {url.query}")
        Records.packed(query: "q=1;Secret=2&x%2Damz%2Dsignature=3", headers: "x-tenant:blue\n", Records.example) {
            #expect(
                Records.text(LineFormatter(.template(template)), $0)
                    == "{192.0.2.7} blue upstream q=1;Secret=REDACTED&x%2Damz%2Dsignature=REDACTED")
        }
        #expect(RecordWants(of: template) == ["x-tenant"])
    }

    @Test(arguments: ["", "no key", "{", "}", "{nothing}", "{http.request.header.}", "{url.path"])
    func brokenTemplates(text: String) { #expect(throws: LogTemplate.Invalid.self) { try LogTemplate(text) } }

    @Test func headersOfSecretsAreHidden() {
        let formatter = LineFormatter(
            .json, headers: ["X-Tenant", "Authorization", "x-mine"], redaction: Redaction(adding: ["X-Mine"]))
        Records.packed(headers: "authorization:Bearer x\nx-mine:y\nx-tenant:blue\n") { record in
            let line = Records.text(formatter, record)
            #expect(line.contains(#""http.request.header.x-tenant":"blue""#))
            #expect(line.contains(#""http.request.header.authorization":"REDACTED""#))
            #expect(line.contains(#""http.request.header.x-mine":"REDACTED""#))
        }
    }

    @Test func longFieldsAreCut() {
        let long = [UInt8](repeating: 0xff, count: 100_000)
        let line = Self.json(path: long, userAgent: long) { _ in }
        #expect(line.utf8.count < 64 * 1024)
    }

    @Test func keysAreUnique() {
        let names = AccessKey.allCases.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.contains("http.response.status_code") && names.contains("timestamp"))
    }

    @Test func samplesKeepFailuresAndSlowOnes() {
        let selection = LogSelection(sample: 0.1, slow: .seconds(1))
        var (taken, failures, slow) = (0, 0, 0)
        for number in 1...2_000 {
            let fails = number % 20 == 0
            let isSlow = number % 20 == 1
            Records.packed(requestID: "request-\(number)") { record in
                record.status = fails ? 502 : 200
                record.total = isSlow ? .seconds(2) : .milliseconds(3)
            } look: { record in
                guard selection.takes(record) else { return }
                if fails { failures += 1 } else if isSlow { slow += 1 } else { taken += 1 }
            }
        }
        #expect(failures == 100 && slow == 100)
        #expect((120...240).contains(taken), "\(taken) of 1800")
    }
}

extension RecordWants {
    /// The header fields that a template needs.
    fileprivate init(of template: LogTemplate) {
        self.init()
        for case .header(let name) in template.parts { headers.insert(name) }
    }

    fileprivate static func == (wants: RecordWants, names: Set<String>) -> Bool { wants.headers == names }
}
