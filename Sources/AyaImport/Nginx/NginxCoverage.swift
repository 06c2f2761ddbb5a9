/// Finds directives that nothing stands for, so that each is said.
struct NginxCoverage {
    let findings: Findings

    /// What the import reads.
    private static let carried: Set<String> = [
        "http", "stream", "server", "upstream", "location", "listen", "server_name", "proxy_pass", "grpc_pass",
        "return",
        "rewrite", "if", "set", "map", "split_clients", "mirror", "include", "ssl_certificate", "ssl_certificate_key",
        "ssl_protocols", "ssl_client_certificate", "ssl_trusted_certificate", "ssl_verify_client", "ssl_stapling_file",
        "ssl_reject_handshake", "ssl_preread", "ssl", "client_max_body_size", "client_header_timeout",
        "client_body_timeout", "keepalive_timeout", "proxy_connect_timeout", "proxy_read_timeout", "proxy_send_timeout",
        "grpc_connect_timeout", "grpc_read_timeout", "grpc_send_timeout", "proxy_next_upstream",
        "proxy_next_upstream_tries", "grpc_next_upstream", "grpc_next_upstream_tries", "proxy_ssl_verify",
        "proxy_ssl_trusted_certificate", "proxy_ssl_name", "proxy_ssl_certificate", "proxy_ssl_certificate_key",
        "grpc_ssl_verify", "grpc_ssl_trusted_certificate", "grpc_ssl_name", "grpc_ssl_certificate",
        "grpc_ssl_certificate_key", "proxy_ssl", "proxy_protocol", "proxy_timeout", "proxy_responses",
        "proxy_set_header",
        "grpc_set_header", "add_header", "limit_conn", "limit_conn_zone", "set_real_ip_from", "real_ip_header",
        "access_log", "worker_processes", "worker_shutdown_timeout", "health_check", "internal", "allow", "deny",
        "auth_basic", "auth_request", "auth_jwt", "root", "alias", "try_files", "autoindex", "fastcgi_pass",
        "uwsgi_pass", "scgi_pass", "memcached_pass", "default_type", "limit_except",
    ]

    /// What Aya does by itself, or what is nginx's own affair.
    private static let needless: Set<String> = [
        "user", "pid", "error_log", "events", "worker_connections", "worker_rlimit_nofile", "worker_cpu_affinity",
        "worker_priority", "multi_accept", "use", "accept_mutex", "load_module", "daemon", "master_process", "env",
        "pcre_jit", "thread_pool", "lock_file", "sendfile", "sendfile_max_chunk", "tcp_nopush", "tcp_nodelay", "aio",
        "directio", "types", "types_hash_max_size", "types_hash_bucket_size", "server_names_hash_bucket_size",
        "server_names_hash_max_size", "map_hash_bucket_size", "map_hash_max_size", "variables_hash_bucket_size",
        "variables_hash_max_size", "proxy_headers_hash_max_size", "proxy_headers_hash_bucket_size", "charset", "index",
        "log_format", "log_not_found", "log_subrequest", "open_log_file_cache", "open_file_cache",
        "open_file_cache_valid", "open_file_cache_min_uses", "open_file_cache_errors", "server_tokens", "etag",
        "keepalive_requests", "keepalive_disable", "keepalive_time", "send_timeout", "reset_timedout_connection",
        "proxy_http_version", "proxy_buffering", "proxy_request_buffering", "proxy_buffers", "proxy_buffer_size",
        "proxy_busy_buffers_size", "proxy_temp_path", "proxy_temp_file_write_size", "proxy_max_temp_file_size",
        "proxy_socket_keepalive", "proxy_ssl_server_name", "proxy_ssl_session_reuse", "proxy_ssl_protocols",
        "proxy_ssl_verify_depth", "grpc_ssl_server_name", "grpc_socket_keepalive", "grpc_buffer_size",
        "proxy_upstream", "client_body_buffer_size", "client_header_buffer_size", "client_body_temp_path",
        "client_body_in_file_only", "client_body_in_single_buffer", "ssl_session_cache", "ssl_session_timeout",
        "ssl_session_tickets", "ssl_session_ticket_key", "ssl_prefer_server_ciphers", "ssl_dhparam", "ssl_stapling",
        "ssl_stapling_verify", "ssl_buffer_size", "ssl_early_data", "ssl_verify_depth", "http2", "http2_push_preload",
        "http2_max_concurrent_streams", "http3", "resolver", "resolver_timeout", "satisfy", "auth_basic_user_file",
        "real_ip_recursive", "port_in_redirect", "server_name_in_redirect", "absolute_redirect", "merge_slashes",
        "underscores_in_headers", "ignore_invalid_headers", "chunked_transfer_encoding", "connection_pool_size",
        "request_pool_size", "output_buffers", "postpone_output", "lingering_close", "lingering_time",
        "lingering_timeout", "max_ranges", "msie_padding", "mirror_request_body", "limit_conn_log_level",
        "limit_conn_status", "limit_req_status", "limit_req_log_level", "fastcgi_param", "fastcgi_index",
        "fastcgi_split_path_info", "fastcgi_buffers", "fastcgi_buffer_size", "fastcgi_read_timeout",
        "fastcgi_intercept_errors", "fastcgi_hide_header", "uwsgi_param", "uwsgi_read_timeout", "scgi_param",
        "autoindex_exact_size", "autoindex_localtime", "gzip_vary", "gzip_proxied", "gzip_comp_level", "gzip_buffers",
        "gzip_http_version", "gzip_types", "gzip_min_length", "gzip_disable", "gzip_static", "brotli_comp_level",
        "brotli_types", "brotli_static", "proxy_cache_path", "proxy_cache_key", "proxy_cache_valid", "proxy_cache_lock",
        "proxy_cache_use_stale", "proxy_cache_bypass", "proxy_cache_methods", "proxy_cache_min_uses",
        "proxy_cache_background_update", "proxy_cache_revalidate", "proxy_no_cache", "proxy_cache_lock_timeout",
        "tcp_user_timeout", "preread_timeout", "preread_buffer_size", "proxy_buffer", "auth_request_set", "break",
        "recursive_error_pages", "proxy_redirect", "proxy_pass_request_headers", "proxy_pass_request_body",
        "proxy_ssl_ciphers", "proxy_bind",
    ]

