internal import AyaTelemetry

/// The admin API as an OpenAPI 3.1 document, made from the table by which it is served: the two can not differ.
package enum OpenAPIDocument {
    /// - Parameter version: of the API, which is Aya's.
    package static func render(version: String) -> [UInt8] {
        var writer = JSONWriter(Text())
        writer.object { document in
            document.member("openapi", "3.1.0")
            document.object("info") { info in
                info.member("title", "Aya admin API")
                info.member("version", version)
                info.member("description", description)
                info.object("license") { license in
                    license.member("name", "see the repository")
                    license.member("identifier", "LicenseRef-Aya")
                }
            }
            document.array("security") { list in
                list.object { $0.array("token") { _ in } }
                list.object { _ in }
            }
            document.object("paths") { paths in
                for path in Self.paths {
                    paths.object(path) { item in
                        for endpoint in AdminEndpoint.all where endpoint.path == path { write(endpoint, to: &item) }
                    }
                }
            }
            document.object("components") { components in
                components.object("securitySchemes") { schemes in
                    schemes.object("token") { scheme in
                        scheme.member("type", "http")
                        scheme.member("scheme", "bearer")
                    }
                }
                components.object("schemas") { schemas in
                    for (name, schema) in OpenAPISchema.components {
                        schemas.object(name) { schema.write(to: &$0) }
                    }
                }
            }
        }
        writer.raw("\n")
        return writer.sink.bytes
    }

    private static let description = """
        Whoever comes over a unix socket, from the machine itself or with a certificate that a listener asked for may do \
        everything; others show a token, whose scope must cover the `x-scope` of what they ask for. Errors are \
        problem+json (RFC 9457).
        """

    /// In the order of the table, each once.
    private static var paths: [String] {
        var seen: Set<String> = []
        return AdminEndpoint.all.map(\.path).filter { seen.insert($0).inserted }
    }

    private static func write(_ endpoint: AdminEndpoint, to item: inout JSONWriter<Text>) {
        item.object(endpoint.method.lowercased()) { operation in
            operation.member("summary", endpoint.summary)
            operation.member("operationId", identifier(endpoint))
            operation.member("x-scope", endpoint.scope.name)
            writeParameters(endpoint, to: &operation)
            if let body = endpoint.body {
                operation.object("requestBody") { request in
                    request.member("required", true)
                    request.object("content") { content in
                        content.object("application/json") { $0.object("schema") { body.write(to: &$0) } }
                    }
                }
            }
            operation.object("responses") { responses in
                responses.object(endpoint.answer.status) { write(endpoint.answer, to: &$0) }
                for status in endpoint.problems where endpoint.path.hasPrefix("/v1/") {
                    responses.object("\(status)") { writeProblem(to: &$0) }
                }
                if endpoint.path.hasPrefix("/v1/") {
                    for status in [401, 403, 405] { responses.object("\(status)") { writeProblem(to: &$0) } }
                } else {
                    for status in endpoint.problems { responses.object("\(status)") { write(.text, to: &$0) } }
                }
            }
        }
    }

    private static func writeParameters(_ endpoint: AdminEndpoint, to operation: inout JSONWriter<Text>) {
        operation.array("parameters") { list in
            for name in endpoint.pathParameters {
                let schema: OpenAPISchema = name == "generation" ? .integer(1...Int(Int32.max)) : .string
                parameter(name, in: "path", schema, name == "server" ? "Its address" : "Its \(name)", to: &list)
            }
            for one in endpoint.query {
                parameter(
                    one.name, in: "query", one.isRepeated ? .list(one.schema) : one.schema, one.summary, to: &list)
            }
            guard endpoint.isChange else { return }
            parameter("dry_run", in: "query", .boolean, "Only tell what would change", to: &list)
            parameter("If-Match", in: "header", .integer(1...Int(Int32.max)), "The generation that must run", to: &list)
        }
    }

    private static func parameter(
        _ name: String, in place: String, _ schema: OpenAPISchema, _ summary: String, to list: inout JSONWriter<Text>
    ) {
        list.object { parameter in
            parameter.member("name", name)
            parameter.member("in", place)
            parameter.member("required", place == "path")
            parameter.member("description", summary)
            parameter.object("schema") { schema.write(to: &$0) }
        }
    }

    private static func write(_ answer: AdminEndpoint.Answer, to response: inout JSONWriter<Text>) {
        response.member("description", "Done")
        if case .nothing = answer { return }
        response.object("content") { content in
            switch answer {
            case .json(let schema):
                content.object("application/json") { $0.object("schema") { schema.write(to: &$0) } }
            case .configuration:
                for type in ["application/yaml", "application/json"] {
                    content.object(type) { $0.object("schema") { $0.member("type", "object") } }
                }
            case .text: content.object("text/plain") { $0.object("schema") { $0.member("type", "string") } }
            case .events: content.object("text/event-stream") { $0.object("schema") { $0.member("type", "string") } }
            case .nothing: break
            }
        }
    }

    private static func writeProblem(to response: inout JSONWriter<Text>) {
        response.member("description", "Refused, and why")
        response.object("content") { content in
            content.object("application/problem+json") { media in
                media.object("schema") { OpenAPISchema.named("Problem").write(to: &$0) }
            }
        }
    }

    /// `patch_v1_pools_pool_servers_server`
    private static func identifier(_ endpoint: AdminEndpoint) -> String {
        let parts = endpoint.path.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        return ([endpoint.method.lowercased()[...]] + parts).joined(separator: "_")
    }
}

extension AdminEndpoint.Answer {
    /// Of what went well.
    fileprivate var status: String { if case .nothing = self { "204" } else { "200" } }
}
