"""Certificates that come by ACME: each way of proof, renewal, what is kept, and authorities that misbehave."""

import os
import ssl
import stat
import time

import pytest
from support import certificates
from support.acme import ACMEServer, Problem
from support.aya import run, wait_until
from support.client import Client, ask


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return certificates.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def site(authority):
    return authority.issue("localhost", "localhost")


@pytest.fixture
def acme(authority, site):
    """A function that starts an ACME server."""
    started = []

    def start_server(**settings):
        server = ACMEServer(authority, site, **settings)
        started.append(server)
        return server

    yield start_server
    for server in started:
        server.stop()
    problems = [problem for server in started for problem in server.errors]
    assert not problems, f"the authority met {problems}"


@pytest.fixture
def automatic(start, upstream, port, authority, tmp_path):
    """A function that starts Aya with a listener whose certificates come from a server; `aya.tls`, `aya.plain` are
    its ports, which the server asks unless `asked` is false."""
    (tmp_path / "state").mkdir()

    def start_aya(server, hosts=("shop.example",), tls_more=None, asked=True, **auto):
        tls, plain, admin, behind = port(), port(), port(), upstream()
        if asked:
            server.tls_port, server.http_port = tls, plain

        def configuration(*hosts):
            return {
                "listeners": {
                    "web": {"bind": f"127.0.0.1:{tls}", "tls": {
                        "auto": {"directory": server.directory, "verify": authority.certificate, **auto},
                        "hosts": list(hosts), **(tls_more or {})}},
                    "plain": {"bind": f"127.0.0.1:{plain}", "redirect": "web"},
                },
                "pools": {"web": {"servers": [f"127.0.0.1:{behind.port}"]}},
                "admin": {"bind": f"127.0.0.1:{admin}"},
                "state": str(tmp_path / "state"),
            }

        aya = start(configuration(*hosts))
        aya.tls, aya.plain, aya.admin = tls, plain, admin
        aya.wait_ready()
        aya.change = lambda *hosts: aya.write(configuration(*hosts))
        return aya

    return start_aya


def shown(aya, authority, name="shop.example"):
    """The certificate that a client of that name gets, verified, or None."""
    context = ssl.create_default_context(cafile=authority.certificate)
    try:
        with Client(aya.tls, wrap=lambda plain: context.wrap_socket(plain, server_hostname=name)) as client:
            assert client.request(host=name).status == 200
            return client.socket.getpeercert()
    except (ssl.SSLError, ConnectionError):
        return None


def obtained(aya, authority, name="shop.example", timeout=20):
    return wait_until(lambda: shown(aya, authority, name), timeout, f"a certificate for {name}\n{aya.stderr}")


@pytest.mark.parametrize("challenge", ["tls-alpn-01", "http-01"])
def test_a_certificate_is_obtained(automatic, acme, authority, challenge, tmp_path):
    server = acme()
    aya = automatic(server, ["shop.example", "blog.example"], challenge=challenge, email="ops@shop.example")
    for name in ("shop.example", "blog.example"):
        assert obtained(aya, authority, name)["subjectAltName"] == (("DNS", name),)
    assert len(server.accounts) == 1
    assert next(iter(server.accounts.values()))["contact"] == ["mailto:ops@shop.example"]
    assert aya.metric("aya_tls_certificate_expiry_seconds", listener="web", certificate="shop.example") > 80 * 86400
    # What is kept is for its owner alone, and nothing of a key is in the log.
    kept = [os.path.join(path, name) for path, _, names in os.walk(tmp_path / "state") for name in names]
    assert {"account.pem", "shop.example.pem", "blog.example.pem"} <= {os.path.basename(path) for path in kept}
    assert all(stat.S_IMODE(os.stat(path).st_mode) == 0o600 for path in kept)
    assert "PRIVATE" not in aya.stderr
    # Nothing is left of the proof; others than the authority are sent on.
    with Client(aya.plain) as client:
        assert client.request(target="/.well-known/acme-challenge/x", host="shop.example").status == 308


def test_wildcards_by_dns(automatic, acme, authority, tmp_path):
    """The hook puts the record there and takes it away."""
    zone, hook = tmp_path / "zone", tmp_path / "hook"
    zone.write_text("")
    hook.write_text(f"""#!/bin/sh
case "$2" in
    add) echo "$3 $4" >> {zone} ;;
    remove) grep -v "$4" {zone} > {zone}.new; mv {zone}.new {zone} ;;
esac
echo "$1 $2 $3" >> {zone}.log
""")
    hook.chmod(0o700)
    server = acme()

    def records():
        found = {}
        for line in zone.read_text().splitlines():
            name, value = line.split()
            found.setdefault(name, []).append(value)
        return found

    server.records = records
    aya = automatic(server, ["*.shop.example"], challenge="dns-01", hook=[str(hook), "first"])
    assert obtained(aya, authority, "a.shop.example")["subjectAltName"] == (("DNS", "*.shop.example"),)
    assert (tmp_path / "zone.log").read_text().splitlines() == [
        "first add _acme-challenge.shop.example", "first remove _acme-challenge.shop.example"]
    assert zone.read_text() == ""


