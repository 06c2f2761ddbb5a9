/// Writes messages in the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding).
///
/// OTLP's messages are a dozen with a few fields each; this is what they need, without generated code and its runtime.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    private enum WireType: UInt64 {
        case varint = 0
        case fixed64 = 1
        case lengthDelimited = 2
        case fixed32 = 5
    }

    mutating func varint(_ field: UInt64, _ value: UInt64) {
        tag(field, .varint)
        raw(value)
    }

    mutating func fixed64(_ field: UInt64, _ value: UInt64) {
        tag(field, .fixed64)
        unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func fixed32(_ field: UInt64, _ value: UInt32) {
        tag(field, .fixed32)
        unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func double(_ field: UInt64, _ value: Double) { fixed64(field, value.bitPattern) }

    mutating func data(_ field: UInt64, _ value: some Collection<UInt8>) {
        tag(field, .lengthDelimited)
        raw(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func text(_ field: UInt64, _ value: String) { data(field, Array(value.utf8)) }

    mutating func message(_ field: UInt64, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        data(field, inner.bytes)
    }

    /// Eight bytes a number, as one field without tags.
    mutating func packedFixed64(_ field: UInt64, _ values: [UInt64]) {
        tag(field, .lengthDelimited)
        raw(UInt64(values.count * 8))
        for value in values { unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) } }
    }

    private mutating func tag(_ field: UInt64, _ type: WireType) { raw(field << 3 | type.rawValue) }

    private mutating func raw(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }
}

/// What OTLP's messages have in common (opentelemetry/proto/common/v1 and resource/v1).
extension ProtobufWriter {
    /// A `KeyValue`.
    mutating func attribute(_ field: UInt64, _ key: String, _ value: OTLPValue) {
        message(field) { writer in
            writer.text(1, key)
            writer.message(2) { writer in
                switch value {
                case .text(let text): writer.text(1, text)
                case .flag(let flag): writer.varint(2, flag ? 1 : 0)
                case .number(let number): writer.varint(3, UInt64(bitPattern: number))
                case .fraction(let number): writer.double(4, number)
                }
            }
        }
    }

    /// A `Resource`: who speaks.
    mutating func resource(_ field: UInt64, _ resource: OTLPResource) {
        message(field) { writer in
            writer.attribute(1, "service.name", .text(resource.service))
            writer.attribute(1, "service.version", .text(resource.version))
            writer.attribute(1, "host.name", .text(resource.host))
            writer.attribute(1, "process.pid", .number(Int64(resource.process)))
        }
    }

    /// An `InstrumentationScope`.
    mutating func scope(_ field: UInt64, version: String) {
        message(field) { writer in
            writer.text(1, "aya")
            writer.text(2, version)
        }
    }
}

enum OTLPValue {
    case text(String)
    case flag(Bool)
    case number(Int64)
    case fraction(Double)
}

/// Who exports, by OpenTelemetry's conventions.
package struct OTLPResource: Sendable, Hashable {
    package let service: String
    package let version: String
    package let host: String
    package let process: Int32

    package init(service: String, version: String, host: String, process: Int32) {
        self.service = service
        self.version = version
        self.host = host
        self.process = process
    }
}
