"""TLS towards clients: real peers, names, versions, resumption, client certificates, and what goes wrong."""

import json
import os
import re
import socket
import ssl
import subprocess
import time

import pytest
from support import certificates
from support.aya import run, wait_until
from support.client import Client, pattern


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return certificates.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def site(authority):
    return authority.issue("localhost", "localhost", "aya.test")


def pair(paths, **more):
    return {"cert": paths[0], "key": paths[1], **more}


@pytest.fixture
def secure(proxy, site):
    """A function that starts Aya with an HTTPS listener."""

    def start(*servers, certificates=None, tls=None, listener=None, **more):
        tls = {"certificates": certificates or [pair(site)], **(tls or {})}
        return proxy(*servers, listener={"tls": tls, **(listener or {})}, **more)

    return start


def trusting(authority, **settings):
    context = ssl.create_default_context(cafile=authority.certificate)
    for name, value in settings.items():
        setattr(context, name, value)
    return context


def connect(aya, authority, name="localhost", context=None, **settings):
    context = context or trusting(authority)
    return Client(aya.port, wrap=lambda plain: context.wrap_socket(plain, server_hostname=name, **settings))


def curl(authority, url, *arguments):
    done = subprocess.run(
        ["curl", "-sS", "--cacert", authority.certificate, *arguments, url], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout


def s_client(aya, authority, *arguments, text="", name="localhost"):
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{aya.port}", "-servername", name, "-CAfile",
         authority.certificate, *arguments], input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=20)
    return done.stdout


# what works

def test_exchanges_on_one_connection(secure, upstream, authority):
    server = upstream()
    aya = secure(server)
    with connect(aya, authority) as one:
        assert one.socket.version() == "TLSv1.3"
        for number in range(3):
            response = one.request(target=f"/{number}")
            assert response.status == 200
            assert server.requests[-1].get("x-forwarded-proto") == "https"
    assert aya.metric("aya_listener_handshakes_total", listener="web") == 1


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_curl(secure, upstream, authority, version):
    body = pattern(3_000_000)
    aya = secure(upstream(lambda exchange: exchange.respond(body=body)))
    url = f"https://localhost:{aya.port}/large"
    assert curl(authority, url, f"--tlsv{version}", "--tls-max", version) == body


def test_uploads(secure, upstream, authority):
    """A body of many records, up and down again."""
    received = []

    def keep(exchange):
        received.append(exchange.read_body())
        exchange.respond(body=received[-1])

    aya = secure(upstream(keep))
    body = pattern(1_500_000)
    with connect(aya, authority) as one:
        assert one.request("POST", "/", body=body).body == body
    assert received == [body]


def test_openssl_client(secure, upstream, authority):
    aya = secure(upstream())
    said = s_client(aya, authority, "-tls1_3", "-quiet", text="GET / HTTP/1.0\r\nHost: a\r\n\r\n")
    assert "HTTP/1.1 200" in said
    # The renegotiation of TLS 1.2 is refused.
    said = s_client(aya, authority, "-tls1_2", text="R\n")
    assert re.search("no renegotiation|unexpected|alert", said, re.I), said


