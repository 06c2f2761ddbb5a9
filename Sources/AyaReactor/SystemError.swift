internal import Glibc

/// The errno of a failed system call.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    package var code: Int32

    package init(code: Int32) { self.code = code }
    package init(_ code: Int) { self.code = Int32(truncatingIfNeeded: code) }

    package static var connectionReset: SystemError { SystemError(code: ECONNRESET) }
    package static var noThread: SystemError { SystemError(code: EAGAIN) }

    package var description: String {
        var text = [CChar](repeating: 0, count: 128)
        guard unsafe strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Nothing to read or no room to write right now.
    package var wouldBlock: Bool { code == EAGAIN || code == EINTR }
    /// The peer gave up a connection before we took it (see accept(2), "Error handling").
    package var isAborted: Bool {
        [ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, EHOSTUNREACH, ENETUNREACH, EOPNOTSUPP].contains(code)
    }
    package var isDenied: Bool { code == EACCES }
    /// A privilege is missing.
    package var isNotPermitted: Bool { code == EPERM }
    package var isRefused: Bool { code == ECONNREFUSED }
    /// A datagram is longer than any may be.
    package var isTooLong: Bool { code == EMSGSIZE }
    /// Nobody is there to take a datagram, as an ICMP message or the routing table says.
    package var isUnreachable: Bool { [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(code) }
}