def test_authorities_need_no_certificate(automatic, acme, authority):
    """A listener that wants one of every client takes the authority's handshake without."""
    server = acme()
    aya = automatic(server, tls_more={"client_certificates": {"ca": authority.certificate}})
    wait_until(lambda: "certificate obtained" in aya.stderr, 20)
    assert shown(aya, authority) is None


def test_a_tcp_listener(start, acme, authority, relay, port, tmp_path):
    """The names of `sni` get certificates; what is opened goes on in the clear."""
    server, listening = acme(), port()
    server.tls_port = listening
    behind = relay(lambda _, connection: connection.sendall(b"hello " + connection.recv(100)))
    (tmp_path / "state").mkdir()
    aya = start({
        "listeners": {"db": {
            "bind": f"127.0.0.1:{listening}", "protocol": "tcp", "sni": {"db.example": "db"}, "tls": {
                "auto": {"directory": server.directory, "verify": authority.certificate}}}},
        "pools": {"db": {"servers": [f"127.0.0.1:{behind.port}"]}},
        "state": str(tmp_path / "state"),
    })
    wait_until(lambda: "certificate obtained" in aya.stderr, 20)
    context = ssl.create_default_context(cafile=authority.certificate)
    with Client(listening, wrap=lambda plain: context.wrap_socket(plain, server_hostname="db.example")) as client:
        client.send(b"you")
        assert client.socket.recv(100) == b"hello you"
    assert aya.metric("aya_listener_sessions_total", listener="db", reason="ok") >= 1


def test_a_restart_asks_for_nothing(automatic, acme, authority, tmp_path):
    server = acme()
    first = automatic(server)
    before = obtained(first, authority)
    first.may_have_ended = True
    first.stop()
    server.calls.clear()
    again = automatic(server)
    assert shown(again, authority) == before
    time.sleep(1)
    assert not [path for _, path in server.calls if path.startswith("/new")]
    assert len(server.orders) == len(server.accounts) == 1


def test_renewal_when_the_authority_says_so(automatic, acme, authority):
    """RFC 9773: a window in the past means at once; the order says which certificate it replaces."""
    server = acme()
    server.window = (time.time() - 7200, time.time() - 3600)
    aya = automatic(server)
    before = obtained(aya, authority)

    def renewed():
        # The new one is good for its whole time.
        server.window = (time.time() + 86400, time.time() + 2 * 86400) if len(server.certificates) > 1 else server.window
        return (new := shown(aya, authority)) and new != before and new

    wait_until(renewed, 30, f"a renewal\n{aya.stderr}")
    assert server.orders[1]["replaces"] == server.certificates[0]["name"]
    assert "replaces" not in server.order(0)


def test_an_external_account(automatic, acme, authority):
    server = acme(external={"customer": b"a secret of thirty-two bytes...."})
    aya = automatic(
        server, external_account={"key_id": "customer", "secret": "YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcy4uLi4"})
    assert obtained(aya, authority)
    told = ask(aya.admin, target="/v1/config", host="localhost").body.decode()
    assert "customer" in told and "(secret)" in told and "YSBzZWNyZXQ" not in told


@pytest.mark.parametrize("challenge", ["tls-alpn-01", "http-01"])
def test_a_reload_brings_a_host(automatic, acme, authority, challenge):
    """The hosts that were there keep what they have; connections go on."""
    server = acme()
    aya = automatic(server, challenge=challenge)
    before = obtained(aya, authority)
    context = ssl.create_default_context(cafile=authority.certificate)
    with Client(aya.tls, wrap=lambda plain: context.wrap_socket(plain, server_hostname="shop.example")) as client:
        assert client.request(host="shop.example").status == 200
        aya.change("shop.example", "new.example")
        reloaded = run("reload", "--admin", f"127.0.0.1:{aya.admin}")
        assert reloaded.returncode == 0, reloaded.stderr
        assert obtained(aya, authority, "new.example")
        assert shown(aya, authority) == before
        assert client.request(host="shop.example").status == 200
    assert [order["identifiers"][0]["value"] for order in server.orders] == ["shop.example", "new.example"]


