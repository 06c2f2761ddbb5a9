"""The dashboard's files before a made-up Aya that answers everything a page can ask for: for looking at pages while
they are written, and for tests of what a small real Aya has nothing to say about.

    python3 Tests/Scenarios/support/dashboard_mock.py [PORT]
"""

import json
import math
import os
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__)))))
SITE = os.path.join(ROOT, "Sources/CAyaDashboard/site")
TYPES = {"html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")


def stamp(seconds_ago=0):
    at = time.time() - seconds_ago
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at % 1 * 1000):03d}Z"


POOLS = {
    "web": ("auto", [f"10.0.1.{n}:8080" for n in range(1, 7)]),
    "checkout": ("peak_ewma", [f"10.0.2.{n}:8080" for n in range(1, 4)]),
    "images": ("maglev", [f"10.0.3.{n}:8080" for n in range(1, 5)]),
    "postgres": ("least_connections", ["10.0.4.1:5432", "10.0.4.2:5432"]),
}
STATES = {
    "10.0.1.4:8080": ("down", "connection refused (3 of 3 probes)", 412),
    "10.0.3.2:8080": ("ejected", "31% of requests failed, others 0%, back in 24s", 6),
    "10.0.2.3:8080": ("draining", None, 65),
}
ROUTES = {"api": ("web", 420), "cart": ("checkout", 64), "pictures": ("images", 310), "site": ("web", 530)}
LISTENERS = [("web", "http", "[::]:80"), ("secure", "http", "[::]:443"), ("db", "tcp", "[::]:5432")]


def wave(name, at):
    """A load that a shop could have, the same for every asker."""
    seed = sum(map(ord, name))
    day = 1 + 0.45 * math.sin((at % 86400) / 86400 * 2 * math.pi - 1.9) + 0.12 * math.sin(at / 2900 + seed)
    noise = random.Random(f"{name}{int(at)}").gauss(0, 0.018)
    return max(0.05, day + noise)


def figure(series, at):
    parts = series.split("/")
    kind, metric = parts[0], parts[-1]
    name = "/".join(parts[1:-1])
    base = {"aya": 1320, "listeners": 600}.get(kind, 200)
    if kind == "routes":
        base = ROUTES.get(name, ("", 10))[1]
    if kind == "pools":
        base = sum(rate for pool, rate in ROUTES.values() if pool == name)
    if kind == "servers":
        pool, address = parts[1], parts[2]
        size = len(POOLS[pool][1]) if pool in POOLS else 2
        state = STATES.get(address, ("available",))[0]
        base = 0 if state in ("down", "ejected") else sum(r for p, r in ROUTES.values() if p == pool) / size
    trouble = 6 if 2000 < (at % 32000) < 3100 else 1
    scale = wave(series.rsplit("/", 1)[0], at)
    slow = {"images": 3.1, "checkout": 2.2}.get(parts[1] if len(parts) > 2 else "", 1)
    return {
        "requests": base * scale, "errors": base * scale * 0.0011 * trouble, "client_errors": base * scale * 0.007,
        "latency_mean": 0.009 * slow * scale, "latency_p50": 0.0062 * slow * (0.7 + 0.3 * scale),
        "latency_p99": 0.041 * slow * scale * (1 + 0.25 * (trouble - 1)), "in_flight": round(base * scale * 0.011),
        "connections": round(base * scale * 0.4), "bytes_in": base * scale * 730, "bytes_out": base * scale * 14300,
        "servers_available": 4, "saturation": min(1, 0.42 * scale),
    }.get(metric)


def names():
    found = [f"aya/{m}" for m in METRICS]
    for kind, group in (("listeners", [n for n, _, _ in LISTENERS]), ("routes", ROUTES), ("pools", POOLS)):
        found += [f"{kind}/{name}/{m}" for name in group for m in METRICS]
    return found + [f"servers/{p}/{s}/{m}" for p, (_, servers) in POOLS.items() for s in servers for m in METRICS]


METRICS = ["requests", "errors", "client_errors", "latency_mean", "latency_p50", "latency_p99", "in_flight",
           "connections", "bytes_in", "bytes_out", "saturation"]


class Story:
    """What has been changed, and what happened."""

    def __init__(self):
        self.began = time.time() - 19 * 86400
        self.generation = 42
        self.weights = {}
        self.states = dict(STATES)
        self.disabled = []
        self.audit = [{
            "time": stamp(7_200), "identity": "brain", "client": "aya", "agent": None, "generation_before": 42,
            "generation_after": 42, "action": "scale to 8 servers (pools/web)", "problems": [],
            "reason": "1,240/s are foreseen in 22 minutes; six servers carry 1,080/s",
            "changes": ["servers of web: 6 -> 8 wanted", "the hook ran"]}]


