extension EnvoyImport {
    /// An HTTP connection manager: bounds of its listener, and the routes of its virtual hosts.
    mutating func readManager(
        _ config: ForeignValue, _ listener: inout PlannedListener, _ names: [String]
    ) -> [PlannedRoute] {
        check(
            config, "",
            known: [
                "stat_prefix", "codec_type", "route_config", "http_filters", "access_log", "request_timeout",
                "stream_idle_timeout",
                "common_http_protocol_options", "use_remote_address", "xff_num_trusted_hops", "upgrade_configs",
                "generate_request_id",
                "server_name", "normalize_path", "merge_slashes", "http_protocol_options", "http2_protocol_options",
                "rds", "tracing",
                "request_headers_timeout", "drain_timeout", "strip_matching_host_port", "strip_any_host_port",
                "server_header_transformation",
                "path_with_escaped_slashes_action", "delayed_close_timeout", "skip_xff_append", "via",
                "proxy_100_continue",
                "preserve_external_request_id", "always_set_request_id_in_response", "max_request_headers_kb",
                "forward_client_cert_details",
                "add_user_agent", "local_reply_config",
            ])
        for filter in config["http_filters"]?.list ?? [] {
            let name = filter["name"]?.text ?? ""
            if name.hasSuffix("router") { continue }
            if name.hasSuffix("grpc_web") { continue }
            let isAccess = ["jwt_authn", "ext_authz", "rbac", "basic_auth", "oauth2"].contains(where: name.hasSuffix)
            findings.lost(
                isAccess
                    ? "filter \(OneLine.short(name)): Aya does not check who asks; every route answers 403 until you open it"
                    : "filter \(OneLine.short(name)): Aya has nothing for it", at: filter.origin)
            if isAccess { closed = filter.origin }
        }
        let grpcWeb = config["http_filters"]?.list.contains { $0["name"]?.text?.hasSuffix("grpc_web") == true } ?? false
        for key in ["tracing", "local_reply_config", "rds"] where config[key] != nil {
            findings.lost("\(key): Aya has nothing for it here", at: config.origin(of: key))
        }
        if let hops = config["xff_num_trusted_hops"] {
            findings.lost("xff_num_trusted_hops: name the proxies in 'trusted_proxies'", at: hops.origin)
        }
        listener.idleTimeout =
            config["common_http_protocol_options", "idle_timeout"]?.text.flatMap(Times.envoy) ?? 3_600_000
        listener.bodyTimeout =
            config["stream_idle_timeout"]?.text.flatMap(Times.envoy).map { $0 == 0 ? Times.longest : $0 } ?? 300_000
        listener.headerTimeout = config["request_headers_timeout"]?.text.flatMap(Times.envoy).flatMap {
            $0 > 0 ? $0 : nil
        }
        listener.headerCount = config["common_http_protocol_options", "max_headers_count"]?.integer
        if let log = config["access_log"]?.list.first, plan.accessLogs.isEmpty {
            let path = log["typed_config", "path"]?.text
            plan.accessLogs = [
                .init(
                    target: path.map { $0.hasPrefix("/dev/") ? .standardError : .file($0) } ?? .standardError,
                    origin: log.origin)
            ]
            findings.differs("access_log: records are JSON in Aya", at: log.origin)
        }
        var routes: [PlannedRoute] = []
        let hosts = config["route_config", "virtual_hosts"]?.list ?? []
        for host in hosts { routes += virtualHost(host, names, isOnly: hosts.count == 1) }
        if closed != nil {
            for index in routes.indices {
                routes[index].action = .respond(status: 403, headers: [], body: "")
                routes[index].comment = "A filter decided who may ask; give it its pool only if everybody may."
            }
        }
        if grpcWeb {
            for index in routes.indices { if case .forward = routes[index].action { routes[index].grpcWeb = true } }
        }
        closed = nil
        return routes
    }

