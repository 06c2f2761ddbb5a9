internal import AyaHTTP
internal import AyaTelemetry

extension ServiceResponse {
    static func names(_ names: [String]) -> ServiceResponse {
        var writer = JSONWriter(Text())
        writer.object { document in
            document.array("series") { list in for name in names { list.string(name) } }
        }
        writer.raw("\n")
        return .json(writer.sink.bytes)
    }

    static func series(_ series: [(name: String, values: [Float])], start: Int64, step: Int64) -> ServiceResponse {
        var writer = JSONWriter(Text())
        writer.object { document in
            document.member("resolution_seconds", step)
            document.member("start", start)
            document.object("series") { members in
                for (name, values) in series {
                    members.array(name) { list in for value in values { list.number(value) } }
                }
            }
        }
        writer.raw("\n")
        return .json(writer.sink.bytes)
    }
}

/// An event of `/v1/live`: the values of one second.
package enum LiveEvent {
    /// - Parameter isWhole: false when there is more than was asked for can hold.
    package static func sample(time: Int64, _ values: [(name: String, value: Float)], isWhole: Bool) -> [UInt8] {
        var writer = JSONWriter(Text())
        writer.raw("event: sample\ndata: ")
        writer.object { document in
            document.member("time", time)
            if !isWhole { document.member("truncated", true) }
            document.object("values") { members in
                for (name, value) in values where !value.isNaN { members.member(name, value) }
            }
        }
        writer.raw("\n\n")
        return writer.sink.bytes
    }
}
