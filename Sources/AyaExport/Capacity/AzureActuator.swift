internal import AyaHTTP
internal import AyaTelemetry

/// The capacity of a virtual machine scale set, by Azure Resource Manager: `sku.capacity` is read and patched, with the
/// name and tier that it has.
package struct AzureActuator: CapacityActuator {
    package enum Token: Sendable {
        case stated(StatedSecret)
        /// Of the machine's managed identity; the client's id where it has several.
        case machine(CalledService, identity: String?)
    }

    private let service: CalledService
    private let token: Token
    private let path: String

    private static let version = "2024-07-01"

    package init(
        _ service: CalledService, token: Token, subscription: String, resourceGroup: String, name: String
    ) {
        self.service = service
        self.token = token
        path =
            "/subscriptions/\(subscription)/resourceGroups/\(resourceGroup)/providers/Microsoft.Compute"
            + "/virtualMachineScaleSets/\(name)?api-version=\(Self.version)"
    }

    package func standing() async throws(CallFault) -> CapacityStanding? {
        CapacityStanding(servers: try capacity(of: try await call("GET", [])))
    }

    package func ask(for wish: CapacityWish) async throws(CallFault) -> Int {
        let sku = try await call("GET", [])?["sku"]
        var writer = JSONWriter(Text())
        writer.object { writer in
            writer.object("sku") { writer in
                for member in ["name", "tier"] {
                    if let value = sku?[member]?.string { writer.member(member, value) }
                }
                writer.member("capacity", wish.servers)
            }
        }
        return try capacity(of: try await call("PATCH", writer.sink.bytes))
    }

    private func capacity(of set: JSONValue?) throws(CallFault) -> Int {
        guard let capacity = set?["sku"]?["capacity"]?.count else {
            throw CallFault("what \(service.address.host) answers is no scale set")
        }
        return capacity
    }

    private func call(_ method: String, _ body: [UInt8]) async throws(CallFault) -> JSONValue? {
        let headers = [
            (name: "Authorization", value: "Bearer \(try await bearer())"),
            (name: "Content-Type", value: "application/json"),
        ]
        return JSONValue(try await service.ask(method, path, headers: headers, body: body).body)
    }

    private func bearer() async throws(CallFault) -> String {
        switch token {
        case .stated(let secret): return try secret.read()
        case .machine(let metadata, let identity):
            // The path says what the token is for: the API itself, its slash escaped.
            let client = identity.map { "&client_id=\($0)" } ?? ""
            let answer = try await metadata.ask(
                "GET",
                "/metadata/identity/oauth2/token?api-version=2018-02-01"
                    + "&resource=https%3A%2F%2Fmanagement.azure.com%2F\(client)",
                headers: [("Metadata", "true")])
            guard let token = JSONValue(answer.body)?["access_token"]?.string, !token.isEmpty,
                token.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
            else { throw CallFault("the machine's metadata service gives no token") }
            return token
        }
    }
}
