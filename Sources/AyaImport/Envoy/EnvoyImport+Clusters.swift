extension EnvoyImport {
    /// The pool of a cluster; nil when there is none of that name or no server in it.
    mutating func pool(_ name: String, _ origin: Origin, isHTTP: Bool) -> String? {
        if let known = pools[name] { return known }
        guard let cluster = clusters[name] else {
            findings.lost("there is no cluster '\(OneLine.short(name))' in this file", at: origin)
            return nil
        }
        check(
            cluster, "cluster.",
            known: [
                "name", "type", "lb_policy", "load_assignment", "connect_timeout", "health_checks", "outlier_detection",
                "circuit_breakers", "transport_socket", "typed_extension_protocol_options", "http2_protocol_options",
                "dns_lookup_family", "respect_dns_ttl", "dns_refresh_rate", "common_lb_config", "ring_hash_lb_config",
                "maglev_lb_config", "least_request_lb_config", "round_robin_lb_config", "upstream_connection_options",
                "per_connection_buffer_limit_bytes", "ignore_health_on_host_removal", "common_http_protocol_options",
                "protocol_selection", "alt_stat_name", "dns_failure_refresh_rate", "use_tcp_for_dns_lookups",
                "metadata", "hosts",
                "close_connections_on_host_health_failure",
            ])
        var pool = PlannedPool(name: name, origin: cluster.origin)
        addServers(cluster, &pool)
        guard !pool.servers.isEmpty else {
            findings.lost(
                "cluster \(OneLine.short(name)) has no endpoints in this file (\(cluster["type"]?.text ?? "no type"))",
                at: cluster.origin)
            clusters[name] = nil
            return nil
        }
        pool.name = poolNames.unique(name)
        setBalance(cluster, &pool)
        pool.connectTimeout = cluster["connect_timeout"]?.text.flatMap(Times.envoy) ?? 5000
        // How long a stream may be still; the bound on the whole is the route's.
        if isHTTP { pool.responseTimeout = 300_000 }
        setHealth(cluster, &pool)
        setOutliers(cluster, &pool)
        let options = cluster["typed_extension_protocol_options"]?.entries.first?.value
        let explicit = options?["explicit_http_config"]
        if explicit?["http2_protocol_options"] != nil || cluster["http2_protocol_options"] != nil {
            pool.serverProtocol = "h2"
        } else if options?["auto_config"] != nil {
            pool.serverProtocol = "auto"
        }
        if !isHTTP { pool.serverProtocol = nil }
        let common = options?["common_http_protocol_options"] ?? cluster["common_http_protocol_options"]
        pool.idleTimeout = common?["idle_timeout"]?.text.flatMap(Times.envoy).flatMap { $0 > 0 ? $0 : nil }
        setBounds(cluster, &pool, isHTTP)
        if let socket = cluster["transport_socket"] { setTransport(socket, &pool) }
        if pool.serverProtocol == "auto", pool.tls == nil { pool.serverProtocol = nil }
        pools[name] = plan.addPool(pool)
        return pool.name
    }

    private func addServers(_ cluster: ForeignValue, _ pool: inout PlannedPool) {
        for locality in cluster["load_assignment", "endpoints"]?.list ?? [] {
            let priority = locality["priority"]?.integer.flatMap { $0 > 0 ? $0 : nil }
            for entry in locality["lb_endpoints"]?.list ?? [] {
                let address = entry["endpoint", "address"]
                var server: PlannedPool.Server
                if let path = address?["pipe", "path"]?.text {
                    server = .init("unix:\(path)", origin: entry.origin)
                } else if let host = address?["socket_address", "address"]?.text,
                    let port = address?["socket_address", "port_value"]?.text
                {
                    server = .init(host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)", origin: entry.origin)
                } else {
                    findings.lost("an endpoint without an address", at: entry.origin)
                    continue
                }
                server.weight = entry["load_balancing_weight"]?.integer
                if let status = entry["health_status"]?.text, status == "DRAINING" || status == "UNHEALTHY" {
                    server.weight = 0
                }
                server.priority = priority
                if let zone = locality["locality", "zone"]?.text { server.zone = zone }
                pool.servers.append(server)
            }
            if let weight = locality["load_balancing_weight"] {
                findings.lost("load_balancing_weight of a locality: give the servers weights", at: weight.origin)
            }
        }
        if pool.servers.contains(where: { $0.zone != nil }) {
            findings.differs(
                "localities: say where this Aya stands with 'zone' at the top, and it prefers its own",
                at: cluster.origin)
        }
    }

    private func setBalance(_ cluster: ForeignValue, _ pool: inout PlannedPool) {
        let isWeighted = Set(pool.servers.map { $0.weight ?? 1 }.filter { $0 != 0 }).count > 1
        switch cluster["lb_policy"]?.text {
        case nil, "ROUND_ROBIN": pool.balance = isWeighted ? "weighted_round_robin" : "round_robin"
        case "LEAST_REQUEST": pool.balance = isWeighted ? "weighted_least_connections" : "power_of_two"
        case "RANDOM": pool.balance = "random"
        case "RING_HASH": pool.balance = "consistent_hash"
        case "MAGLEV": pool.balance = "maglev"
        case let other?:
            findings.lost(
                "lb_policy \(OneLine.short(other)): Aya has no such balancer", at: cluster.origin(of: "lb_policy"))
        }
        let window =
            cluster["round_robin_lb_config", "slow_start_config"]
            ?? cluster["least_request_lb_config", "slow_start_config"]
        pool.slowStart = window?["slow_start_window"]?.text.flatMap(Times.envoy)
    }

    private func setHealth(_ cluster: ForeignValue, _ pool: inout PlannedPool) {
        let checks = cluster["health_checks"]?.list ?? []
        if checks.count > 1 { findings.lost("a second health check: Aya's pools have one", at: checks[1].origin) }
        guard let value = checks.first else { return }
        var health: PlannedPool.Health
        if let http = value["http_health_check"] {
            // Envoy's ranges end before their end.
            let statuses = http["expected_statuses"]?.list.compactMap { range -> String? in
                guard let start = range["start"]?.integer, let end = range["end"]?.integer, start < end, end <= 1000
                else { return nil }
                return end == start + 1 ? "\(start)" : "\(start)-\(end - 1)"
            }
            health = .init(
                .http(
                    path: http["path"]?.text ?? "/", method: http["method"]?.text, host: http["host"]?.text,
                    status: statuses ?? ["200"], body: nil))
        } else if let grpc = value["grpc_health_check"] {
            health = .init(.grpc(service: grpc["service_name"]?.text))
        } else if let tcp = value["tcp_health_check"] {
            if tcp["send"] != nil || tcp["receive"] != nil {
                findings.differs(
                    "tcp_health_check: its bytes are not carried over; write 'send' and 'expect' as texts",
                    at: tcp.origin)
            }
            health = .init(.tcp(send: nil, expect: nil))
        } else {
            findings.lost("a health check of another kind", at: value.origin)
            return
        }
        health.interval = value["interval"]?.text.flatMap(Times.envoy)
        health.timeout = value["timeout"]?.text.flatMap(Times.envoy)
        health.rise = value["healthy_threshold"]?.integer
        health.fall = value["unhealthy_threshold"]?.integer
        pool.health = health
    }

    private func setOutliers(_ cluster: ForeignValue, _ pool: inout PlannedPool) {
        guard let value = cluster["outlier_detection"] else { return }
        pool.outliers = .on(
            failures: value["consecutive_5xx"]?.integer ?? value["consecutive_gateway_failure"]?.integer ?? 5,
            ejectFor: value["base_ejection_time"]?.text.flatMap(Times.envoy) ?? 30_000,
            maxEjected: value["max_ejection_percent"]?.integer ?? 10,
            interval: value["interval"]?.text.flatMap(Times.envoy))
    }

    /// Envoy's circuit breakers are bounds on what a cluster is given at once.
    private func setBounds(_ cluster: ForeignValue, _ pool: inout PlannedPool, _ isHTTP: Bool) {
        for threshold in cluster["circuit_breakers", "thresholds"]?.list ?? [] {
            if threshold["priority"]?.text == "HIGH" {
                findings.lost(
                    "circuit_breakers of priority HIGH: 'criticality' of routes says who goes first",
                    at: threshold.origin)
                continue
            }
            let most = (isHTTP ? threshold["max_requests"] : threshold["max_connections"])?.integer
            if let most, most > 0, most < 10_000_000 { pool.concurrency = .limit(most) }
            if let waiting = threshold["max_pending_requests"]?.integer, waiting > 0, pool.concurrency != nil {
                pool.queue = (waiting, nil)
            }
            if isHTTP, let connections = threshold["max_connections"] {
                findings.lost(
                    "max_connections of a cluster: 'max_connections' of each server bounds them", at: connections.origin
                )
            }
            if let retries = threshold["max_retries"] {
                findings.lost("max_retries: a pool's 'retry: { budget }' bounds them as a share", at: retries.origin)
            }
        }
    }

    private func setTransport(_ socket: ForeignValue, _ pool: inout PlannedPool) {
        guard var config = socket["typed_config"] else { return }
        if let inner = config["transport_socket"] {
            if config["@type"]?.text?.contains("ProxyProtocol") == true || config["config"] != nil {
                pool.proxyProtocol = config["config", "version"]?.text == "V1" ? "v1" : "v2"
            }
            guard let nested = inner["typed_config"] else { return }
            config = nested
        }
        guard config["@type"]?.text?.hasSuffix("UpstreamTlsContext") == true else { return }
        let common = config["common_tls_context"]
        let ca =
            (common?["validation_context"] ?? common?["combined_validation_context", "default_validation_context"])?[
                "trusted_ca", "filename"]
        var tls = PlannedPool.TLS(verify: ca?.text ?? "insecure", sni: config["sni"]?.text)
        if tls.verify == "insecure" {
            findings.differs(
                "TLS to this cluster is not verified, as in Envoy without a validation_context", at: config.origin)
        }
        if let pair = common?["tls_certificates"]?.list.first {
            tls.clientCert = pair["certificate_chain", "filename"]?.text
            tls.clientKey = pair["private_key", "filename"]?.text
        }
        pool.tls = tls
    }
}