    /// What is lost, and what to do instead.
    private static let advice: [String: String] = [
        "gzip": "Aya does not compress; let the servers do it",
        "gunzip": "Aya does not compress; let the servers do it",
        "brotli": "Aya does not compress; let the servers do it",
        "proxy_cache": "Aya keeps no cache; 'fallback: { stale: {} }' keeps answers for the time servers are gone",
        "fastcgi_cache": "Aya keeps no cache",
        "limit_req": "Aya bounds connections of a client ('limits: { connections_per_client }'), not its rate",
        "limit_req_zone": "Aya bounds connections of a client ('limits: { connections_per_client }'), not its rate",
        "limit_rate": "Aya does not slow answers down",
        "limit_rate_after": "Aya does not slow answers down",
        "error_page": "a pool's 'fallback' gives another pool or a fixed answer while servers are gone",
        "proxy_intercept_errors": "a pool's 'fallback' answers while servers are gone; their own errors pass",
        "expires": "Aya adds no headers to answers",
        "sub_filter": "Aya does not change bodies",
        "proxy_hide_header": "Aya passes the servers' headers on",
        "proxy_pass_header": "Aya passes the servers' headers on",
        "proxy_cookie_path": "Aya passes cookies on as they are",
        "proxy_cookie_domain": "Aya passes cookies on as they are",
        "proxy_cookie_flags": "Aya passes cookies on as they are",
        "proxy_method": "Aya keeps the method",
        "proxy_set_body": "Aya keeps the body",
        "proxy_ignore_client_abort": "Aya stops asking a server when the client is gone",
        "ssl_ciphers": "Aya's 'profile' (intermediate or modern, as Mozilla recommends) picks the ciphers",
        "ssl_ecdh_curve": "Aya's 'profile' picks the curves",
        "ssl_conf_command": "Aya's 'profile' picks the ciphers",
        "ssl_crl": "Aya checks client certificates without revocation lists",
        "large_client_header_buffers": "set 'limits: { request_line, header_bytes }' of the listener",
        "stub_status": "see 'admin': /metrics and 'aya status' tell more",
        "geo": "Aya does not match client addresses",
        "geoip2": "Aya does not match client addresses",
        "geoip_country": "Aya does not match client addresses",
        "valid_referers": "match the header 'referer' in a route",
        "proxy_store": "Aya keeps no files",
        "proxy_limit_rate": "Aya does not slow answers down",
        "dav_methods": "Aya serves no files",
    ]

    func check(_ block: [NginxDirective], depth: Int = 0) {
        guard depth < 40 else { return }
        for directive in block {
            if directive.name.hasSuffix("_by_lua_block") || directive.name.hasSuffix("_by_lua_file") {
                findings.lost("\(directive.name): Aya runs no Lua", at: directive.origin)
                continue
            }
            switch directive.name {
            case "upstream", "map", "split_clients", "types", "events", "geo": break
            default: if let inner = directive.block { check(inner, depth: depth + 1) }
            }
            if Self.carried.contains(directive.name) || Self.needless.contains(directive.name) { continue }
            if let advice = Self.advice[directive.name] {
                if directive.argument(0) == "off" { continue }
                findings.lost("\(directive.shown): \(advice)", at: directive.origin)
            } else {
                findings.lost("\(directive.shown): Aya has nothing for it", at: directive.origin)
            }
        }
    }
}
