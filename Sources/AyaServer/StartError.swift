/// Why a valid configuration could not be started: an address in use, a name that does not resolve, a file that
/// cannot be written. Nothing runs when it is thrown.
public struct StartError: Error, Sendable, CustomStringConvertible {
    /// What failed, and why.
    public let description: String

    init(_ description: String) { self.description = description }
}
