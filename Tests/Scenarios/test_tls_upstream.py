"""TLS towards servers: whom Aya believes, what it says when it does not, and that it goes on from earlier sessions."""

import hashlib
import socket
import ssl
import subprocess
import time

import pytest
from support import certificates
from support.aya import run, wait_until
from support.client import Client, ask, pattern


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return certificates.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def site(authority):
    return authority.issue("api.internal", "api.internal", "IP:127.0.0.1")


def serving(paths, **settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*paths)
    for name, value in settings.items():
        setattr(context, name, value)
    return context


def trusting(authority, **more):
    return {"verify": authority.certificate, **more}


def failure(aya, response, reason):
    """A 502 that says why, here and in the log."""
    assert response.status == 502
    assert response.json()["code"] == reason
    return aya.record(**{"aya.reason": reason})


def test_exchanges_reuse_connections(proxy, upstream, authority, site):
    server = upstream(context=serving(site))
    aya = proxy(server, pool={"tls": trusting(authority)})
    with Client(aya.port) as one:
        for number in range(20):
            assert one.get(f"/{number}").status == 200
    assert server.accepted == 1
    assert server.requests[0].get("x-forwarded-proto") == "http"


def test_large_bodies_both_ways(proxy, upstream, authority, site):
    received = []

    def keep(exchange):
        received.append(exchange.read_body())
        exchange.respond(body=received[-1])

    aya = proxy(upstream(keep, context=serving(site)), pool={"tls": trusting(authority)})
    body = pattern(5_000_000)
    assert ask(aya.port, "POST", "/", body=body).body == body
    assert received == [body]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_resumption(proxy, upstream, authority, site, version):
    server = upstream(context=serving(site, minimum_version=version, maximum_version=version))
    aya = proxy(server, pool={"tls": trusting(authority), "idle_connections": 0})
    for number in range(5):
        assert ask(aya.port).status == 200
    assert server.accepted == 5
    assert server.sessions_reused == 4


def test_the_name_that_is_asked_for(proxy, upstream, authority, site):
    asked = []
    context = serving(site)
    context.sni_callback = lambda connection, name, _: asked.append(name)
    server = upstream(context=context)
    # By address there is nothing to ask for (RFC 6066 section 3), and the certificate has to have the address.
    assert ask(proxy(server, pool={"tls": trusting(authority)}).port).status == 200
    assert ask(proxy(server, pool={"tls": trusting(authority, sni="api.internal")}).port).status == 200
    assert asked == [None, "api.internal"]


def test_servers_that_can_not_be_believed(proxy, upstream, authority, site, tmp_path):
    def refused(context, **tls):
        server = upstream(context=context)
        aya = proxy(server, pool={"tls": {"verify": authority.certificate, **tls}, "outliers": "off"})
        record = failure(aya, ask(aya.port), "tls_certificate_invalid")
        assert record["aya.blame"] == "upstream"
        assert not server.requests

    refused(serving(site), sni="other.internal")
    refused(serving(authority.issue("late", "IP:127.0.0.1", days=-1)))
    refused(serving(certificates.Authority(tmp_path).issue("api.internal", "IP:127.0.0.1")))
    refused(serving(site), verify="system")
    refused(serving(site), pin=["00" * 32])


def test_another_server_is_tried(proxy, upstream, authority, site, tmp_path):
    wrong = upstream(context=serving(certificates.Authority(tmp_path).issue("x", "IP:127.0.0.1")))
    right = upstream(context=serving(site))
    aya = proxy(wrong, right, pool={"tls": trusting(authority)})
    for _ in range(4):
        assert ask(aya.port).status == 200
    assert len(right.requests) == 4 and not wrong.requests


def test_pins(proxy, upstream, authority, site):
    public = subprocess.run(["openssl", "pkey", "-in", site[1], "-pubout", "-outform", "DER"], check=True,
                            stdout=subprocess.PIPE).stdout
    pin = hashlib.sha256(public).hexdigest()
    server = upstream(context=serving(site))
    aya = proxy(server, pool={"tls": {"verify": "insecure", "pin": ["ff" * 32, pin.upper()]}})
    assert ask(aya.port).status == 200


def test_insecure_is_an_explicit_word(proxy, upstream, authority, site, tmp_path):
    server = upstream(context=serving(certificates.Authority(tmp_path).issue("x")))
    aya = proxy(server, pool={"tls": {"verify": "insecure"}})
    assert ask(aya.port).status == 200
    said = run("validate", "-c", aya.configuration_path)
    assert "'verify: insecure' believes everybody" in said.stdout + said.stderr


def test_client_certificates(proxy, upstream, authority, site):
    seen = []

    def who(exchange):
        seen.append(dict(part[0] for part in exchange.socket.getpeercert()["subject"]))
        exchange.respond()

    context = serving(site, verify_mode=ssl.CERT_REQUIRED)
    context.load_verify_locations(authority.certificate)
    aya_paths = authority.issue("aya", usage="clientAuth")
    server = upstream(who, context=context)
    aya = proxy(server, pool={"tls": trusting(authority, client_cert=aya_paths[0], client_key=aya_paths[1])})
    assert ask(aya.port).status == 200
    assert seen == [{"commonName": "aya"}]