def test_gnutls_client(secure, upstream, authority):
    aya = secure(upstream())
    done = subprocess.run(
        ["gnutls-cli", "--x509cafile", authority.certificate, "--sni-hostname", "localhost", "--verify-hostname",
         "localhost", "--port", str(aya.port), "127.0.0.1"], input="GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=20)
    assert "HTTP/1.1 200" in done.stdout, done.stdout
    assert "The certificate is trusted" in done.stdout


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_resumption_over_workers(secure, upstream, authority, version):
    """Tickets of one worker are good for the others."""
    aya = secure(upstream(), workers=2)
    context = trusting(authority, minimum_version=version, maximum_version=version)
    with connect(aya, authority, context=context) as first:
        first.get()
        session = first.socket.session
    reused = 0
    for _ in range(8):
        with connect(aya, authority, context=context, session=session) as again:
            assert again.get().status == 200
            reused += again.socket.session_reused
    assert reused == 8
    assert aya.metric("aya_listener_handshakes_resumed_total", listener="web") == 8


def test_tickets_off(secure, upstream, authority):
    aya = secure(upstream(), tls={"tickets": "off"})
    said = s_client(aya, authority, "-tls1_2", text="")
    assert "TLS session ticket" not in said


def test_tickets_of_a_fleet(start, port, upstream, authority, site, tmp_path):
    """Two Ayas with one file of keys resume each other's sessions."""
    keys = tmp_path / "tickets.key"
    keys.write_bytes(os.urandom(160))
    server, fleet = upstream(), []
    for _ in range(2):
        listening = port()
        aya = start({"listeners": {"web": {"bind": f"127.0.0.1:{listening}", "tls": {
            "certificates": [pair(site)], "tickets": {"key_file": str(keys)}}}},
            "pools": {"main": {"servers": [server.address]}}})
        aya.port = listening
        fleet.append(aya)
    context = trusting(authority)
    with connect(fleet[0], authority, context=context) as first:
        first.get()
        session = first.socket.session
    with connect(fleet[1], authority, context=context, session=session) as again:
        assert again.get().status == 200 and again.socket.session_reused


def test_post_quantum_group(secure, upstream, authority):
    """X25519MLKEM768 wants a client that knows it; older ones fall back to X25519."""
    aya = secure(upstream())
    assert "X25519" in s_client(aya, authority, "-tls1_3")


# names

def peer_names(connection):
    return [name for kind, name in connection.socket.getpeercert()["subjectAltName"] if kind == "DNS"]


def test_certificates_by_name(secure, upstream, authority, site):
    exact = authority.issue("shop.example", "shop.example")
    wildcard = authority.issue("any", "*.shop.example", file="wildcard")
    aya = secure(upstream(), certificates=[pair(site), pair(exact), pair(wildcard)])
    for name, expected in (("shop.example", "shop.example"), ("SHOP.example", "shop.example"),
                           ("a.shop.example", "*.shop.example"), ("aya.test", "localhost")):
        with connect(aya, authority, name) as one:
            assert peer_names(one)[0] == expected
    loose = trusting(authority, check_hostname=False)
    for name in ("unknown.example", "a.b.shop.example", None):
        with connect(aya, authority, name, context=loose) as one:
            assert peer_names(one)[0] == "localhost"


def test_rsa_and_ecdsa_side_by_side(secure, upstream, authority, site):
    rsa = authority.issue("both.example", key=certificates.RSA, file="rsa")
    ecdsa = authority.issue("both.example", file="ecdsa")
    aya = secure(upstream(), certificates=[pair(rsa), pair(ecdsa)])
    for cipher, kind in (("ECDHE-RSA-AES128-GCM-SHA256", "RSA"), ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDSA")):
        said = s_client(aya, authority, "-tls1_2", "-cipher", cipher, name="both.example")
        assert f"Peer signature type: {kind}" in said.replace("RSA-PSS", "RSA"), said


def test_large_rsa_keys_sign_elsewhere(secure, upstream, authority):
    large = authority.issue("localhost", key=certificates.RSA_4096, file="large")
    aya = secure(upstream(), certificates=[pair(large)])
    for _ in range(5):
        with connect(aya, authority) as one:
            assert one.get().status == 200
    assert "Peer signature type: RSA" in s_client(aya, authority, "-tls1_2")


def test_a_thousand_certificates(secure, upstream, authority, site, tmp_path):
    """They share a key, for the test's own sake."""
    many = []
    for number in range(50):
        many.append(pair(authority.issue(f"h{number}.example")))
    # Twenty times each under other owners: what counts is the number of files read and credentials made.
    begin = time.monotonic()
    aya = secure(upstream(), certificates=[pair(site)] + many * 20)
    assert time.monotonic() - begin < 5
    with connect(aya, authority, "h49.example") as one:
        assert peer_names(one) == ["h49.example"]


def test_ocsp_staple(secure, upstream, authority, site, tmp_path):
    """Whatever the file holds goes with the certificate."""
    answer = tmp_path / "site.ocsp"
    answer.write_bytes(b"0\x03\x0a\x01\x06")  # OCSPResponse: unauthorized
    aya = secure(upstream(), certificates=[pair(site, ocsp=str(answer))])
    said = s_client(aya, authority, "-status")
    assert "OCSP Response Status: unauthorized" in said or "OCSP response:" in said and "no response sent" not in said


# versions and ciphers

def refuses(aya, authority, version, **settings):
    context = trusting(authority)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    try:
        connect(aya, authority, context=context).close()
    except (ssl.SSLError, ConnectionError):
        return True
    return False


def test_versions(secure, upstream, authority):
    intermediate = secure(upstream())
    assert refuses(intermediate, authority, ssl.TLSVersion.TLSv1_1)
    assert not refuses(intermediate, authority, ssl.TLSVersion.TLSv1_2)
    modern = secure(upstream(), tls={"profile": "modern"})
    assert refuses(modern, authority, ssl.TLSVersion.TLSv1_2)
    assert not refuses(modern, authority, ssl.TLSVersion.TLSv1_3)
    newest = secure(upstream(), tls={"min_version": "1.3"})
    assert refuses(newest, authority, ssl.TLSVersion.TLSv1_2)
    wait_until(lambda: intermediate.metric("aya_listener_sessions_total", listener="web",
                                           reason="client_handshake_failed") == 1)


def test_application_protocols(secure, upstream, authority):
    aya = secure(upstream())
    context = trusting(authority)
    context.set_alpn_protocols(["spdy/3", "http/1.1"])
    with connect(aya, authority, context=context) as one:
        assert one.socket.selected_alpn_protocol() == "http/1.1"
    context.set_alpn_protocols(["imap"])
    with pytest.raises(ssl.SSLError, match="(?i)no.application.protocol"):
        connect(aya, authority, context=context)


# what goes wrong

def refused_start(port, tmp_path, tls):
    configuration = tmp_path / "aya.yaml"
    listening = port()
    configuration.write_text(json.dumps({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}", "tls": tls}},
        "pools": {"main": {"servers": ["127.0.0.1:1"]}}}))
    done = run("run", "-c", str(configuration), cwd=str(tmp_path))
    assert done.returncode == 1
    return done.stderr


def test_certificates_that_can_not_be_used(port, tmp_path, authority, site):
    def says(words, **files):
        said = refused_start(port, tmp_path, {"certificates": [{"cert": site[0], "key": site[1], **files}]})
        assert "listener 'web'" in said and re.search(words, said), said

    says("can't read '/nowhere.pem': no such file", cert="/nowhere.pem")
    other = authority.issue("other.example")
    says("other.example.key' is not the key of the certificate in '.*localhost.pem'", key=other[1])
    says("localhost.key' holds no certificate in PEM form", cert=site[1])
    says("localhost.pem' holds no private key in PEM form", key=site[0])
    expired = authority.issue("expired.example", days=-1)
    says(r"expired.example.pem' expired on \d{4}-\d\d-\d\d", cert=expired[0], key=expired[1])
    encrypted = tmp_path / "encrypted.key"
    subprocess.run(["openssl", "ec", "-in", site[1], "-aes128", "-passout", "pass:secret", "-out", str(encrypted)],
                   check=True, stderr=subprocess.DEVNULL)
    says("encrypted.key' is encrypted", key=str(encrypted))
    subprocess.run(["openssl", "pkcs8", "-topk8", "-in", site[1], "-passout", "pass:secret", "-out", str(encrypted)],
                   check=True, stderr=subprocess.DEVNULL)
    says("encrypted.key' is encrypted", key=str(encrypted))


def test_loose_permissions_are_warned_about(secure, upstream, authority):
    loose = authority.issue("localhost", file="loose")
    os.chmod(loose[1], 0o644)
    aya = secure(upstream(), certificates=[pair(loose)])
    assert "loose.key' can be read or changed by others" in aya.stderr


def test_clients_that_speak_no_tls(secure, upstream, authority):
    aya = secure(upstream(), listener={"timeouts": {"header": "500ms"}})
    with Client(aya.port) as plain:
        plain.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        plain.everything()
    with Client(aya.port) as garbage:
        garbage.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(300))
        garbage.send(os.urandom(300))
        garbage.everything()
    with Client(aya.port) as halting:
        halting.send(b"\x16\x03\x01\x02\x00\x01")
        assert halting.ends(timeout=3)
    with Client(aya.port) as leaving:
        leaving.send(b"\x16\x03\x01\x02\x00\x01")
    wait_until(lambda: aya.metric("aya_listener_sessions_total", listener="web", reason="header_timeout") == 1)
    wait_until(lambda: aya.metric("aya_listener_sessions_total", listener="web", reason="client_gone") == 1)
    wait_until(lambda: aya.metric("aya_listener_sessions_total", listener="web", reason="client_handshake_failed") == 2)
    assert aya.metric("aya_listener_connections_open", listener="web") == 0
    with connect(aya, authority) as one:
        assert one.get().status == 200


