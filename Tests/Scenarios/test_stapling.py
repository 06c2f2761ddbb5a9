"""OCSP answers that Aya fetches for its certificates (RFC 6960), from a responder by `openssl ocsp`."""

import os
import re
import signal
import socket
import subprocess

import pytest
from support.aya import wait_until
from support.certificates import Authority
from support.ocsp import OCSPResponder
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


# what is kept


@pytest.fixture
def teller(authority):
    """A function that starts a responder of our own, on that port."""
    started = []

    def start(port):
        started.append(OCSPResponder(authority, port))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def kept(proxy, upstream, tmp_path):
    """A function that starts Aya with a state directory; the files in there with answers are `aya.answers()`."""
    state = tmp_path / "state"
    state.mkdir()
    behind = upstream(answering())

    def start_aya(*pairs):
        aya = proxy(behind, listener={"tls": {"certificates": list(pairs)}}, state=str(state))
        aya.answers = lambda: sorted((state / "staples").glob("*.ocsp"))
        return aya

    return start_aya


def updated(aya):
    """When the answer that is shown was made, as text; None without one."""
    found = re.search("This Update: (.*)", staple(aya))
    return found and found[1]


def end(aya):
    aya.may_have_ended = True
    aya.stop()


def test_an_answer_outlasts_the_process(kept, port, teller, site):
    """After a restart with the responder dead the first client already gets it."""
    place = port()
    pair = site(place)
    responder = teller(place)
    first = kept(pair)
    wait_until(lambda: is_good(first), 30, "an answer being shown")
    wait_until(first.answers, 30, "the answer on disk")
    shown = updated(first)
    end(first)
    responder.server.server_close()
    second = kept(pair)
    assert updated(second) == shown
    assert responder.asked == 1


def test_damaged_files_are_ignored(kept, port, teller, site, authority, tmp_path):
    """One that is cut, and one that is another certificate's: a line in the log, and the responder is asked."""
    place = port()
    pair = site(place)
    responder = teller(place)
    first = kept(pair)
    file, = wait_until(first.answers, 30, "the answer on disk")
    end(first)
    whole = file.read_bytes()
    file.write_bytes(whole[:-7])
    second = kept(pair)
    assert "kept OCSP answer not used" in second.stderr
    wait_until(lambda: is_good(second), 30, "an answer being shown")
    assert responder.asked == 2
    end(second)
    # The next certificate of the same name, whose file holds the answer about this one.
    first_serial = serial(pair["cert"])
    pair = site(place)
    assert serial(pair["cert"]) != first_serial
    third = kept(pair)
    other = wait_until(lambda: [path for path in third.answers() if path != file], 30, "another answer on disk")[0]
    end(third)
    other.write_bytes(whole)
    fourth = kept(pair)
    assert "the answer is about another certificate" in fourth.stderr


@pytest.mark.timeout(240)
def test_answers_are_renewed_and_dropped(kept, port, teller, site):
    """A newer one is there long before the old one's end; without a responder the end is the end, also for what is on
    disk."""
    place = port()
    pair = site(place)
    responder = teller(place)
    responder.LIFE = 30
    aya = kept(pair)
    wait_until(lambda: is_good(aya), 30, "an answer being shown")
    first = updated(aya)
    responder.LIFE = 15
    wait_until(lambda: updated(aya) not in (None, first), 50, "a newer answer")
    assert "has grown too old" not in aya.stderr
    responder.GARBAGE = b"no"
    wait_until(lambda: updated(aya) is None, 50, "the answer being taken away")
    assert "has grown too old" in aya.stderr and "no OCSP answer" in aya.stderr
    end(aya)
    again = kept(pair)
    assert "the answer is too old" in again.stderr
    assert updated(again) is None


GARBAGE = {"nothing": b"", "text": b"no answer", "try later": b"\x30\x03\x0a\x01\x06",
           "a length beyond": b"\x30\x84\xff\xff\xff\xff", "zeros without end": bytes(2 << 20)}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_not_shown(kept, port, teller, site, garbage):
    place = port()
    pair = site(place)
    responder = teller(place)
    responder.GARBAGE = garbage
    aya = kept(pair)
    wait_until(lambda: "no OCSP answer" in aya.stderr, 30, "the failure in the log")
    assert updated(aya) is None and not aya.answers()


def test_slow_responders_hold_nobody_up(kept, port, teller, site):
    """Two certificates of one responder that takes its time: handshakes go on, and the answer comes when it comes."""
    place = port()
    pair = site(place)
    responder = teller(place)
    responder.DELAY = 4
    aya = kept(pair)
    wait_until(lambda: responder.asked, 30, "the question")
    assert updated(aya) is None
    wait_until(lambda: is_good(aya), 40, "an answer being shown")
