internal import AyaReactor
internal import Glibc

/// How a process of Aya is succeeded: by which program, and what this one inherited itself.
package struct Succession: Sendable {
    let program: String
    let arguments: [String]
    let inheritance: Inheritance?

    /// As this process was started; nil when the system does not tell its program. To be called before there are
    /// threads.
    package static func ofThisProcess(arguments: [String]) -> Succession? {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = unsafe readlink("/proc/self/exe", &path, Int(PATH_MAX))
        guard count > 0 else { return nil }
        // By its path, not by what is there now: a new version takes its place.
        let program = String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return Succession(
            program: program, arguments: arguments, inheritance: Inheritance.take() ?? Inheritance.takeActivation())
    }
}

/// Why no other process has taken over. This one goes on as before.
public struct UpgradeError: Error, Sendable, CustomStringConvertible {
    /// What went wrong.
    public let description: String

    init(_ description: String) { self.description = description }
}
