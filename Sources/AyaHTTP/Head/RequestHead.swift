/// The head of a request, parsed in place.
///
/// One object serves every request of a connection: `reset()`, then `parse` with all bytes from the message's first
/// as they arrive. Nothing is copied and, once its array has grown, nothing allocated: results are offsets.
@safe package final class RequestHead {
    // Safe: one initialized value from init to deinit, and a head belongs to one connection of one worker. Behind a
    // pointer, because the dynamic checks of a stored property's exclusive access cost a fifth of a short parse.
    let state: UnsafeMutablePointer<RequestState>

    package init() {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: RequestState())
    }

    deinit {
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    package func reset() { unsafe state.pointee.reset() }

    /// `bytes` is everything from the message's first byte to what has arrived, at each call. When it is complete,
    /// `byteCount` of them are the head.
    package func parse(_ bytes: Span<UInt8>, limits: HeadLimits) -> HeadProgress {
        unsafe state.pointee.parse(bytes, limits: limits)
    }
}

extension RequestHead {
    package var method: Method { unsafe state.pointee.line.method }
    package var methodName: Slice { unsafe state.pointee.line.methodName }
    /// The request target as it was sent.
    package var target: Slice { unsafe state.pointee.line.target }
    package var form: TargetForm { unsafe state.pointee.line.form }
    /// Without the query; "/" when an absolute form has no path; `*` or nothing to rely on for the asterisk form.
    package var path: Slice { unsafe state.pointee.line.path }
    /// Behind the first `?`; nil without one, empty when nothing follows it.
    package var query: Slice? { unsafe state.pointee.line.hasQuery ? state.pointee.line.query : nil }
    package var hasQuery: Bool { unsafe state.pointee.line.hasQuery }
    /// The path has an escape or perhaps a dot segment, so it has to go through `PathNormalizer` before it is matched.
    package var pathNeedsNormalization: Bool { unsafe state.pointee.line.pathNeedsNormalization }
    /// 0 or 1.
    package var minorVersion: UInt8 { unsafe state.pointee.line.minorVersion }

    /// `host[:port]` as sent: of the target when that has one, else of `Host`; empty when HTTP/1.0 gave neither.
    package var authority: Slice { unsafe state.pointee.authority }
    /// The authority without its port; IPv6 addresses keep their brackets.
    package var host: Slice { unsafe state.pointee.host }

    package var fields: FieldList { unsafe state.pointee.section.fields }
    package var framing: BodyFraming { unsafe state.pointee.framing }
    /// The value of `Content-Length`, if there is one.
    package var contentLength: UInt64? {
        unsafe state.pointee.section.summary.flags.contains(.hasContentLength)
            ? state.pointee.section.summary.contentLength : nil
    }
    /// The client wants, and its version allows, that the connection stays open.
    package var keepAlive: Bool { unsafe state.pointee.keepAlive }
    /// `Expect: 100-continue` (RFC 9110 section 10.1.1); HTTP/1.0 clients cannot mean it.
    package var expectsContinue: Bool {
        unsafe minorVersion == 1 && state.pointee.section.summary.flags.contains(.expectsContinue)
    }
    /// The first `Upgrade` field, when `Connection` asks for it and the version knows it (RFC 9110 section 7.8).
    package var upgrade: Slice? { unsafe state.pointee.upgrade }
    /// `TE: trailers`.
    package var acceptsTrailers: Bool { unsafe state.pointee.section.summary.flags.contains(.acceptsTrailers) }
    /// Length of the head with its final CRLF CRLF.
    package var byteCount: Int { unsafe state.pointee.section.cursor }
}
