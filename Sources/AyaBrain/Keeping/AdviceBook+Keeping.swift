/// The book as it outlasts a restart.
extension AdviceBook {
    package var keeping: [UInt8] {
        FieldLines.text(
            of: advice.map { one in
                var fields = ["\(one.id)", "\(one.time)", one.kind.rawValue, one.subject, one.action]
                fields.append(one.value.map { "\($0)" } ?? "")
                fields += ["\(one.confidence)", one.reason, "\(one.expiry)"]
                return fields + [one.outcome == nil ? "open" : "closed", one.outcome ?? ""]
            })
    }

    /// A book with what an earlier one kept.
    ///
    /// - Parameter interruption: the outcome of what nobody can finish any more.
    package init(keeping bytes: [UInt8], interruption: String, capacity: Int = 512) {
        self.init(capacity: capacity)
        adopt(FieldLines.lines(of: bytes).compactMap { Self.advice($0, interruption) })
    }

    private static func advice(_ fields: [String], _ interruption: String) -> Advice? {
        guard fields.count >= 11, let id = Int(fields[0]), id > 0, id < Int.max / 2, let time = Double(fields[1]),
            time.isFinite, let kind = Advice.Kind(rawValue: fields[2]), let confidence = Double(fields[6]),
            confidence.isFinite, let expiry = Double(fields[8]), expiry.isFinite
        else { return nil }
        return Advice(
            id: id, time: time, kind: kind, subject: fields[3], action: fields[4], value: Double(fields[5]),
            confidence: min(max(confidence, 0), 1), reason: fields[7], expiry: expiry,
            outcome: fields[9] == "open" ? interruption : fields[10])
    }
}
