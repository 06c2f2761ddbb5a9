"""Headless Chromium over HTTP/2 and `tls: internal`: a page, fetches, server-sent events, a WebSocket, gRPC-Web."""

import base64
import hashlib
import json
import ssl
import subprocess
import threading
import time

import pytest
from support.browser import CHROMIUM, Browser
from support.grpcs import CallServer
from support.sockets import EchoServer

pytestmark = [pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed"), pytest.mark.timeout(120)]

PAGE = """<!doctype html><title>Aya</title><script type="module">
const report = {};
const tasks = {
    async fetches() {
        const all = [...Array(30).keys()].map(i => fetch(`/item/${i}`).then(r => r.text()));
        return (await Promise.all(all)).every((text, i) => text == `item ${i}`);
    },
    async upload() {
        const answer = await fetch("/upload", {method: "POST", body: new Uint8Array(3_000_000)});
        return (await answer.json()).size;
    },
    events: () => new Promise((done, fail) => {
        const seen = [], source = new EventSource("/events");
        source.onmessage = event => {
            seen.push(event.data);
            if (seen.length == 5) { source.close(); done(seen.join(",")); }
        };
        source.onerror = () => fail("events ended");
    }),
    socket: () => new Promise((done, fail) => {
        const seen = [], socket = new WebSocket(`wss://${location.host}/chat`, ["talk"]);
        socket.binaryType = "arraybuffer";
        socket.onopen = () => { socket.send("hello"); socket.send(new Uint8Array(200_000)); };
        socket.onmessage = event => {
            seen.push(typeof event.data == "string" ? event.data : event.data.byteLength);
            if (seen.length == 2) socket.close(1000, "enough");
        };
        socket.onclose = event => done({seen, code: event.code, protocol: socket.protocol});
        socket.onerror = () => fail("no socket");
    }),
};
for (const [name, task] of Object.entries(tasks)) {
    try { report[name] = await task(); } catch (problem) { report[name] = `failed: ${problem}`; }
}
const entries = performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"));
report.protocols = [...new Set(entries.map(entry => entry.nextHopProtocol))];
await fetch("/report", {method: "POST", body: JSON.stringify(report)});
</script>"""

# A page of one origin that calls a service of another, as clients of gRPC-Web do.
CALLS = """<!doctype html><title>Calls</title><script type="module">
const report = {};
const message = new Uint8Array([0, 0, 0, 0, 5, 104, 101, 108, 108, 111]);
async function call(path, headers) {
    const answer = await fetch(`https://localhost:PORT${path}`, {method: "POST", body: message, headers: {
        "content-type": "application/grpc-web+proto", "x-grpc-web": "1", "x-user-agent": "grpc-web-javascript/0.1",
        "grpc-timeout": "5S", ...headers}});
    const status = answer.headers.get("grpc-status"), text = answer.headers.get("grpc-message");
    return {status, text, mine: answer.headers.get("x-head"), body: [...new Uint8Array(await answer.arrayBuffer())]};
}
const told = (name, task) => task.then(value => report[name] = value, problem => report[name] = `failed: ${problem}`);
await told("unary", call("/test.Echo/Unary", {"x-custom": "c"}));
await told("failure", call("/test.Echo/StreamOut", {}));
await told("stranger", fetch("https://localhost:PORT/test.Echo/Unary", {method: "PUT", body: "x"}));
await fetch("/report", {method: "POST", body: JSON.stringify(report)});
</script>"""


def key_of(aya):
    """The digest of the public key that the listener shows."""
    certificate = ssl.get_server_certificate(("127.0.0.1", aya.port))
    public = subprocess.run(["openssl", "x509", "-pubkey", "-noout"], input=certificate.encode(), capture_output=True,
                            check=True).stdout
    plain = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public, capture_output=True,
                           check=True).stdout
    return base64.b64encode(hashlib.sha256(plain).digest()).decode()


