/// One request that the admin API takes: its method and path, what whoever asks must be allowed to, what it takes and
/// what it answers.
///
/// The table is the whole of the API: a path below `/v1/` that is not in it is not there, and the OpenAPI document is
/// made from it.
package struct AdminEndpoint: Sendable {
    package var method: String
    /// As OpenAPI writes it: `/v1/pools/{pool}/servers`.
    package var path: String
    package var scope: AdminAccess.Scope
    /// One line.
    var summary: String
    var query: [Parameter] = []
    /// Of the body that it takes; nil for none.
    var body: OpenAPISchema?
    var answer: Answer
    /// Besides 200: what may go wrong that is not everybody's.
    var problems: [Int] = []
    /// It changes what runs: it can be tried, and made to depend on a generation.
    var isChange = false

    struct Parameter: Sendable {
        var name: String
        var schema: OpenAPISchema
        var summary: String
        var isRepeated = false
    }

    enum Answer: Sendable {
        case json(OpenAPISchema)
        /// YAML, or JSON for who accepts that.
        case configuration
        case text
        case events
        /// 204.
        case nothing
    }

    private init(
        _ method: String, _ path: String, _ scope: AdminAccess.Scope, _ summary: String, query: [Parameter] = [],
        body: OpenAPISchema? = nil, _ answer: Answer, problems: [Int] = []
    ) {
        (self.method, self.path, self.scope, self.summary) = (method, path, scope, summary)
        (self.query, self.body, self.answer, self.problems) = (query, body, answer, problems)
    }

    static func get(
        _ path: String, _ summary: String, query: [Parameter] = [], _ answer: Answer, problems: [Int] = []
    ) -> AdminEndpoint {
        AdminEndpoint("GET", path, .read, summary, query: query, answer, problems: problems)
    }

    static func ask(
        _ path: String, _ summary: String, body: OpenAPISchema, _ answer: Answer, problems: [Int] = [400]
    ) -> AdminEndpoint {
        AdminEndpoint("POST", path, .read, summary, body: body, answer, problems: problems)
    }

    static func tell(_ path: String, _ summary: String, body: OpenAPISchema, _ answer: Answer) -> AdminEndpoint {
        AdminEndpoint("POST", path, .operate, summary, body: body, answer, problems: [400])
    }

    static func forget(_ path: String, _ summary: String, query: [Parameter]) -> AdminEndpoint {
        AdminEndpoint("DELETE", path, .operate, summary, query: query, .nothing, problems: [400, 404, 503])
    }

    static func change(
        _ method: String, _ path: String, _ summary: String, _ scope: AdminAccess.Scope = .operate,
        body: OpenAPISchema? = nil
    ) -> AdminEndpoint {
        var endpoint = AdminEndpoint(
            method, path, scope, summary, body: body, .json(.named("Change")), problems: [400, 404, 409, 412, 422])
        endpoint.isChange = true
        return endpoint
    }

    /// The endpoints of a path, whatever the method; none for a path that is not there.
    static func endpoints(at path: String) -> [AdminEndpoint] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return all.filter { endpoint in
            let wanted = endpoint.path.split(separator: "/", omittingEmptySubsequences: false)
            return wanted.count == parts.count
                && zip(wanted, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") && !$1.isEmpty }
        }
    }

    /// What a request needs; a method that is not there is refused to whoever may look.
    static func scope(_ method: String, at endpoints: [AdminEndpoint]) -> AdminAccess.Scope {
        let method = method == "HEAD" ? "GET" : method
        return endpoints.first { $0.method == method }?.scope ?? .read
    }

    /// The names in braces.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}