def test_servers_that_speak_no_tls(proxy, upstream, relay, authority, site):
    def plain(server, connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        time.sleep(1)

    aya = proxy(relay(plain), pool={"tls": trusting(authority), "outliers": "off"})
    failure(aya, ask(aya.port), "tls_handshake_failed")

    def silent(server, connection):
        time.sleep(3)

    slow = proxy(relay(silent), pool={"tls": trusting(authority), "timeouts": {"connect": "300ms"}})
    assert ask(slow.port).status == 504

    def closing(server, connection):
        connection.recv(10)

    gone = proxy(relay(closing), pool={"tls": trusting(authority), "outliers": "off"})
    failure(gone, ask(gone.port), "tls_handshake_failed")


def test_old_servers_are_refused(proxy, upstream, authority, site):
    context = serving(site)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    aya = proxy(upstream(context=context), pool={"tls": trusting(authority), "outliers": "off"})
    failure(aya, ask(aya.port), "tls_handshake_failed")


def test_a_body_that_ends_with_the_connection(proxy, relay, authority, site):
    """Without TLS's goodbye it may have been cut by anybody (RFC 9112 section 9.8)."""
    def cutting(server, connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nall of it?")
        socket.socket.shutdown(connection, socket.SHUT_WR)

    aya = proxy(relay(cutting, context=serving(site)), pool={"tls": trusting(authority)})
    assert ask(aya.port).truncated

    def ending(server, connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nall of it")
        try:
            connection.unwrap()
        except (OSError, ssl.SSLError):
            pass

    aya = proxy(relay(ending, context=serving(site)), pool={"tls": trusting(authority)})
    assert ask(aya.port).body == b"all of it"


def test_gnutls_server(proxy, port, authority, site):
    listening = port()
    server = subprocess.Popen(
        ["gnutls-serv", "--http", "--port", str(listening), "--x509certfile", site[0], "--x509keyfile", site[1],
         "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: not socket.socket().connect_ex(("127.0.0.1", listening)))
        aya = proxy(f"127.0.0.1:{listening}", pool={"tls": trusting(authority, sni="api.internal")})
        response = ask(aya.port)
        assert response.status == 200 and b"GnuTLS" in response.body
    finally:
        server.terminate()
        server.wait()


def test_tcp_sessions(start, port, relay, authority, site):
    """TLS on both sides of a TCP listener, each of its own."""
    def echo(server, connection):
        while data := connection.recv(65536):
            connection.sendall(data)

    listening = port()
    start({"listeners": {"db": {"bind": f"127.0.0.1:{listening}", "protocol": "tcp", "pool": "main",
                                "tls": {"certificates": [{"cert": site[0], "key": site[1]}]}}},
           "pools": {"main": {"servers": [relay(echo, context=serving(site)).address],
                              "tls": trusting(authority)}}})
    context = ssl.create_default_context(cafile=authority.certificate)
    with Client(listening, wrap=lambda plain: context.wrap_socket(plain, server_hostname="api.internal")) as one:
        for size in (1, 20_000, 300_000):
            one.send(pattern(size))
            assert one.stream.exactly(size) == pattern(size)


def test_probes(proxy, upstream, authority, site, tmp_path):
    """They speak TLS where the pool does, and find a wrong certificate."""
    health = {"http": "/healthz", "interval": "100ms", "timeout": "90ms", "rise": 1, "fall": 1}
    good = upstream(context=serving(site))
    bad = upstream(context=serving(certificates.Authority(tmp_path).issue("x", "IP:127.0.0.1")))
    aya = proxy(good, bad, pool={"tls": trusting(authority), "health": health, "outliers": "off"})
    aya.wait_for_state(bad.address, "down")
    wait_until(lambda: "/healthz" in good.targets)
    assert aya.server(good.address)["state"] == "available"
    tcp = proxy(good, bad, pool={"tls": trusting(authority), "health": {"tcp": {}, "interval": "100ms", "timeout": "90ms", "fall": 1},
                                 "outliers": "off"})
    tcp.wait_for_state(bad.address, "down")
    assert tcp.server(good.address)["state"] == "available"


def named_after(seconds):
    def behave(exchange):
        exchange.read_body()
        time.sleep(seconds)
        exchange.respond(body=exchange.upstream.name.encode())

    return behave


def test_hedges_shake_hands(proxy, upstream, authority, site):
    late = upstream(named_after(1), name="late", context=serving(site))
    quick = upstream(named_after(0), name="quick", context=serving(site))
    aya = proxy(late, quick, pool={"tls": trusting(authority), "hedge": {"after": "100ms", "budget": "100%"}})
    begun = time.monotonic()
    assert [ask(aya.port).body for _ in range(3)] == [b"quick"] * 3
    assert time.monotonic() - begun < 1


def test_hedges_believe_no_stranger(proxy, upstream, authority, site, tmp_path):
    """A second server that can not show who it is gets nothing of the request; the first one's answer counts."""
    stranger = certificates.Authority(tmp_path).issue("api.internal", "api.internal", "IP:127.0.0.1")
    late = upstream(named_after(0.4), name="late", context=serving(site))
    false = upstream(named_after(0), name="false", context=serving(stranger))
    aya = proxy(late, false, pool={"tls": trusting(authority), "outliers": "off",
                                   "hedge": {"after": "100ms", "budget": "100%"}})
    assert ask(aya.port).body == b"late"
    assert aya.metric("aya_pool_hedges_total", pool="main") == 1
    assert not false.requests