class Site:
    """What the browser sees: a page, and a place where it leaves its report."""

    def __init__(self, page):
        self.page = page
        self.report = None
        self.reported = threading.Event()

    def __call__(self, exchange):
        body = exchange.read_body()
        target = exchange.request.target
        if target == "/report":
            self.report = json.loads(body)
            exchange.respond(204)
            self.reported.set()
        elif target == "/events":
            exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            for number in range(5):
                event = b"data: %d\n\n" % number
                exchange.send(b"%x\r\n%s\r\n" % (len(event), event))
                time.sleep(0.05)
            exchange.upstream.stopped.wait(30)
            exchange.close()
        elif target.startswith("/item/"):
            exchange.respond(headers={"Content-Type": "text/plain"}, body=b"item " + target[6:].encode())
        elif target == "/upload":
            exchange.respond(headers={"Content-Type": "application/json"}, body=b'{"size":%d}' % len(body))
        elif target == "/":
            exchange.respond(headers={"Content-Type": "text/html"}, body=self.page.encode())
        else:
            exchange.respond(404)


@pytest.fixture
def browse(tmp_path):
    """A function that opens Aya's page and gives what it reports."""
    opened = []

    def open_page(aya, site, *others):
        trusted = [key_of(one) for one in (aya, *others)]
        opened.append(Browser(f"https://localhost:{aya.port}/", tmp_path, trusting=",".join(trusted)))
        assert site.reported.wait(60), opened[-1].log[-4000:]
        return site.report

    yield open_page
    for browser in opened:
        browser.stop()


def start_site(start, port, upstream, page, extra_pools, extra_routes):
    """Aya before a site and what else the page needs; and the site."""
    site, listening = Site(page), port()
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}", "tls": "internal"}},
        "pools": {"main": {"servers": [upstream(site).address]}, **extra_pools},
        "routes": {"site": {"pool": "main"}, **extra_routes}})
    aya.port = listening
    return aya, site


@pytest.mark.parametrize("protocol", ["http", "h2"])
def test_page(start, port, proxy, upstream, browse, protocol):
    """The WebSocket's server speaks HTTP/1.1; it is reached directly, or by HTTP/2 through another Aya."""
    chat = EchoServer(subprotocols=["talk"])
    try:
        behind = chat.address if protocol == "http" else f"127.0.0.1:{proxy(chat).port}"
        aya, site = start_site(start, port, upstream, PAGE,
                               {"chat": {"servers": [behind], "protocol": protocol}},
                               {"chat": {"path": "/chat", "pool": "chat"}})
        report = browse(aya, site)
    finally:
        chat.stop()
    assert report["fetches"] is True and report["upload"] == 3_000_000
    assert report["events"] == "0,1,2,3,4"
    assert report["socket"] == {"seen": ["hello", 200_000], "code": 1000, "protocol": "talk"}
    assert report["protocols"] == ["h2"]
    record = aya.record(url__path="/chat")
    assert record["network.protocol.version"] == "2" and record["tls.protocol.version"] == "1.3"


def test_calls_from_another_origin(start, port, upstream, browse):
    """What a program of gRPC-Web sends and reads, from a page that another host served."""
    def unary(request, context):
        context.send_initial_metadata([("x-head", "h"), ("x-hidden", "n")])
        assert ("x-custom", "c") in context.invocation_metadata()
        return request + b"!"

    server = CallServer(unary=unary)
    services = port()
    try:
        aya, site = start_site(start, port, upstream, CALLS.replace("PORT", str(services)), {}, {})
        calls = start({
            "listeners": {"web": {"bind": f"127.0.0.1:{services}", "tls": "internal"}},
            "pools": {"calls": {"servers": [server.address], "protocol": "grpc"}},
            "routes": {"calls": {"pool": "calls", "grpc_web": {
                "origins": [f"https://localhost:{aya.port}"], "expose": ["x-head"]}}}})
        calls.port = services
        report = browse(aya, site, calls)
    finally:
        server.stop()
    assert report["unary"]["mine"] == "h" and report["unary"]["status"] is None
    assert bytes(report["unary"]["body"]).startswith(b"\0\0\0\0\x06hello!\x80")
    assert report["failure"]["status"] == "12" and not report["failure"]["body"]
    assert report["stranger"].startswith("failed")
    assert any(record["http.request.method"] == "OPTIONS" for record in calls.records())
