package import AyaCore

/// What a page of Prometheus' node_exporter says of a machine: counters, of which two pages make a `LoadReport`.
package struct NodeExporterSample: Equatable, Sendable {
    /// Seconds of all processors together, and of these without work.
    package private(set) var processorSeconds = 0.0
    package private(set) var idleSeconds = 0.0
    package private(set) var memoryTotal = 0.0
    package private(set) var memoryAvailable = 0.0
    /// Seconds that each device was busy, in the order of the page.
    package private(set) var deviceSeconds: [Double] = []
    package let moment: Instant

    /// Devices beyond this many are not looked at.
    private static let mostDevices = 64

    /// Nil when the page has nothing that is known.
    package init?(page: Span<UInt8>, now: Instant) {
        moment = now
        var start = 0
        while start < page.count {
            var end = start
            while end < page.count, page[end] != UInt8(ascii: "\n") { end += 1 }
            if end > start, page[start] == UInt8(ascii: "n") { read(page.extracting(start..<end)) }
            start = end + 1
        }
        if processorSeconds == 0, memoryTotal == 0, deviceSeconds.isEmpty { return nil }
    }

    /// What the machine did between two pages; memory as it is now.
    package func report(since earlier: NodeExporterSample) -> LoadReport {
        var report = LoadReport()
        let spent = processorSeconds - earlier.processorSeconds
        if spent > 0 { report.set(.cpu, 1 - min(1, max(0, (idleSeconds - earlier.idleSeconds) / spent))) }
        if memoryTotal > 0 { report.set(.memory, 1 - min(1, max(0, memoryAvailable / memoryTotal))) }
        let passed = (moment - earlier.moment).seconds
        if passed > 0, deviceSeconds.count == earlier.deviceSeconds.count {
            let busiest = zip(deviceSeconds, earlier.deviceSeconds).map { ($0 - $1) / passed }.max()
            if let busiest { report.set(.io, min(1, max(0, busiest))) }
        }
        return report
    }

    /// One line: name, perhaps labels, value, perhaps a time.
    private mutating func read(_ line: Span<UInt8>) {
        var nameEnd = 0
        while nameEnd < line.count, line[nameEnd] != UInt8(ascii: "{"), line[nameEnd] != UInt8(ascii: " ") {
            nameEnd += 1
        }
        var labelsEnd = nameEnd
        if nameEnd < line.count, line[nameEnd] == UInt8(ascii: "{") {
            while labelsEnd < line.count, line[labelsEnd] != UInt8(ascii: "}") { labelsEnd += 1 }
        }
        var valueStart = labelsEnd
        while valueStart < line.count, line[valueStart] != UInt8(ascii: " ") { valueStart += 1 }
        while valueStart < line.count, line[valueStart] == UInt8(ascii: " ") { valueStart += 1 }
        var valueEnd = valueStart
        while valueEnd < line.count, line[valueEnd] != UInt8(ascii: " "), line[valueEnd] != 13 { valueEnd += 1 }
        guard let value = DecimalNumber.parse(line.extracting(valueStart..<valueEnd)), value.isFinite else { return }
        let name = line.extracting(0..<nameEnd)
        if name.isEqual(to: "node_cpu_seconds_total") {
            processorSeconds += value
            if Self.hasIdleMode(line.extracting(nameEnd..<labelsEnd)) { idleSeconds += value }
        } else if name.isEqual(to: "node_memory_MemTotal_bytes") {
            memoryTotal = value
        } else if name.isEqual(to: "node_memory_MemAvailable_bytes") {
            memoryAvailable = value
        } else if name.isEqual(to: "node_disk_io_time_seconds_total"), deviceSeconds.count < Self.mostDevices {
            deviceSeconds.append(value)
        }
    }

    /// Waiting for a device is no work of the processor.
    private static func hasIdleMode(_ labels: Span<UInt8>) -> Bool {
        contains(labels, "mode=\"idle\"") || contains(labels, "mode=\"iowait\"")
    }

    private static func contains(_ text: Span<UInt8>, _ part: StaticString) -> Bool {
        let length = part.utf8CodeUnitCount
        guard text.count >= length else { return false }
        for start in 0...(text.count - length) where text.extracting(start..<(start + length)).isEqual(to: part) {
            return true
        }
        return false
    }
}