STORY = Story()


def classes(rate):
    total = int(rate * (time.time() - STORY.began))
    return {"1xx": 0, "2xx": total, "3xx": total // 30, "4xx": total // 140, "5xx": total // 900}


def server(pool, address, at):
    state, reason, age = STORY.states.get(address, ("available", None, None))
    name = f"servers/{pool}/{address}"
    return {
        "address": address, "weight": STORY.weights.get(address, 1), "state": state,
        "since": age and stamp(age), "reason": reason, "in_flight": figure(f"{name}/in_flight", at),
        "connections_open": 9, "connections_idle": 4, "connects": 1000, "connect_failures": 3, "reused": 10 ** 6,
        "bytes_received": 10 ** 9, "bytes_sent": 10 ** 10, "requests": classes(0 if state in ("down", "ejected") else 25),
        "failures": {"connect_refused": 12} if state == "down" else {"upstream_timeout": 481} if state == "ejected" else {},
        "first_byte_seconds": {"p50": 0.006, "p90": 0.02, "p99": 0.041},
    }


def status(more=0):
    at = time.time()
    return {
        "version": "0.9.0", "generation": STORY.generation, "state": "ready", "uptime_seconds": at - STORY.began,
        "workers": 8, "silent_workers": [], "disabled_routes": STORY.disabled,
        "listeners": [{
            "name": name, "protocol": kind, "address": address, "flows_open": 0, "connections_accepted": 10 ** 6,
            "connections_open": figure(f"listeners/{name}/connections", at), "connections_refused": 0,
            "requests": 10 ** 7, "bytes_received": 10 ** 9, "bytes_sent": 10 ** 10, "sessions": {},
        } for name, kind, address in LISTENERS],
        "routes": [{
            "name": name, "in_flight": figure(f"routes/{name}/in_flight", at), "requests": classes(rate),
            "failures": {"ok": 10 ** 8, "upstream_timeout": 812, "client_gone": 3310, "connect_refused": 12},
            "duration_seconds": {"p50": 0.0071, "p90": 0.021, "p99": 0.048},
        } for name, (_, rate) in ROUTES.items() if name not in STORY.disabled],
        "pools": [{
            "name": name, "balance": balance, "retries": 17, "panic": False,
            "servers": [server(name, one, at) for one in servers],
        } for name, (balance, servers) in POOLS.items()] + [{
            "name": f"more-{n}", "balance": "auto", "retries": 0, "panic": False,
            "servers": [server("web", f"10.1.{n}.{k}:80", at) for k in range(1, 3)],
        } for n in range(more)],
        "certificates": [
            {"listener": "secure", "certificate": "shop.example", "seconds_left": 61 * 86400, "failures": 0, "problem": None},
            {"listener": "secure", "certificate": "api.shop.example", "seconds_left": 12 * 86400, "failures": 2,
             "problem": "the authority did not find the proof at api.shop.example: connection timed out"},
        ],
    }


def config():
    route = {"priority": "0", "timeout": "none", "criticality": "normal", "mirror": "off", "faults": "off"}
    pool = {"balance": "auto", "slow_start": "10s", "timeouts": {"connect": "1s", "response": "30s", "idle": "1m"},
            "retry": {"attempts": 3, "when": ["connect_failure", "reset"], "budget": "20%"}, "hedge": "auto",
            "breaker": "off", "queue": "off", "health": {"http": {"path": "/healthz", "method": "GET"}, "interval": "2s"}}
    return {
        "listeners": {name: {"bind": address, "protocol": kind, "tls": {"hosts": ["shop.example"]} if name == "secure" else "off",
                             "limits": {"connections": 100000}} for name, kind, address in LISTENERS},
        "routes": {
            "api": {"host": "shop.example", "path": "/api/*", **route, "timeout": "10s", "pool": {"web": 1}},
            "cart": {"host": "shop.example", "path": "/cart/*", "methods": ["POST"], **route, "criticality": "critical", "pool": {"checkout": 1}},
            "pictures": {"path": "/images/*", **route, "mirror": {"pool": "web", "share": "5%"}, "pool": {"images": 95, "web": 5}},
            "site": {**route, "pool": {"web": 1}},
        },
        "pools": {name: {"servers": [], **pool, "balance": balance} for name, (balance, _) in POOLS.items()},
        "workers": "auto",
    }


YAML = """\
listeners:
  web:
    bind: "[::]:80"
    protocol: http
    tls: off
    limits:
      request_line: 8KiB
      connections: 100000
routes:
  cart:
    host: shop.example
    path: /cart/*
    criticality: critical
    pool:
      checkout: 1
pools:
  web:
    servers:
      - address: 10.0.1.1:8080
        weight: 1
    balance: auto
    timeouts:
      connect: 1s
"""

CHANGES = ["+ route beta", "~ server web/10.0.1.1:8080", "    weight: 1 -> 3", "- server web/10.0.1.9:8080"]

EVENTS = [
    (1900, "notice", "configuration applied", {"generation": "42", "change": "reload", "changes": "+1 route, ~2 servers"}),
    (1300, "notice", "certificate obtained", {"listener": "secure", "host": "shop.example", "until": "2027-01-23"}),
    (1290, "error", "no certificate obtained", {"listener": "secure", "host": "api.shop.example", "retry_in": "3600s"}),
    (412, "warning", "server is down", {"pool": "web", "server": "10.0.1.4:8080", "reason": "connection refused (3 of 3 probes)"}),
    (65, "notice", "server is draining", {"pool": "checkout", "server": "10.0.2.3:8080"}),
    (6, "warning", "server is ejected", {"pool": "images", "server": "10.0.3.2:8080", "reason": "31% of requests failed, others 0%"}),
]


def generations():
    origins = [("start", "+3 listeners, +4 routes"), ("reload", "+1 route, ~2 servers"), ("weight 3 for web/10.0.1.1:8080", "~1 server"),
               ("rollback to 40", "~1 server"), ("reload", "+1 pool")]
    return [{"generation": 38 + n, "time": stamp((5 - n) * 7000), "origin": origin, "summary": summary,
             "running": 38 + n == STORY.generation} for n, (origin, summary) in enumerate(origins)]


def record():
    route = random.choice(list(ROUTES))
    pool = ROUTES[route][0]
    code = random.choices([200, 304, 404, 502, 503], [90, 6, 3, 0.6, 0.4])[0]
    duration = random.lognormvariate(-4.6, 0.7)
    path = {"api": "/api/v2/orders", "cart": "/cart/items", "pictures": "/images/hero-{}.avif", "site": "/products/{}"}[route]
    return {
        "timestamp": stamp(), "aya.listener": "secure", "client.address": f"203.0.113.{random.randint(1, 250)}",
        "http.request.method": "POST" if route == "cart" else "GET", "server.address": "shop.example",
        "url.path": path.format(random.randint(1, 900)), "http.response.status_code": code,
        "http.response.body.size": random.randint(200, 90000), "http.route": route, "aya.pool": pool,
        "aya.server": random.choice(POOLS[pool][1]), "aya.attempts": 1,
        "aya.reason": {502: "upstream_reset", 503: "queue_full"}.get(code, "ok"), "aya.duration.total": duration,
        "aya.duration.first_byte": duration * 0.8,
    }


def forecast(series, horizon):
    now = int(time.time()) // 60 * 60
    steps = [now + 60 * (n + 1) for n in range(horizon)]
    mean = [figure(series, at) for at in steps]
    smooth = [sum(mean[max(0, n - 4):n + 5]) / len(mean[max(0, n - 4):n + 5]) for n in range(len(mean))]
    width = [1 + 0.012 * n for n in range(horizon)]
    spread = lambda share: [m * share * w for m, w in zip(smooth, width)]
    inner, outer = spread(0.06), spread(0.1)
    return {"series": series, "step_seconds": 60, "start": steps[0], "mean": smooth,
            "lo80": [m - d for m, d in zip(smooth, inner)], "hi80": [m + d for m, d in zip(smooth, inner)],
            "lo95": [m - d for m, d in zip(smooth, outer)], "hi95": [m + d for m, d in zip(smooth, outer)]}


def history(query):
    step = {"1s": 1, "1m": 60, "1h": 3600}[query["resolution"][0]]
    start, end = (int(query[key][0]) // step * step for key in ("from", "to"))
    series = {}
    for name in query["series"][0].split(","):
        series[name] = [figure(name, at) for at in range(start, end, step)]
    return {"resolution_seconds": step, "start": start, "series": series}


NOW = time.time()
ADVICE = {"advice": [
    {"id": 6, "time": NOW - 5400, "kind": "balance", "subject": "pools/images", "action": "least_connections", "value": None, "confidence": 0.71,
     "reason": "in trials its answers were 2.1 times as quick", "expiry_seconds": 600, "outcome": "p99 fell from 122 ms to 47 ms"},
    {"id": 7, "time": NOW - 240, "kind": "capacity", "subject": "pools/web", "action": "servers", "value": 8, "confidence": 0.83,
     "reason": "1,240/s are foreseen in 22 minutes; six servers carry 1,080/s", "expiry_seconds": 600, "outcome": None}]}
INCIDENTS = {"incidents": [
    {"id": 2, "subject": "route api", "state": "over", "began": NOW - 40000, "last_alarm": NOW - 38200, "ended": NOW - 38000, "alarms": 3,
     "score": 4.2, "evidence": ["latency of route api"], "culprits": []},
    {"id": 3, "subject": "pool images", "state": "open", "began": NOW - 420, "last_alarm": NOW - 20, "ended": None, "alarms": 9, "score": 11.5,
     "evidence": ["errors of pool images", "latency of pool images"],
     "culprits": [{"dimension": "server", "value": "10.0.3.2:8080", "share": 0.97, "before": 0.25, "during": 0.97}]}]}
ALERTS = {"alerts": [
    {"name": "errors", "subject": "routes/pictures", "urgency": "page", "state": "firing", "since": stamp(300), "value": 0.031,
     "threshold": 0.01, "reason": "3.1 % of 8112 exchanges failed in the last minute", "silenced_until": None},
    {"name": "certificates", "subject": "api.shop.example", "urgency": "ticket", "state": "pending", "since": stamp(9000), "value": 1036800,
     "threshold": 1209600, "reason": "12 days left", "silenced_until": None}]}
EXPLANATION = {
    "generation": 42, "outcome": "forwarded to pool checkout, server 10.0.2.2:8080",
    "listener": {"name": "secure", "address": "[::]:443", "why": "it has the port of the URL and speaks TLS"},
    "route": {"name": "cart", "matched": ["host is shop.example", "path is /cart/*", "method is POST"], "why": "its path is the longest of those that match"},
    "others": [{"route": "site", "matches": True, "why": "'cart' comes first: it has a path"}, {"route": "api", "matches": False, "why": "path is not /api/*"}],
    "others_left_out": 2,
    "policies": [{"name": "criticality", "value": "critical", "from": "route cart"}, {"name": "retry", "value": "3 attempts, budget 20%", "from": "pool checkout"}],
    "pool": {"name": "checkout", "balance": "peak_ewma", "cost_unit": "ms", "share": None, "workers": [0, 1], "why": "the lowest peak latency, times requests in flight",
             "candidates": [
                 {"server": "10.0.2.1:8080", "available": True, "holds": [], "weight": 1, "in_flight": 3, "cost": 12.1, "chance": 0.21, "picked": False, "picked_by": []},
                 {"server": "10.0.2.2:8080", "available": True, "holds": [], "weight": 1, "in_flight": 2, "cost": 9.73, "chance": 0.79, "picked": True, "picked_by": [0, 1]},
                 {"server": "10.0.2.3:8080", "available": False, "holds": ["draining"], "weight": 1, "in_flight": 1, "cost": None, "chance": 0, "picked": False, "picked_by": []}]}}
BRAIN = {"series_watched": 214, "incidents_open": 1, "busy_seconds": 940.0, "uptime_seconds": 19 * 86400, "pools": [
    {"name": "web", "functions": {"forecast": "on", "anomalies": "alert", "precursors": "drain", "capacity": "advice"},
     "capacity": {"requests_per_server": 181.0, "knee_seen": True, "quiet_latency": 0.006, "confidence": 0.8, "curve": []},
     "balance": {"workers": ["peak_ewma", "peak_ewma", "least_connections"], "reason": "in trials its answers were quicker"},
     "forecast": {"outcomes": 1200, "relative_error": 0.061, "coverage80": 0.79}},
    {"name": "images", "functions": {"forecast": "on"}, "forecast": {"outcomes": 400, "relative_error": 0.094, "coverage80": 0.81}}]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, code, content_type, body):
        self.send_response(code)
        self.send_header("content-type", content_type)
        self.send_header("content-security-policy", POLICY)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def json(self, value, code=200):
        self.answer(code, "application/json" if code < 400 else "application/problem+json", json.dumps(value).encode())

    def absent(self):
        self.json({"title": "Nothing is at this path", "status": 404, "code": "not_found"}, 404)

    def feed(self, next_event, pause):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        try:
            while True:
                event = next_event()
                if event:
                    name, data = event
                    self.wfile.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
                    self.wfile.flush()
                    if name != "message":
                        time.sleep(pause())
                else:
                    time.sleep(1)
        except OSError:
            pass
        self.close_connection = True

    def do_GET(self):
        url = urlsplit(self.path)
        path, query = unquote(url.path), parse_qs(url.query)
        if any(path.startswith(one) for one in self.server.without):
            return self.absent()
        if self.server.token and path.startswith("/v1/") and self.headers.get("authorization") != f"Bearer {self.server.token}":
            return self.json({"title": "A token is needed", "status": 401, "code": "unauthorized"}, 401)
        if path == "/v1/live":
            # What is beyond the usual does not come live, as with thousands of series.
            part = {"truncated": True} if self.server.more else {}
            return self.feed(lambda: ("sample", {
                "time": time.time(), **part, "values": {n: figure(n, time.time()) for n in ALL}}), lambda: 1)
        if path == "/v1/tap":
            return self.feed(lambda: ("exchange", record()), lambda: random.expovariate(8))
        if path == "/v1/events":
            waiting = [("message", {"timestamp": stamp(age), "level": level, "message": message, **fields})
                       for age, level, message, fields in EVENTS]
            return self.feed(lambda: waiting.pop(0) if waiting else None, lambda: 1)
        if path == "/v1/config" and "json" not in self.headers.get("accept", ""):
            return self.answer(200, "application/yaml", YAML.encode())
        if path.startswith("/v1/generations/"):
            return self.answer(200, "application/yaml", YAML.encode())
        answers = {
            "/v1/status": lambda: status(self.server.more), "/v1/config": config, "/v1/generations": lambda: {"generations": generations()},
            "/v1/diff": lambda: {"summary": "+1 route, ~1 server, -1 server", "changes": CHANGES},
            "/v1/audit": lambda: {"changes": STORY.audit}, "/v1/alerts": lambda: ALERTS, "/v1/brain": lambda: BRAIN,
            "/v1/brain/advice": lambda: ADVICE, "/v1/brain/incidents": lambda: INCIDENTS,
            "/v1/brain/forecast": lambda: forecast(query["series"][0], int(query["horizon"][0])),
            "/v1/history": lambda: history(query), "/v1/history/series": lambda: {"series": ALL},
        }
        if path in answers:
            return self.json(answers[path]())
        name = "index.html" if path == "/" else path.lstrip("/")
        file = os.path.realpath(os.path.join(SITE, name))
        if not file.startswith(SITE) or not os.path.isfile(file):
            return self.absent()
        with open(file, "rb") as opened:
            self.answer(200, TYPES.get(file.rsplit(".", 1)[-1], "text/plain"), opened.read())

    def change(self):
        body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or "{}")
        url = urlsplit(self.path)
        path = unquote(url.path).split("/")
        if path[2] == "explain":
            return self.json(EXPLANATION)
        if "dry_run" not in url.query:
            if "servers" in path and "weight" in body and self.command == "PATCH":
                STORY.weights[path[-1]] = body["weight"]
            if "drain" in body:
                STORY.states[path[-1]] = ("draining", None, 0) if body["drain"] else ("available", None, None)
            if path[2] == "routes":
                STORY.disabled = [] if body["enabled"] else [path[-1]]
            STORY.audit.append({"time": stamp(), "client": "127.0.0.1:51000", "agent": None, "action": f"{self.command} {url.path}",
                                "generation_before": 42, "generation_after": 42, "changes": [], "problems": []})
        self.json({"generation": STORY.generation, "description": "generation 43 applied in 12 ms: ~1 server",
                   "summary": "~1 server", "changes": CHANGES, "warnings": [], "duration_seconds": 0.012})

    do_POST = do_PATCH = do_DELETE = change


ALL = names()


class Mock:
    """One on a port of its own, in this process. `without`: beginnings of paths that it does not have; `token`: what it
    wants to be shown; `more`: pools beyond the usual."""

    def __init__(self, port=0, without=(), token=None, more=0):
        ThreadingHTTPServer.request_queue_size = 64
        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.server.without = without
        self.server.token = token
        self.server.more = more
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    mock = Mock(int(sys.argv[1]) if len(sys.argv) > 1 else 9911)
    print(f"http://127.0.0.1:{mock.port}/")
    threading.Event().wait()
