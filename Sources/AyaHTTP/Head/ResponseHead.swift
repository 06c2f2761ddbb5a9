/// The head of a response, parsed in place like `RequestHead`.
///
/// Interim responses are heads of their own: `reset()` and parse on behind `byteCount`.
@safe package final class ResponseHead {
    // Safe: one initialized value from init to deinit, and a head belongs to one connection of one worker. Behind a
    // pointer, because the dynamic checks of a stored property's exclusive access cost a fifth of a short parse.
    let state: UnsafeMutablePointer<ResponseState>

    package init() {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: ResponseState())
    }

    deinit {
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    package func reset() { unsafe state.pointee.reset() }

    /// `bytes` is everything from the message's first byte to what has arrived, at each call. The method of the
    /// request decides whether a body follows (RFC 9112 section 6.3).
    package func parse(_ bytes: Span<UInt8>, limits: HeadLimits, requestMethod: Method) -> HeadProgress {
        unsafe state.pointee.parse(bytes, limits: limits, requestMethod: requestMethod)
    }
}

extension ResponseHead {
    /// 100 to 599.
    package var status: Int { unsafe state.pointee.line.status }
    /// May be empty.
    package var reason: Slice { unsafe state.pointee.line.reason }
    /// 0 or 1.
    package var minorVersion: UInt8 { unsafe state.pointee.line.minorVersion }
    package var fields: FieldList { unsafe state.pointee.section.fields }
    package var framing: BodyFraming { unsafe state.pointee.framing }
    /// The value of `Content-Length`, if there is one; answers to HEAD and 304 have it without a body.
    package var contentLength: UInt64? {
        unsafe state.pointee.section.summary.flags.contains(.hasContentLength)
            ? state.pointee.section.summary.contentLength : nil
    }
    /// The server keeps the connection open behind this response.
    package var keepAlive: Bool { unsafe state.pointee.keepAlive }
    /// 1xx, but not 101, behind which another protocol begins.
    package var isInterim: Bool { unsafe state.pointee.line.status < 200 && state.pointee.line.status != 101 }
    /// The protocol that the server switches to, when it names one and `Connection` has `upgrade`.
    package var upgrade: Slice? {
        let summary = unsafe state.pointee.section.summary
        return summary.flags.contains([.upgradeOption, .hasUpgrade]) ? summary.upgrade : nil
    }
    /// Length of the head with its final CRLF CRLF.
    package var byteCount: Int { unsafe state.pointee.section.cursor }

    /// The first field of a known name.
    package func firstField(_ name: FieldName) -> Field? {
        unsafe state.pointee.section.fields.first { $0.known == name }
    }
}
