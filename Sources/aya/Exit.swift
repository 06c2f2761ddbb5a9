internal import ArgumentParser
internal import Glibc

/// How a command ends: what is printed, and the exit code that scripts rely on.
enum Exit {
    /// It could not be done: the reason stands on standard error.
    static let failed = ExitCode(1)
    /// The command line itself is wrong.
    static let usage = ExitCode(2)
    /// The configuration has errors; nothing was started or changed.
    static let invalidConfiguration = ExitCode(3)

    /// Prints the reason and ends with 1.
    static func failure(_ reason: String) -> ExitCode {
        StandardError.write("error: \(reason)")
        return failed
    }

    /// Ends the process as an error of parsing or running asks for: help and version are answers, not errors.
    static func end(with error: any Error) -> Never {
        let code = Aya.exitCode(for: error)
        let message = Aya.fullMessage(for: error)
        if code.isSuccess {
            if !message.isEmpty { print(message) }
        } else if !message.isEmpty {
            StandardError.write(message)
        }
        exit(code == .validationFailure ? usage.rawValue : code.rawValue)
    }
}