def test_a_cut_body_does_not_look_whole(secure, relay, authority):
    def half(server, connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    aya = secure(relay(half))
    with connect(aya, authority) as one:
        one.send_request()
        assert one.response().truncated


def test_a_slow_reader(secure, upstream, authority):
    """The server is held back while its client does not read, and everything arrives in the end."""
    body = pattern(20_000_000)
    aya = secure(upstream(lambda exchange: exchange.respond(body=body)))
    with connect(aya, authority) as one:
        one.send_request()
        time.sleep(0.5)
        assert aya.resident_bytes < 120 << 20
        assert one.response().body == body


# client certificates

@pytest.fixture(scope="module")
def alice(authority):
    return authority.issue("alice", usage="clientAuth")


def with_certificate(authority, paths):
    context = trusting(authority)
    context.load_cert_chain(*paths)
    return context


def test_required_client_certificates(secure, upstream, authority, alice):
    server = upstream()
    aya = secure(server, tls={"client_certificates": {"ca": authority.certificate, "header": "X-Client-Subject"}})
    with connect(aya, authority, context=with_certificate(authority, alice)) as one:
        assert one.get(headers={"x-client-subject": "CN=root"}).status == 200
        assert server.requests[-1].all("x-client-subject") == ["CN=alice"]
        assert one.get().status == 200
    with pytest.raises((ssl.SSLError, ConnectionError)):
        with connect(aya, authority) as nobody:
            nobody.get()
    wait_until(lambda: aya.metric("aya_listener_sessions_total", listener="web",
                                  reason="client_certificate_invalid") == 1)


def test_optional_client_certificates(secure, upstream, authority, alice, tmp_path):
    server = upstream()
    aya = secure(server, tls={"client_certificates": {
        "mode": "optional", "ca": authority.certificate, "header": "X-Client-Subject"}})
    with connect(aya, authority) as nobody:
        assert nobody.get(headers={"X-Client-Subject": "CN=root"}).status == 200
        assert server.requests[-1].all("x-client-subject") == []
    stranger = certificates.Authority(tmp_path).issue("mallory", usage="clientAuth")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        with connect(aya, authority, context=with_certificate(authority, stranger)) as one:
            one.get()


def test_the_subject_survives_resumption(secure, upstream, authority, alice):
    server = upstream()
    aya = secure(server, tls={"client_certificates": {"ca": authority.certificate, "header": "X-Client-Subject"}})
    context = with_certificate(authority, alice)
    with connect(aya, authority, context=context) as one:
        one.get()
        session = one.socket.session
    with connect(aya, authority, context=context, session=session) as again:
        again.get()
        assert again.socket.session_reused
        assert server.requests[-1].all("x-client-subject") == ["CN=alice"]


# beside other parts

def test_behind_the_proxy_protocol(secure, upstream, authority):
    server = upstream()
    aya = secure(server, listener={"proxy_protocol": True})
    plain = socket.create_connection(("127.0.0.1", aya.port))
    plain.sendall(b"PROXY TCP4 192.0.2.7 192.0.2.1 4000 443\r\n")
    wrapped = trusting(authority).wrap_socket(plain, server_hostname="localhost")
    wrapped.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    while wrapped.recv(65536):
        pass
    assert server.requests[-1].get("x-forwarded-for") == "192.0.2.7"


def test_tcp_listener(start, port, relay, authority, site):
    """Opened here, and routed by the name of the handshake."""
    def echo(server, connection):
        connection.sendall(server.name.encode() + b"\n")
        while data := connection.recv(65536):
            connection.sendall(data)

    listening = port()
    other, rest = relay(echo, name="other"), relay(echo, name="rest")
    aya = start({
        "listeners": {"db": {"bind": f"127.0.0.1:{listening}", "protocol": "tcp", "pool": "rest",
                             "sni": {"aya.test": "other"}, "tls": {"certificates": [pair(site)]}}},
        "pools": {"other": {"servers": [other.address]}, "rest": {"servers": [rest.address]}}})
    aya.port = listening
    for name, expected in (("aya.test", b"other"), ("localhost", b"rest")):
        with connect(aya, authority, name) as one:
            assert one.stream.until(b"\n") == expected
            for size in (1, 20_000, 300_000):
                one.send(pattern(size))
                assert one.stream.exactly(size) == pattern(size)


def test_the_access_log_says_what_was_agreed_on(secure, upstream, authority):
    aya = secure(upstream())
    with connect(aya, authority) as one:
        one.get("/logged")
    record = aya.record(**{"url.path": "/logged"})
    assert record["tls.protocol.version"] == "1.3"
    assert record["tls.cipher"].startswith("TLS_AES") or record["tls.cipher"].startswith("TLS_CHACHA20")
    assert record["tls.resumed"] is False
    assert re.fullmatch(r"t13d\d{4}\w\w_[0-9a-f]{12}_[0-9a-f]{12}", record["tls.client.ja4"])


def test_drain(secure, upstream, authority):
    """A connection between two exchanges ends with TLS's own goodbye."""
    aya = secure(upstream())
    with connect(aya, authority) as one, Client(aya.port) as fresh:
        assert one.get().status == 200
        aya.terminate()
        assert one.socket.recv(100) == b""
        assert fresh.ends()
    aya.may_have_ended = True
    assert aya.wait() == 0


# early data

def resume_early(aya, authority, tmp_path, request):
    """Comes back with a request in the first flight; what is answered."""
    session, early = str(tmp_path / "session"), tmp_path / "early"
    early.write_text(request)
    said = s_client(aya, authority, "-tls1_3", "-sess_out", session, "-ign_eof",
                    text="GET /first HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert "HTTP/1.1 200" in said
    said = s_client(aya, authority, "-tls1_3", "-sess_in", session, "-early_data", str(early), "-ign_eof",
                    text="GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    return said


def test_early_data(secure, upstream, authority, tmp_path):
    server = upstream()
    aya = secure(server, tls={"early_data": True})
    said = resume_early(aya, authority, tmp_path, "GET /early HTTP/1.1\r\nHost: a\r\n\r\n")
    assert "Early data was accepted" in said and said.count("HTTP/1.1 200") == 2, said
    told = {request.target: request.get("early-data") for request in server.requests}
    assert told == {"/first": None, "/early": "1", "/last": None}


def test_nothing_is_changed_by_early_data(secure, upstream, authority, tmp_path):
    server = upstream()
    aya = secure(server, tls={"early_data": True})
    said = resume_early(
        aya, authority, tmp_path, "POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
    assert "HTTP/1.1 425" in said and "too_early" in said, said
    assert "/early" not in [request.target for request in server.requests]


def test_early_data_is_off_by_default(secure, upstream, authority, tmp_path):
    server = upstream()
    said = resume_early(secure(server), authority, tmp_path, "GET /early HTTP/1.1\r\nHost: a\r\n\r\n")
    assert "Early data was accepted" not in said
    assert "/early" not in [request.target for request in server.requests]


# persistence

def test_persistence_by_session(secure, upstream, authority):
    """Who resumes stays with a server; everybody else is balanced."""
    servers = [upstream(lambda exchange, name=name: exchange.respond(body=name)) for name in (b"a", b"b", b"c", b"d")]
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        aya = secure(*servers, workers=2, pool={"persistence": {"tls_session": {}}, "balance": "round_robin"})
        context = trusting(authority, minimum_version=version, maximum_version=version)
        with connect(aya, authority, context=context) as first:
            own, session = first.get().body, first.socket.session
            assert first.get().body == own
        for _ in range(6):
            with connect(aya, authority, context=context, session=session) as again:
                assert again.get().body == own
                session = again.socket.session
        others = set()
        for _ in range(8):
            with connect(aya, authority, context=trusting(authority)) as stranger:
                others.add(stranger.get().body)
        assert len(others) > 1


def test_persistence_of_tcp_sessions(proxy, upstream, relay, authority, site):
    """The same on a TCP listener that opens TLS, where the session is all that tells clients apart."""
    def named(name):
        return lambda server, connection: connection.sendall(name) or connection.recv(1)

    servers = [relay(named(name)) for name in (b"a", b"b", b"c", b"d")]
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        aya = proxy(*servers, workers=2, pool={"persistence": {"tls_session": {}}}, listener={
            "protocol": "tcp", "pool": "main", "tls": {"certificates": [pair(site)]}})
        context = trusting(authority, minimum_version=version, maximum_version=version)

        def ask_name(session=None, context=context):
            with socket.create_connection(("127.0.0.1", aya.port), timeout=5) as plain:
                with context.wrap_socket(plain, server_hostname="localhost", session=session) as one:
                    return one.recv(10), one.session, one.session_reused

        own, session, _ = ask_name()
        for _ in range(6):
            name, session, reused = ask_name(session)
            assert reused and name == own
        assert len({ask_name(context=trusting(authority))[0] for _ in range(8)}) > 1


def test_cookies_are_for_tls_alone(secure, upstream, authority):
    aya = secure(upstream(), pool={"persistence": {"cookie": "own"}})
    with connect(aya, authority) as one:
        assert one.get().get("set-cookie").endswith("; SameSite=Lax; Secure")
