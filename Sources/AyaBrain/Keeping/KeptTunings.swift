/// How pools are tuned, as it outlasts a restart: a line for what the configuration said, one for what it became.
package struct KeptTunings: Equatable, Sendable {
    package struct Tuning: Equatable, Sendable {
        package var pool: String
        package var configured: PoolSettings
        package var settings: PoolSettings

        package init(pool: String, configured: PoolSettings, settings: PoolSettings) {
            self.pool = pool
            self.configured = configured
            self.settings = settings
        }
    }

    package var tunings: [Tuning]

    package init(_ tunings: [Tuning] = []) { self.tunings = tunings.sorted { $0.pool < $1.pool } }

    package var keeping: [UInt8] {
        FieldLines.text(
            of: tunings.flatMap { one in
                [["pool", one.pool], Self.fields(of: one.configured), Self.fields(of: one.settings)]
            })
    }

    package init(keeping bytes: [UInt8]) {
        var found: [Tuning] = []
        var rest = FieldLines.lines(of: bytes)[...]
        while let line = rest.popFirst() {
            guard line.count == 2, line[0] == "pool", let first = rest.first, let configured = Self.settings(first),
                let second = rest.dropFirst().first, let settings = Self.settings(second)
            else { continue }
            rest = rest.dropFirst(2)
            found.append(Tuning(pool: line[1], configured: configured, settings: settings))
        }
        self.init(found)
    }

    private static func fields(of settings: PoolSettings) -> [String] {
        var fields = ["settings"]
        fields.append(settings.concurrency.map { "\($0)" } ?? "")
        fields.append("\(settings.responseTimeout)")
        fields.append(settings.outlierLatency.map { "\($0)" } ?? "")
        fields.append("\(settings.retryBudget)")
        fields.append(settings.hedgeAfter.map { "\($0)" } ?? "")
        for (name, weight) in settings.weights.sorted(by: { $0.key < $1.key }) { fields += [name, "\(weight)"] }
        return fields
    }

    private static func settings(_ fields: [String]) -> PoolSettings? {
        guard fields.count >= 6, fields[0] == "settings", let timeout = number(fields[2]),
            let budget = number(fields[4])
        else { return nil }
        var settings = PoolSettings()
        settings.concurrency = Int(fields[1]).flatMap { (1...1_000_000_000).contains($0) ? $0 : nil }
        settings.responseTimeout = timeout
        settings.outlierLatency = number(fields[3])
        settings.retryBudget = budget
        settings.hedgeAfter = number(fields[5])
        var rest = fields[6...]
        while let name = rest.popFirst(), let weight = rest.popFirst() {
            guard let weight = Int(weight), (0...1_000_000).contains(weight) else { return nil }
            settings.weights[name] = weight
        }
        return settings
    }

    private static func number(_ text: String) -> Double? {
        Double(text).flatMap { $0.isFinite && $0 >= 0 && $0 <= 1e9 ? $0 : nil }
    }
}
