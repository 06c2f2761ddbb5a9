internal import AyaHTTP
internal import AyaTelemetry

/// The scale subresource of a workload: `spec.replicas` is read, and patched with a merge patch (RFC 7386), as Aya's
/// service account or whoever's token it has.
package struct KubernetesActuator: CapacityActuator {
    private let service: CalledService
    private let token: StatedSecret
    /// `deployments`, `statefulsets`, `replicasets`.
    private let resource: String
    private let name: String
    private let namespace: Namespace

    package enum Namespace: Sendable {
        case named(String)
        /// A file says which: a pod finds its own so.
        case file(String)
    }

    package init(
        _ service: CalledService, token: StatedSecret, resource: String, name: String, namespace: Namespace
    ) {
        self.service = service
        self.token = token
        self.resource = resource
        self.name = name
        self.namespace = namespace
    }

    package func standing() async throws(CallFault) -> CapacityStanding? {
        CapacityStanding(servers: try await call("GET", [], type: nil))
    }

    package func ask(for wish: CapacityWish) async throws(CallFault) -> Int {
        let body = #"{"spec":{"replicas":\#(wish.servers)}}"#
        return try await call("PATCH", Array(body.utf8), type: "application/merge-patch+json")
    }

    /// - Returns: the replicas that are wanted there.
    private func call(_ method: String, _ body: [UInt8], type: String?) async throws(CallFault) -> Int {
        let place =
            switch namespace {
            case .named(let name): name
            case .file(let path): try StatedSecret.read(file: path)
            }
        var headers = [
            (name: "Authorization", value: "Bearer \(try token.read())"), (name: "Accept", value: "application/json"),
        ]
        if let type { headers.append(("Content-Type", type)) }
        let answer = try await service.ask(
            method, "/apis/apps/v1/namespaces/\(place)/\(resource)/\(name)/scale", headers: headers, body: body)
        let spec = JSONValue(answer.body)?["spec"]
        // Zero is left out of what is written.
        guard let spec, let replicas = spec["replicas"].map(\.count) ?? 0 else {
            throw CallFault("what \(service.address.host) answers is no scale")
        }
        return replicas
    }
}
