internal import AyaTelemetry

/// JSON as it is sent: written in the order in which it is put together, since signatures cover every byte.
package struct JSONText: ExpressibleByStringLiteral, Sendable {
    package let bytes: [UInt8]

    private init(bytes: [UInt8]) { self.bytes = bytes }

    package init(stringLiteral text: String) { self = .string(text) }

    package static func string(_ text: String) -> JSONText {
        var writer = JSONWriter(Text())
        writer.string(text)
        return JSONText(bytes: writer.sink.bytes)
    }

    package static var yes: JSONText { JSONText(bytes: Array("true".utf8)) }

    package static func array(_ elements: [JSONText]) -> JSONText {
        JSONText(bytes: Array("[".utf8) + elements.map(\.bytes).joined(separator: ",".utf8) + Array("]".utf8))
    }

    package static func object(_ members: [(name: String, value: JSONText)]) -> JSONText {
        let parts = members.map { string($0.name).bytes + Array(":".utf8) + $0.value.bytes }
        return JSONText(bytes: Array("{".utf8) + parts.joined(separator: ",".utf8) + Array("}".utf8))
    }
}
