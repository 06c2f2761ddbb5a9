internal import AyaConfig

/// Tells when the configuration's files have changed, once they have come to rest: editors and copies write in pieces.
package struct SourceWatch: Sendable {
    private let source: Configuration.Source
    private static let period = Duration.milliseconds(500)

    init(_ source: Configuration.Source) { self.source = source }

    /// Calls `changed` after each change, until the task is cancelled.
    package func run(_ changed: @Sendable () async -> Void) async {
        var known = source.stamps
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.period)
            let seen = source.stamps
            guard seen != known else { continue }
            // Two looks that agree: nobody is writing any more.
            try? await Task.sleep(for: Self.period)
            guard source.stamps == seen else { continue }
            known = seen
            await changed()
        }
    }
}