@pytest.mark.parametrize("auto", [{}, {"challenge": "http-01"}])
def test_two_processes_order_once(automatic, acme, authority, auto):
    """They share the state directory: one orders, the other takes over what was kept. Whichever the authority asks
    has the proof."""
    server = acme()
    # The first may order before the second has started.
    first, second = automatic(server, **auto), automatic(server, asked=False, **auto)
    for aya in (first, second):
        obtained(aya, authority, timeout=30)
    assert len(server.orders) == len(server.accounts) == 1
    assert (first.stderr + second.stderr).count("taken over from another process") == 1


# what goes wrong

def test_nonces_that_are_refused(automatic, acme, authority):
    server, refused = acme(), []

    def trouble(path):
        if path == "/newOrder" and len(refused) < 2:
            refused.append(path)
            raise Problem("badNonce", "once more")

    server.trouble = trouble
    assert obtained(automatic(server), authority)
    assert len(refused) == 2


def test_an_authority_that_comes_back(automatic, acme, authority):
    """An error of the authority's own is tried again within seconds, and told."""
    server, broken = acme(), []

    def trouble(path):
        if path == "/newOrder" and not broken:
            broken.append(path)
            raise Problem("serverInternal", "having a rest", 503)

    server.trouble = trouble
    aya = automatic(server)
    wait_until(lambda: "having a rest" in aya.stderr, 10)
    assert aya.metric("aya_tls_certificate_failures_total", listener="web", certificate="shop.example") == 1
    assert obtained(aya, authority, timeout=30)


def test_limits_are_kept(automatic, acme, authority):
    """Whoever is told to come back in an hour does, and serves what it can meanwhile."""
    server = acme()

    def trouble(path):
        if path == "/newOrder":
            raise Problem("rateLimited", "too many", 429, Retry_After="3600")

    server.trouble = trouble
    aya = automatic(server)
    wait_until(lambda: "rateLimited: too many" in aya.stderr, 10)
    assert '"retry_in":"3600s"' in aya.stderr
    shown_status = run("status", "--admin", f"127.0.0.1:{aya.admin}")
    assert "1 certificate, of which shop.example has ended, or never came" in shown_status.stdout, shown_status
    assert "  shop.example (web): rateLimited: too many" in shown_status.stdout
    time.sleep(2)
    assert sum(path == "/newOrder" for _, path in server.calls) == 1
    with Client(aya.plain) as client:
        assert client.request(host="shop.example").status == 308


def test_a_proof_that_fails_is_told(automatic, acme, authority, port):
    server = acme()
    aya = automatic(server)
    server.tls_port = port()
    wait_until(lambda: "no certificate obtained" in aya.stderr, 20)
    said = aya.stderr
    assert "unauthorized: tls-alpn-01 of shop.example" in said and "ConnectionRefused" in said


def test_an_authority_that_is_not_believed(automatic, acme, authority, tmp_path):
    stranger = certificates.Authority(tmp_path, "Stranger")
    server = acme()
    aya = automatic(server, verify=stranger.certificate)
    wait_until(lambda: "no certificate obtained" in aya.stderr, 10)
    assert "certificate" in aya.stderr and not server.calls


def test_a_lost_account_is_opened_anew(automatic, acme, authority, tmp_path):
    server = acme()
    first = automatic(server)
    obtained(first, authority)
    first.may_have_ended = True
    first.stop()
    server.accounts.clear()
    for path, _, names in os.walk(tmp_path / "state"):
        for name in names:
            if name == "shop.example.pem":
                os.unlink(os.path.join(path, name))
    again = automatic(server)
    assert obtained(again, authority, timeout=30)
    assert len(server.accounts) == 1


def test_nothing_can_be_kept(start, port, tmp_path):
    path = tmp_path / "aya.yaml"
    path.write_text(
        f"listeners: {{ web: {{ bind: '127.0.0.1:{port()}', tls: {{ auto: {{}}, hosts: [a.example] }} }} }}\n"
        "pools: { web: { servers: [127.0.0.1:1] } }\n"
        f"state: {tmp_path}/nowhere\n")
    ran = run("run", "-c", str(path), timeout=10)
    assert ran.returncode == 1 and "can't be kept" in ran.stderr


# on demand