    private mutating func virtualHost(_ value: ForeignValue, _ names: [String], isOnly: Bool) -> [PlannedRoute] {
        check(
            value, "virtual host: ",
            known: ["name", "domains", "routes", "require_tls", "retry_policy", "include_request_attempt_count"])
        let label = value["name"]?.text ?? "host"
        var routes: [PlannedRoute] = []
        if let tls = value["require_tls"]?.text, tls != "NONE" {
            var route = PlannedRoute(
                name: "\(label)-to-https", action: .redirect(to: "https://{host}{path}{query}", status: 301),
                origin: value.origin(of: "require_tls"))
            route.transport = .plain
            routes.append(route)
        }
        for entry in value["routes"]?.list ?? [] { routes += self.routes(entry, label, value) }
        let domains = value["domains"]?.texts ?? ["*"]
        // Routes of another host never take what this one has none for.
        if !routes.contains(where: { $0.match == PlannedRoute.Match() && $0.transport == .either }),
            !isOnly || domains != ["*"]
        {
            routes.append(
                PlannedRoute(
                    name: "\(label)-rest", action: .respond(status: 404, headers: [], body: ""), origin: value.origin))
        }
        var result: [PlannedRoute] = []
        guard plan.hasRoom(for: routes.count * domains.count, findings, at: value.origin) else { return [] }
        for domain in domains {
            var host: String?
            if domain != "*" {
                host = HAProxyText.host(domain.lowercased())
                if domain.dropFirst(domain.hasPrefix("*.") ? 2 : 0).contains("*") {
                    findings.lost(
                        "domain \(OneLine.short(domain)): a '*' stands only in front of a host, as in '*.shop.example'",
                        at: value.origin)
                    continue
                }
            } else if let name = names.first, names.count == 1 {
                // A filter chain for one name in the ClientHello.
                host = name
            }
            let own = routes.compactMap { route -> PlannedRoute? in
                var route = route
                guard let match = PlannedRoute.Match(host: host).and(route.match) else { return nil }
                route.match = match
                return route
            }
            result += RouteOrdering.settle(own, findings)
        }
        return result
    }

    private mutating func routes(_ value: ForeignValue, _ label: String, _ host: ForeignValue) -> [PlannedRoute] {
        guard let match = value["match"] else { return [] }
        check(
            value, "route: ",
            known: [
                "name", "match", "route", "redirect", "direct_response", "decorator", "stat_prefix", "metadata",
                "tracing",
            ])
        guard let matches = matches(match) else { return [] }
        let name = value["name"]?.text ?? label
        guard let (action, mirror, timeout, comment) = action(value, host) else { return [] }
        return matches.map { match in
            var route = PlannedRoute(name: name, match: match, action: action, origin: value.origin)
            route.mirror = mirror
            route.timeout = timeout
            route.comment = comment
            return route
        }
    }

    /// Nil when routes can't say it, which is reported.
    private func matches(_ value: ForeignValue) -> [PlannedRoute.Match]? {
        check(
            value, "match: ",
            known: [
                "prefix", "path", "safe_regex", "path_separated_prefix", "headers", "query_parameters",
                "case_sensitive", "grpc",
            ])
        var matches: [PlannedRoute.Match] = [.init()]
        if let path = value["path"]?.text {
            matches = [.init(path: .exact(path))]
        } else if let prefix = value["path_separated_prefix"]?.text {
            matches = [.init(path: .exact(prefix)), .init(path: .below(prefix + "/"))]
        } else if let prefix = value["prefix"]?.text {
            if prefix == "/" || prefix.isEmpty {
                matches = [.init()]
            } else if prefix.hasSuffix("/") {
                matches = [.init(path: .below(prefix))]
            } else {
                matches = [.init(path: .exact(prefix)), .init(path: .below(prefix + "/"))]
                findings.differs(
                    "prefix \(OneLine.short(prefix)): Aya takes it and what is below it, not paths with more behind the last word",
                    at: value.origin)
            }
        } else if let regex = value["safe_regex", "regex"]?.text {
            // Envoy's expressions fit the whole path.
            guard let found = PathExpression.paths("^\(regex)$"), !found.isWider else {
                findings.lost(
                    "safe_regex \(OneLine.short(regex)): Aya's paths are exact or end in '/*'", at: value.origin)
                return nil
            }
            matches = found.paths.map { .init(path: $0 == .below("/") ? nil : $0) }
        }
        if value["case_sensitive"]?.text == "false" {
            findings.differs("case_sensitive: false: Aya's paths are case-sensitive", at: value.origin)
        }
        if value["grpc"] != nil {
            findings.differs(
                "grpc: this goes by 'content-type: application/grpc' and no other form of it", at: value.origin)
            matches = matches.compactMap {
                $0.and(.init(headers: [.init(name: "content-type", value: "application/grpc")]))
            }
        }
        for header in value["headers"]?.list ?? [] {
            guard let name = header["name"]?.text,
                let exact = (header["exact_match"] ?? header["string_match", "exact"])?.text,
                header["invert_match"]?.isTrue != true
            else {
                findings.lost(
                    "header \(OneLine.short(header["name"]?.text ?? "")): routes match exact values", at: header.origin)
                return nil
            }
            let condition: PlannedRoute.Match
            switch name {
            case ":method": condition = .init(methods: [exact])
            case ":authority": condition = .init(host: HAProxyText.host(exact.lowercased()))
            case ":path": condition = .init(path: .exact(exact))
            default: condition = .init(headers: [.init(name: name.lowercased(), value: exact)])
            }
            matches = matches.compactMap { $0.and(condition) }
        }
        for parameter in value["query_parameters"]?.list ?? [] {
            guard let name = parameter["name"]?.text, let exact = parameter["string_match", "exact"]?.text else {
                findings.lost("query_parameters: routes match exact values", at: parameter.origin)
                return nil
            }
            matches = matches.compactMap { $0.and(.init(query: [.init(name: name, value: exact)])) }
        }
        return matches
    }

