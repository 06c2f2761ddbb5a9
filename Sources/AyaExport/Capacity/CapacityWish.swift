internal import AyaTelemetry

/// How many servers a pool should have, with the forecast that says so: what actuators are told.
package struct CapacityWish: Sendable, Equatable {
    /// The same for each attempt to have it.
    package var id: String
    package var pool: String
    package var servers: Int
    /// Those that work or were asked for before.
    package var present: Int
    /// From 0 to 1.
    package var confidence: Double
    package var reason: String
    /// Requests a second that may come.
    package var demand: Double
    /// Seconds until then.
    package var seconds: Double
    /// Requests a second that one server carries.
    package var perServer: Double
    /// Seconds since 1970.
    package var time: Double

    package init(
        id: String, pool: String, servers: Int, present: Int, confidence: Double, reason: String, demand: Double,
        seconds: Double, perServer: Double, time: Double
    ) {
        self.id = id
        self.pool = pool
        self.servers = servers
        self.present = present
        self.confidence = confidence
        self.reason = reason
        self.demand = demand
        self.seconds = seconds
        self.perServer = perServer
        self.time = time
    }

    /// As webhooks and commands get it.
    package var json: [UInt8] {
        var writer = JSONWriter(Text())
        writer.object { writer in
            writer.member("id", id)
            writer.member("time", time)
            writer.member("pool", pool)
            writer.member("servers", servers)
            writer.member("present", present)
            writer.member("reason", reason)
            writer.member("confidence", confidence)
            writer.object("forecast") { writer in
                writer.member("requests_per_second", demand)
                writer.member("within_seconds", seconds)
                writer.member("requests_per_server", perServer)
            }
        }
        return writer.sink.bytes
    }
}
