"""What is measured, by name. The order is that of the result files."""

from . import check, dns, grpc, http1, layer4, memory, reload, scaling, straggler, telemetry, tls

SCENARIOS = {
    "h1-keepalive": http1.keepalive,
    "h1-fixedrate": http1.fixed_rate,
    "h1-large": http1.large,
    "h1-newconn": http1.new_connection,
    "tls-h1": tls.http1,
    "tls-handshake": tls.handshake,
    "h2-tls": tls.http2,
    "h2-large": tls.http2_large,
    "grpc-unary": grpc.unary,
    "tcp-l4": layer4.tcp,
    "tcp-newconn": layer4.tcp_new_connection,
    "udp": layer4.udp,
    "idle-mem": memory.idle,
    "idle-mem-tls": memory.idle_tls,
    "routes-scale": scaling.routes,
    "backends-scale": scaling.backends,
    "reload": reload.reload,
    "dns": dns.dns,
    "telemetry": telemetry.telemetry,
    "straggler": straggler.straggler,
    "check": check.check,
}
GROUPS = {
    "all": [name for name in SCENARIOS if name != "check"],
    "core": [
        "h1-keepalive", "h1-large", "h1-newconn", "tls-h1", "tls-handshake", "h2-tls", "h2-large", "grpc-unary", "tcp-l4", "udp", "idle-mem",
        "idle-mem-tls",
    ],
    # What Benchmarks/targets.json speaks of.
    "targets": [
        "h1-keepalive", "h1-fixedrate", "h1-large", "h1-newconn", "tls-h1", "tls-handshake", "h2-tls", "h2-large",
        "grpc-unary", "tcp-l4", "udp", "idle-mem", "routes-scale", "telemetry",
    ],
}


def expand(names):
    """Scenario names, with groups replaced by what they hold."""
    expanded = []
    for name in names:
        if name not in SCENARIOS and name not in GROUPS:
            raise KeyError(name)
        expanded += [one for one in GROUPS.get(name, [name]) if one not in expanded]
    return expanded
