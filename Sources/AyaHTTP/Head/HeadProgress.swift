/// What is known of a head after the bytes so far.
package enum HeadProgress: Equatable, Sendable {
    case complete
    case incomplete
    case invalid(MessageFault)
}

/// How large a head may grow.
package struct HeadLimits: Equatable, Sendable {
    /// Bytes of the request or status line with its CRLF.
    package var requestLine: Int
    package var headerCount: Int
    /// Bytes of all field lines together, with their CRLFs and the empty line.
    package var headerBytes: Int

    @inlinable package init(requestLine: Int = 8192, headerCount: Int = 100, headerBytes: Int = 32768) {
        self.requestLine = requestLine
        self.headerCount = headerCount
        self.headerBytes = headerBytes
    }

    /// Keeps every offset of a head within 32 bits whatever the configuration says.
    @inlinable static var longestHead: Int { 1 << 30 }
}
