internal import Synchronization

/// What an authority is to find on port 80 while it looks whether a host is ours (RFC 8555 section 8.3). All workers
/// share it.
package final class ChallengeAnswers: Sendable {
    private let answers = Mutex<[String: [UInt8]]>([:])

    package static let prefix = "/.well-known/acme-challenge/"

    package init() {}

    /// What the token's path is answered with; nil takes it away.
    package func set(_ answer: [UInt8]?, for token: String) { answers.withLock { $0[token] = answer } }

    /// Nil for other paths, and for tokens that are not ours.
    package func answer(path: Span<UInt8>) -> [UInt8]? {
        let prefix = Self.prefix.utf8
        guard path.count > prefix.count, path.count < prefix.count + 256 else { return nil }
        for (index, byte) in prefix.enumerated() where path[index] != byte { return nil }
        let token = (prefix.count..<path.count).map { path[$0] }
        return answers.withLock { $0[String(decoding: token, as: UTF8.self)] }
    }
}
