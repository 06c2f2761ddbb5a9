"""OCSP answers that Aya fetches for its certificates (RFC 6960), from a responder by `openssl ocsp`."""

import os
import signal
import socket
import subprocess

import pytest
from support.aya import wait_until
from support.certificates import Authority
from support.upstream import answering


class Responder:
    """Knows certificates by their state: `V` good, `R` revoked."""

    def __init__(self, authority, port, directory, **states):
        self.log_path = os.path.join(str(directory), "responder.log")
        index = os.path.join(str(directory), "index.txt")
        with open(index, "w") as file:
            for certificate, state in states.items():
                revoked = "251101000000Z" if state == "R" else ""
                file.write(f"{state}\t21260101000000Z\t{revoked}\t{serial(certificate)}\tunknown\t/CN=x\n")
        open(index + ".attr", "w").close()
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                ["openssl", "ocsp", "-port", str(port), "-index", index, "-CA", authority.certificate, "-rsigner",
                 authority.certificate, "-rkey", authority.key, "-ndays", "1", "-timeout", "5"], stdout=log,
                stderr=log, stdin=subprocess.DEVNULL)
        wait_until(lambda: listens(port), what="the responder listening")

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def listens(port):
    with open("/proc/net/tcp") as one, open("/proc/net/tcp6") as other:
        return any(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
                   for line in [*one, *other] if ":" in line.split()[0])


def serial(certificate):
    said = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-serial"], check=True,
                          capture_output=True, text=True).stdout
    return said.strip().removeprefix("serial=")


def staple(aya):
    """What `openssl s_client` says of the answer that it gets."""
    said = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{aya.port}", "-servername", "site.example", "-status"],
        input="", capture_output=True, text=True, timeout=10)
    return said.stdout + said.stderr


def is_good(aya):
    said = staple(aya)
    return "OCSP Response Status: successful" in said and "Cert Status: good" in said


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def responder(tmp_path):
    """A function that starts a responder."""
    started = []

    def start(*arguments, **states):
        started.append(Responder(*arguments, tmp_path, **states))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def site(authority, tmp_path):
    """A function that gives a certificate, with its issuer behind it, whose responder is on that port."""
    def issue(port, *more):
        certificate, key = authority.issue("site.example", more=[
            f"authorityInfoAccess=OCSP;URI:http://127.0.0.1:{port}/ocsp", *more])
        chain = tmp_path / "chain.pem"
        with open(certificate) as leaf, open(authority.certificate) as issuer:
            chain.write_text(leaf.read() + issuer.read())
        return {"cert": str(chain), "key": key}
    return issue


def test_fetched_answer_is_shown(proxy, upstream, port, authority, responder, site):
    place = port()
    pair = site(place, "tlsfeature=status_request")
    responder(authority, place, **{pair["cert"]: "V"})
    aya = proxy(upstream(answering()), listener={"tls": {"certificates": [pair]}})
    wait_until(lambda: is_good(aya), what="an answer being shown")
    assert "OCSP answer fetched" in aya.stderr and "good with an OCSP answer only" not in aya.stderr


def test_no_handshake_waits(proxy, upstream, port, authority, responder, site):
    """A responder that takes the question and says nothing; in its place, later, one that answers."""
    with socket.create_server(("127.0.0.1", port())) as silent:
        pair = site(silent.getsockname()[1])
        aya = proxy(upstream(answering()), listener={"tls": {"certificates": [pair]}})
        taken, _ = silent.accept()
        assert "OCSP response: no response sent" in staple(aya)
        taken.close()
    wait_until(lambda: "no OCSP answer" in aya.stderr, what="the failure in the log")
    responder(authority, silent_port(pair), **{pair["cert"]: "V"})
    wait_until(lambda: is_good(aya), 25, "an answer being shown")


def silent_port(pair):
    said = subprocess.run(["openssl", "x509", "-in", pair["cert"], "-noout", "-ocsp_uri"], check=True,
                          capture_output=True, text=True).stdout
    return int(said.split(":")[2].split("/")[0])


def test_bad_answers_are_not_shown(proxy, upstream, port, authority, responder, site, tmp_path):
    place = port()
    pair = site(place)
    responder(authority, place, **{pair["cert"]: "R"})
    aya = proxy(upstream(answering()), listener={"tls": {"certificates": [pair]}})
    wait_until(lambda: "the certificate is revoked" in aya.stderr, what="the reason in the log")
    assert "OCSP response: no response sent" in staple(aya)


def test_strangers_are_not_believed(proxy, upstream, port, responder, site, tmp_path):
    """Another authority of the same name, with another key."""
    place = port()
    pair = site(place)
    (tmp_path / "stranger").mkdir()
    responder(Authority(tmp_path / "stranger"), place, **{pair["cert"]: "V"})
    aya = proxy(upstream(answering()), listener={"tls": {"certificates": [pair]}})
    wait_until(lambda: "no OCSP answer" in aya.stderr, what="the failure in the log")
    assert "OCSP response: no response sent" in staple(aya)


def test_switched_off(proxy, upstream, port, site):
    with socket.create_server(("127.0.0.1", port())) as responder:
        pair = site(responder.getsockname()[1])
        aya = proxy(upstream(answering()), listener={"tls": {"certificates": [pair], "stapling": False}})
        assert "OCSP response: no response sent" in staple(aya)
        responder.settimeout(0.5)
        with pytest.raises(TimeoutError):
            responder.accept()


def test_nobody_to_ask(proxy, upstream, authority):
    """It is good with an answer only, and names no responder."""
    certificate, key = authority.issue("site.example", more=["tlsfeature=status_request"])
    aya = proxy(upstream(answering()), listener={"tls": {"certificates": [{"cert": certificate, "key": key}]}})
    wait_until(lambda: "is good with an OCSP answer only, and nobody can be asked" in aya.stderr)
