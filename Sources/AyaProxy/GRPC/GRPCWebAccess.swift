internal import AyaConfig
internal import AyaCore
internal import AyaHTTP
internal import AyaReactor

/// Which pages of other origins may make calls of gRPC-Web through a route: the part of the Fetch standard's CORS
/// protocol that these calls need. Browsers ask before each kind of call ("preflight"), since its `Content-Type` is not
/// one of a form.
final class GRPCWebAccess {
    private let isForAll: Bool
    private let exact: [[UInt8]]
    /// Scheme, and what the host ends with, its dot and the port included.
    private let below: [(scheme: [UInt8], suffix: [UInt8])]
    /// What their programs may read of an answer's head.
    let exposed: [UInt8]

    private static let ofCalls = ["grpc-status", "grpc-message", "grpc-status-details-bin"]

    init(_ blueprint: Blueprint.GRPCWeb) {
        isForAll = blueprint.origins.contains("*")
        var exact: [[UInt8]] = []
        var below: [(scheme: [UInt8], suffix: [UInt8])] = []
        for origin in blueprint.origins where origin != "*" {
            let parts = origin.split(separator: "*", maxSplits: 1)
            if parts.count == 2 {
                below.append((Array(parts[0].utf8), Array(parts[1].utf8)))
            } else {
                exact.append(Array(origin.utf8))
            }
        }
        self.exact = exact
        self.below = below
        exposed = Array((Self.ofCalls + blueprint.expose).joined(separator: ", ").utf8)
    }

    /// Some origin may ask.
    var mayPreflight: Bool { isForAll || !exact.isEmpty || !below.isEmpty }

    private func allows(_ origin: Span<UInt8>) -> Bool {
        if isForAll { return true }
        for one in exact where origin.equalsIgnoringCase(one.span) { return true }
        for (scheme, suffix) in below where origin.count > scheme.count + suffix.count {
            if origin.extracting(first: scheme.count).equalsIgnoringCase(scheme.span),
                origin.extracting(last: suffix.count).equalsIgnoringCase(suffix.span)
            {
                return true
            }
        }
        return false
    }

    /// The permission for a page of `origin`; false when it has none.
    func write(for origin: Span<UInt8>, to out: Buffer) -> Bool {
        // Caches keep answers apart by who asked, also those who may not.
        if !isForAll { out.append("Vary: Origin\r\n") }
        guard allows(origin) else { return false }
        out.append("Access-Control-Allow-Origin: ")
        if isForAll {
            out.append("*\r\n")
        } else {
            out.append(origin)
            out.append("\r\nAccess-Control-Allow-Credentials: true\r\n")
        }
        return true
    }
}

extension HTTPConnection {
    private static let originField = Array("origin".utf8)
    private static let wantedMethod = Array("access-control-request-method".utf8)
    private static let wantedFields = Array("access-control-request-headers".utf8)

    /// A browser asks on behalf of a page.
    func isPreflight(_ request: RequestHead) -> Bool {
        fieldValue(Self.originField, request) != nil && fieldValue(Self.wantedMethod, request) != nil
    }

    /// What a page may do is said; whoever may not gets an answer without permission, which ends it in the browser.
    func permit(_ exchange: Exchange, _ access: GRPCWebAccess) async -> Ending {
        let empty = worker.buffers.takeSmall()
        defer { worker.buffers.give(empty) }
        return await respond(exchange, status: 204, body: empty) { out in
            guard let origin = self.fieldValue(Self.originField, exchange.request) else { return }
            guard unsafe access.write(for: self.bytes(origin).span, to: out) else { return }
            out.append("Access-Control-Allow-Methods: POST\r\nAccess-Control-Max-Age: 86400\r\n")
            // Metadata has any name, so what is asked for is what may be sent.
            guard let names = self.fieldValue(Self.wantedFields, exchange.request) else { return }
            out.append("Access-Control-Allow-Headers: ")
            unsafe out.append(self.bytes(names))
            out.append("\r\n")
        }
    }

    /// Lets a page of another origin see the answer to its call.
    func writeWebAccess(_ exchange: Exchange, to out: Buffer) {
        guard let access = exchange.route?.grpcWeb, access.mayPreflight,
            let origin = fieldValue(Self.originField, exchange.request),
            unsafe access.write(for: bytes(origin).span, to: out)
        else { return }
        out.append("Access-Control-Expose-Headers: ")
        out.append(access.exposed)
        out.append("\r\n")
    }
}
