internal import AyaTelemetry
internal import Foundation
internal import Testing

@Suite struct TraceContextTests {
    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let span = "b7ad6b7169203331"

    static func w3c(_ text: String) -> TraceContext? {
        let bytes = Array(text.utf8)
        return TraceContext(traceparent: bytes.span)
    }

    static func b3(_ text: String) -> TraceContext? {
        let bytes = Array(text.utf8)
        return TraceContext(b3: bytes.span)
    }

    @Test func traceparent() throws {
        let context = try #require(Self.w3c("00-\(Self.trace)-\(Self.span)-01"))
        #expect(context.high == 0x0af7_6519_16cd_43dd && context.low == 0x8448_eb21_1c80_319c)
        #expect(context.parent == 0xb7ad_6b71_6920_3331 && context.isSampled == true && !context.isRandom)
        let random = Self.w3c("00-\(Self.trace)-\(Self.span)-02")
        #expect(random?.isSampled == false && random?.isRandom == true)
        let later = Self.w3c("01-\(Self.trace)-\(Self.span)-01-more")
        #expect(later?.low == context.low)
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-0", "00-\(trace)-\(span)-01-x", "ff-\(trace)-\(span)-01",
        "00-\(trace.uppercased())-\(span)-01", "00-00000000000000000000000000000000-\(span)-01",
        "00-\(trace)-0000000000000000-01", "00_\(trace)-\(span)-01", "01-\(trace)-\(span)-01x",
        "0g-\(trace)-\(span)-01", " 00-\(trace)-\(span)-01",
    ])
    func invalidTraceparents(text: String) { #expect(Self.w3c(text) == nil) }

    @Test func b3() throws {
        let short = try #require(Self.b3("8448eb211c80319c-\(Self.span)"))
        #expect(short.high == 0 && short.low == 0x8448_eb21_1c80_319c && short.isSampled == nil)
        let full = try #require(Self.b3("\(Self.trace)-\(Self.span)-d-\(Self.span)"))
        #expect(full.high == 0x0af7_6519_16cd_43dd && full.isSampled == true)
        #expect(Self.b3("\(Self.trace)-\(Self.span)-0")?.isSampled == false)
        let (trace, span) = (Array(Self.trace.utf8), Array(Self.span.utf8))
        let fields = TraceContext(b3Trace: trace.span, span: span.span, isSampled: nil)
        #expect(fields?.parent == full.parent)
    }

    @Test(arguments: [
        "", "0", "d", "\(trace)", "\(trace)-", "\(trace)-\(span)-", "\(trace)-\(span)-x", "\(trace)-\(span)-1-1",
    ])
    func invalidB3(text: String) { #expect(Self.b3(text) == nil) }

    @Test func ratesAreKept() {
        var random = SystemRandomNumberGenerator()
        for rate in [0.0, 0.01, 0.5, 1] {
            let sampling = TraceSampling(rate: rate)
            let taken = (0..<20_000).count { _ in sampling.takes(low: random.next()) }
            #expect(abs(Double(taken) / 20_000 - rate) < 0.02)
        }
    }

    /// What fuzzing found: the checks trap when one of them does not hold.
    @Test func corpus() throws {
        let directory = URL(filePath: #filePath).appending(path: "../../../Fuzz/Corpus/trace-context").standardized
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            TraceContextChecks.bytes(Array(try Data(contentsOf: directory.appending(path: name))))
        }
    }
}