    private typealias Found = (
        action: PlannedRoute.Action, mirror: (pool: String, share: Double)?, timeout: Int64?, comment: String?
    )

    private mutating func action(_ value: ForeignValue, _ host: ForeignValue) -> Found? {
        if let redirect = value["redirect"] { return (Self.redirect(redirect), nil, nil, nil) }
        if let answer = value["direct_response"] {
            let body = answer["body", "inline_string"]?.text ?? ""
            let headers = body.isEmpty ? [] : [PlannedRoute.Condition(name: "content-type", value: "text/plain")]
            return (.respond(status: answer["status"]?.integer ?? 200, headers: headers, body: body), nil, nil, nil)
        }
        guard let route = value["route"] else {
            findings.lost("a route without 'route', 'redirect' or 'direct_response'", at: value.origin)
            return nil
        }
        check(
            route, "route: ",
            known: [
                "cluster", "weighted_clusters", "timeout", "idle_timeout", "retry_policy", "hash_policy",
                "request_mirror_policies",
                "prefix_rewrite", "regex_rewrite", "host_rewrite_literal", "auto_host_rewrite", "max_stream_duration",
                "priority",
                "upgrade_configs", "cluster_not_found_response_code",
            ])
        for key in ["prefix_rewrite", "regex_rewrite"] where route[key] != nil {
            if let prefix = route[key]?.text, prefix == value["match", "prefix"]?.text { continue }
            findings.lost(
                "\(key): Aya forwards paths as they come, so the servers have to answer to the whole path",
                at: route.origin(of: key))
        }
        for key in ["host_rewrite_literal", "auto_host_rewrite"] where route[key] != nil {
            findings.lost("\(key): Aya sends the client's Host", at: route.origin(of: key))
        }
        var shares: [PlannedRoute.Share] = []
        if let cluster = route["cluster"]?.text, let pool = pool(cluster, route.origin, isHTTP: true) {
            shares = [.init(pool: pool, weight: 1)]
        }
        for entry in route["weighted_clusters", "clusters"]?.list ?? [] {
            guard let cluster = entry["name"]?.text, let pool = pool(cluster, entry.origin, isHTTP: true) else {
                continue
            }
            shares.append(.init(pool: pool, weight: entry["weight"]?.integer ?? 0))
        }
        let time = route["timeout"]?.text.flatMap(Times.envoy) ?? 15_000
        guard !shares.isEmpty else {
            findings.lost("a route without a cluster that is in this file", at: route.origin)
            return (.respond(status: 503, headers: [], body: ""), nil, nil, nil)
        }
        for share in shares { setOfRoute(route, host, share.pool) }
        var mirror: (pool: String, share: Double)?
        if let policy = route["request_mirror_policies"]?.list.first, let cluster = policy["cluster"]?.text,
            let pool = pool(cluster, policy.origin, isHTTP: true)
        {
            let part = policy["runtime_fraction", "default_value"]
            let whole =
                part?["denominator"]?.text.map { $0 == "MILLION" ? 1_000_000.0 : $0 == "TEN_THOUSAND" ? 10_000 : 100 }
                ?? 100
            mirror = (pool, part?["numerator"]?.integer.map { Double($0) / whole } ?? 1)
        }
        return (.forward(shares), mirror, time > 0 ? time : nil, nil)
    }

