package import AyaCore

/// What a server says of its own load, in an answer's header or when asked. Whatever it left out is nil.
package struct LoadReport: Equatable, Sendable {
    /// Of the processors in use, 0 … 1; above 1 where a server is allowed more than it was promised.
    package var cpu: Double?
    /// Of the memory in use, 0 … 1.
    package var memory: Double?
    /// Of the time its busiest device was busy, 0 … 1.
    package var io: Double?
    /// Requests in flight there, from whomever.
    package var inFlight: Int?
    /// What a request takes there at present.
    package var latency: Interval?

    package init(
        cpu: Double? = nil, memory: Double? = nil, io: Double? = nil, inFlight: Int? = nil, latency: Interval? = nil
    ) {
        self.cpu = cpu
        self.memory = memory
        self.io = io
        self.inFlight = inFlight
        self.latency = latency
    }

    package var isEmpty: Bool { self == LoadReport() }

    /// How busy the server is, 0 … 1 and beyond: the scarcest of what it reported. Memory counts from 80 % on, since
    /// most servers hold on to what they once had.
    package var utilisation: Double? {
        let parts = [cpu, io, memory.map { max(0, ($0 - 0.8) * 5) }].compactMap { $0 }
        return parts.max()
    }

    /// What strangers send: finite and of a sensible size, or not taken.
    mutating func set(_ field: Field, _ value: Double) {
        guard value.isFinite, value >= 0 else { return }
        switch field {
        case .cpu: cpu = min(value, 100)
        case .memory: memory = min(value, 100)
        case .io: io = min(value, 100)
        case .inFlight: inFlight = Int(min(value, 1e9))
        case .latency: latency = Interval(nanoseconds: Int64(min(value, 3.6e6) * 1e6))
        }
    }

    /// The fields by the names that the header and the JSON form use.
    enum Field {
        case cpu
        case memory
        case io
        case inFlight
        /// In milliseconds.
        case latency

        init?(_ name: Span<UInt8>) {
            if name.isEqual(to: "cpu") || name.isEqual(to: "cpu_utilization") {
                self = .cpu
            } else if name.isEqual(to: "memory") || name.isEqual(to: "mem_utilization") {
                self = .memory
            } else if name.isEqual(to: "io") || name.isEqual(to: "io_utilization") {
                self = .io
            } else if name.isEqual(to: "rif") || name.isEqual(to: "in_flight") {
                self = .inFlight
            } else if name.isEqual(to: "latency_ms") {
                self = .latency
            } else {
                return nil
            }
        }
    }
}

extension Span<UInt8> {
    /// The same bytes as an ASCII literal.
    func isEqual(to text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount, text.hasPointerRepresentation else { return false }
        for index in 0..<count where unsafe self[index] != text.utf8Start[index] { return false }
        return true
    }
}
