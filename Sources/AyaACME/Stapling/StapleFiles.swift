package import AyaTLS
internal import Glibc

/// OCSP answers in the state directory, so that a restart shows them at once: a file for each certificate, there as a
/// whole or not at all. Several processes may share them.
///
/// Who can write there can't have anything shown that clients would not believe: an answer is checked when it is read
/// as it was when it came.
package struct StapleFiles: Sendable {
    private let directory: String

    package enum Finding: Sendable {
        case none
        case answer(OCSPAnswer)
        /// Too old, damaged, or not by whom it should be.
        case useless(file: String, reason: String)
    }

    /// An answer is of a few kilobytes at most; and nobody has certificates without end.
    private static let largest = 64 << 10
    private static let most = 10_000
    /// Answers live for a week or so: what is not renewed for that long is of a certificate that went. In seconds.
    private static let longest: Int64 = 30 * 86400

    /// Under the state directory; nil when there is none, or nothing can be kept in it.
    package init?(state: String) {
        directory = "\(state)/staples"
        guard unsafe access(state, W_OK | X_OK) == 0, PrivateFile.makeDirectory(directory),
            unsafe access(directory, W_OK | X_OK) == 0
        else { return nil }
    }

    private func path(_ subject: StapleSubject) -> String { "\(directory)/\(subject.fileName)" }

    package func read(_ subject: StapleSubject, now: Int64) -> Finding {
        let path = path(subject)
        guard PrivateFile.modified(path) != 0 else { return .none }
        guard let bytes = PrivateFile.read(path), bytes.count <= Self.largest else {
            return .useless(file: path, reason: "it can't be read")
        }
        do throws(CertificateFault) {
            return .answer(try OCSPAnswer(bytes, about: subject, now: now))
        } catch {
            return .useless(file: path, reason: error.description)
        }
    }

    /// False when it can't be kept.
    func keep(_ answer: OCSPAnswer, _ subject: StapleSubject) -> Bool {
        let path = path(subject)
        guard answer.bytes.count <= Self.largest else { return false }
        guard PrivateFile.modified(path) != 0 || PrivateFile.names(in: directory).count < Self.most else {
            return false
        }
        return PrivateFile.replace(answer.bytes, at: path)
    }

    /// Removes what certificates that went have left behind.
    package func sweep(now: Int64) {
        for name in PrivateFile.names(in: directory) {
            let path = "\(directory)/\(name)"
            if PrivateFile.modified(path) / 1_000_000_000 < now - Self.longest { PrivateFile.remove(path) }
        }
    }
}