def test_certificates_on_demand(automatic, acme, authority, upstream):
    """A name that nobody has written down: its first handshake waits for the certificate, when a service says yes."""
    asked = []

    def may(exchange):
        exchange.read_body()
        asked.append(exchange.request.target)
        exchange.respond(404 if "bad" in exchange.request.target else 200)

    service, server = upstream(may), acme()
    aya = automatic(server, hosts=(), on_demand={"ask": f"http://127.0.0.1:{service.port}/may?x=1", "hourly": 2})
    for name in ("one.example", "two.example"):
        assert shown(aya, authority, name)["subjectAltName"] == (("DNS", name),)
    # Neither is asked about again, nor who was refused, nor what is no name of a host.
    for name in ("one.example", "bad.example", "bad.example", "localhost", "192.0.2.1", "a_b.example"):
        assert bool(shown(aya, authority, name)) == (name == "one.example")
    assert asked == [f"/may?x=1&domain={name}" for name in ("one.example", "two.example", "bad.example")]
    # The third of an hour in which two may be ordered.
    assert not shown(aya, authority, "three.example")
    assert "2 were ordered this hour" in aya.stderr and len(server.certificates) == 2
    assert aya.metric("aya_tls_certificate_expiry_seconds", listener="web", certificate="two.example") > 80 * 86400


def test_names_on_demand_are_kept(automatic, acme, authority, upstream):
    """After a reload and after a restart nothing is ordered again."""
    service, server = upstream(), acme()
    settings = dict(on_demand={"ask": f"http://127.0.0.1:{service.port}/may"})
    first = automatic(server, hosts=(), **settings)
    assert shown(first, authority, "one.example")
    first.change("shop.example")
    assert run("reload", "--admin", f"127.0.0.1:{first.admin}").returncode == 0
    assert shown(first, authority, "one.example") and obtained(first, authority)
    orders = len(server.certificates)
    first.may_have_ended = True
    first.stop()
    second = automatic(server, hosts=("shop.example",), **settings)
    assert shown(second, authority, "one.example") and shown(second, authority)
    assert len(server.certificates) == orders


@pytest.mark.parametrize("refusal", [404, 503])
def test_names_on_demand_are_asked_about_again(automatic, acme, authority, upstream, refusal):
    """Before each renewal: who may not have the name any more gets no other certificate. A service that fails is asked
    again soon."""
    answers = []

    def may(exchange):
        exchange.read_body()
        answers.append(200 if len(answers) in (0, 2) else refusal)
        exchange.respond(answers[-1])

    service, server = upstream(may), acme()
    server.window = (time.time() - 7200, time.time() - 3600)
    aya = automatic(server, hosts=(), on_demand={"ask": f"http://127.0.0.1:{service.port}/may"})
    before = shown(aya, authority, "one.example")
    wait_until(lambda: "certificate on demand not renewed" in aya.stderr, 40, f"the refusal\n{aya.stderr}")
    assert f"answers with {refusal}" in aya.stderr and answers[:2] == [200, refusal]
    events = ask(aya.admin, target="/v1/status", host="localhost").json()
    assert any(f"answers with {refusal}" in str(one) for one in events["certificates"])
    if refusal == 404:
        assert shown(aya, authority, "one.example") == before and len(server.certificates) == 1
        return
    server.window = (time.time() + 86400, time.time() + 2 * 86400)
    wait_until(lambda: len(server.certificates) == 2, 40, f"the renewal\n{aya.stderr}")
    wait_until(lambda: shown(aya, authority, "one.example") != before, 40, "the new certificate")


@pytest.mark.timeout(180)
def test_names_that_are_not_allowed_run_out(automatic, acme, authority, upstream, tmp_path):
    """The certificate serves to its end and no longer, and nothing of it is left."""
    answers = []

    def may(exchange):
        exchange.read_body()
        answers.append(404 if answers else 200)
        exchange.respond(answers[-1])

    service, server = upstream(may), acme(seconds=20)
    server.window = (time.time() - 7200, time.time() - 3600)
    aya = automatic(server, hosts=(), on_demand={"ask": f"http://127.0.0.1:{service.port}/may"})
    assert shown(aya, authority, "one.example")
    wait_until(lambda: "certificate ran out" in aya.stderr, 80, f"the end\n{aya.stderr}")
    assert "certificate on demand not renewed" in aya.stderr and len(server.certificates) == 1
    assert not list((tmp_path / "state").rglob("one.example.pem"))
    asked = len(answers)
    assert not shown(aya, authority, "one.example") and len(answers) == asked + 1


def test_nobody_answers_for_a_name(automatic, acme, authority, port):
    """The service is down: the handshake fails at once, and the next one too."""
    aya = automatic(acme(), hosts=(), on_demand={"ask": f"http://127.0.0.1:{port()}/may"})
    for _ in range(2):
        assert not shown(aya, authority, "one.example")
    assert "no certificate on demand" in aya.stderr