    private static func redirect(_ value: ForeignValue) -> PlannedRoute.Action {
        let scheme = value["https_redirect"]?.isTrue == true ? "https" : value["scheme_redirect"]?.text ?? "{scheme}"
        var host = value["host_redirect"]?.text ?? "{host}"
        if let port = value["port_redirect"]?.text, !(scheme == "https" && port == "443") { host += ":\(port)" }
        let path = value["path_redirect"]?.text ?? value["prefix_rewrite"]?.text ?? "{path}"
        let query = value["strip_query"]?.isTrue == true || path.contains("?") ? "" : "{query}"
        let status: Int
        switch value["response_code"]?.text {
        case "FOUND": status = 302
        case "SEE_OTHER": status = 303
        case "TEMPORARY_REDIRECT": status = 307
        case "PERMANENT_REDIRECT": status = 308
        default: status = 301
        }
        return .redirect(to: "\(scheme)://\(host)\(path)\(query)", status: status)
    }

    /// What routes say that is the pool's in Aya: retries and hashes.
    private mutating func setOfRoute(_ route: ForeignValue, _ host: ForeignValue, _ pool: String) {
        guard let index = plan.pools.firstIndex(where: { $0.name == pool }) else { return }
        if let policy = route["retry_policy"] ?? host["retry_policy"] {
            var retry = PlannedPool.Retry(attempts: min(max(policy["num_retries"]?.integer ?? 1, 0), 9) + 1)
            for word in (policy["retry_on"]?.text ?? "").split(separator: ",") {
                switch word.drop(while: { $0 == " " }) {
                case "5xx", "gateway-error": retry.when += ["connect_failure", "reset", "502", "503", "504"]
                case "connect-failure": retry.when.append("connect_failure")
                case "reset", "reset-before-request": retry.when.append("reset")
                case "refused-stream": break
                case "unavailable": retry.when.append("grpc_unavailable")
                case "resource-exhausted": retry.when.append("grpc_resource_exhausted")
                case "cancelled": retry.when.append("grpc_cancelled")
                case "deadline-exceeded": retry.when.append("grpc_deadline_exceeded")
                case "internal": retry.when.append("grpc_internal")
                case "retriable-status-codes":
                    retry.when += policy["retriable_status_codes"]?.texts.filter { $0.hasPrefix("5") } ?? []
                default: findings.lost("retry_on \(OneLine.short(String(word)))", at: policy.origin)
                }
            }
            var unique: [String] = []
            for word in retry.when where !unique.contains(word) { unique.append(word) }
            retry.when = unique
            retry.perTryTimeout = policy["per_try_timeout"]?.text.flatMap(Times.envoy)
            if let known = plan.pools[index].retry, known != retry {
                findings.differs(
                    "retry_policy differs from that of another route to '\(pool)'; Aya's is the pool's",
                    at: policy.origin)
            } else {
                plan.pools[index].retry = retry
            }
        }
        guard let policy = route["hash_policy"]?.list.first else { return }
        if let header = policy["header", "header_name"]?.text {
            plan.pools[index].hash = .header(header.lowercased())
        } else if let cookie = policy["cookie", "name"]?.text {
            plan.pools[index].hash = .cookie(cookie)
        } else if let parameter = policy["query_parameter", "name"]?.text {
            plan.pools[index].hash = .query(parameter)
        } else if policy["connection_properties", "source_ip"]?.isTrue == true {
            plan.pools[index].hash = .sourceIP
        } else {
            findings.lost(
                "hash_policy: Aya hashes the address, the path, a header, a cookie or a query value", at: policy.origin)
        }
    }
}
