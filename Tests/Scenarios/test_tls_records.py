"""What is special about connections that have been open for a few exchanges, whose records Aya seals and opens itself:
everything that may come between two records, and records that come in pieces."""

import re
import socket
import ssl
import subprocess
import threading
import time

import pytest
from support import certificates
from support.aya import wait_until
from support.client import Client, pattern


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return certificates.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def site(authority):
    return authority.issue("localhost")


SUITES = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]


class Lines:
    """`openssl s_client` before something that sends every line back."""

    def __init__(self, port, authority, *arguments):
        self.process = subprocess.Popen(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost", "-CAfile",
             authority.certificate, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        self.said = b""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        while more := self.process.stdout.read1(65536):
            self.said += more

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.join()

    def write(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def command(self, letter):
        """What it reads together with a command it drops."""
        before = self.said.count(b"KEYUPDATE")
        self.write(letter)
        wait_until(lambda: self.said.count(b"KEYUPDATE") > before, 20, f"{letter} in {self.said!r}")

    def exchange(self, text):
        self.write(text)
        wait_until(lambda: text.encode() in self.said, 20, f"{text} coming back in {self.said!r}")


@pytest.fixture
def echo(start, port, relay, site):
    """Where a TCP listener with TLS sends back what comes."""
    def back(_, connection):
        while data := connection.recv(65536):
            connection.sendall(data)

    listening = port()
    start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}", "protocol": "tcp", "pool": "main", "tls": {
            "certificates": [{"cert": site[0], "key": site[1]}]}}},
        "pools": {"main": {"servers": [relay(back).address]}}})
    return listening


@pytest.mark.parametrize("suite", SUITES)
def test_new_keys(echo, authority, suite):
    """KeyUpdate of a client (RFC 8446 section 4.6.3), with and without the wish for ours."""
    with Lines(echo, authority, "-tls1_3", "-ciphersuites", suite) as lines:
        for number in range(6):
            lines.exchange(f"before {number}")
        for turn, command in enumerate("KkKK"):
            lines.command(command)
            for number in range(3):
                lines.exchange(f"after {turn} {number}")
    assert suite.encode() in lines.said


def test_new_keys_of_another_client(echo, authority):
    """GnuTLS asks for new keys too."""
    process = subprocess.Popen(
        ["gnutls-cli", "--inline-commands", "--x509cafile", authority.certificate, "--sni-hostname", "localhost",
         "--verify-hostname", "localhost", "--port", str(echo), "127.0.0.1"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = bytearray()

    def read():
        while more := process.stdout.read1(65536):
            said.extend(more)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        for number in range(10):
            # Its own command for a KeyUpdate; both ends change.
            line = b"^rekey^\n" if number == 6 else b""
            process.stdin.write(line + b"line %d\n" % number)
            process.stdin.flush()
            wait_until(lambda: b"line %d" % number in said, 20, f"line {number} in {bytes(said)!r}")
    finally:
        process.kill()
        process.wait()
        reader.join()


# records by hand


class ByHand:
    """A client whose ciphertext the test sends as it likes."""

    def __init__(self, port, authority):
        context = ssl.create_default_context(cafile=authority.certificate)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        self._until_it_works(self.tls.do_handshake)
        assert self.tls.version() == "TLSv1.3"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _until_it_works(self, call):
        while True:
            try:
                return call()
            except ssl.SSLWantReadError:
                self.flush()
                if not self.take():
                    self.incoming.write_eof()
            finally:
                self.flush()

    def take(self):
        data = self.socket.recv(65536)
        self.incoming.write(data)
        return data

    def flush(self):
        if data := self.outgoing.read():
            self.socket.sendall(data)

    def records(self, *texts):
        """One record each."""
        for text in texts:
            self.tls.write(text)
        return self.outgoing.read()

    def read(self):
        return self._until_it_works(lambda: self.tls.read(65536))

    def answer(self):
        """The body of an answer of stated length."""
        said = b""
        while b"\r\n\r\n" not in said:
            said += self.read()
        head, body = said.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
        while len(body) < length:
            body += self.read()
        assert head.startswith(b"HTTP/1.1 200") and len(body) == length
        return body


REQUEST = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture
def open_for_a_while(proxy, upstream, site, authority):
    """A connection after a few exchanges, before a server that sends bodies back."""
    def back(exchange):
        body = exchange.read_body()
        exchange.respond(body=body or b"hello")

    aya = proxy(upstream(back), listener={"tls": {"certificates": [{"cert": site[0], "key": site[1]}]}})
    with ByHand(aya.port, authority) as client:
        for _ in range(6):
            client.socket.sendall(client.records(REQUEST))
            assert client.answer() == b"hello"
        client.aya = aya
        yield client


def test_records_in_pieces(open_for_a_while):
    client = open_for_a_while
    for byte in client.records(REQUEST):
        client.socket.sendall(bytes([byte]))
        time.sleep(0.001)
    assert client.answer() == b"hello"
    # Within the header of the second record, and later within it.
    for cut in (3, 5, 20):
        first, second = client.records(REQUEST[:10]), client.records(REQUEST[10:])
        client.socket.sendall(first + second[:cut])
        time.sleep(0.05)
        client.socket.sendall(second[cut:])
        assert client.answer() == b"hello"


def test_many_records_at_once(open_for_a_while):
    """A request in records of a byte each, two requests in one record, two in two."""
    client = open_for_a_while
    client.socket.sendall(client.records(*(bytes([byte]) for byte in REQUEST)))
    assert client.answer() == b"hello"


@pytest.mark.parametrize("size", [1, 16384, 16385, 1_500_000])
def test_bodies_both_ways(open_for_a_while, size):
    client = open_for_a_while
    body = pattern(size)
    head = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size
    answers = []
    reader = threading.Thread(target=lambda: answers.append(client.answer()))
    # Ciphertext first, so that the thread alone uses the connection.
    wire = client.records(head + body[:100], *(body[at:at + 16384] for at in range(100, size, 16384)))
    reader.start()
    client.socket.sendall(wire)
    reader.join(50)
    assert answers == [body]
    # And on with small ones.
    client.socket.sendall(client.records(REQUEST))
    assert client.answer() == b"hello"


@pytest.mark.parametrize("garbage", [
    b"\x17\x03\x03\x00\x20" + bytes(32), b"\x16\x03\x03\x00\x20" + bytes(32), b"\x17\x03\x01\x00\x20" + bytes(32),
    b"\x17\x03\x03\xff\xff", b"\x17\x03\x03\x00\x00", b"\x14\x03\x03\x00\x01\x01", b"GET / HTTP/1.1\r\n\r\n"])
def test_garbage_ends_the_connection(open_for_a_while, garbage):
    """With an alert that says why, and nothing else."""
    client = open_for_a_while
    client.socket.sendall(garbage)
    with pytest.raises(ssl.SSLError, match="(?i)alert|bad record|unexpected|version|overflow"):
        client.read()


def test_goodbyes(open_for_a_while):
    """A client's is answered by ours; the stream does not look cut."""
    client = open_for_a_while
    with pytest.raises(ssl.SSLWantReadError):
        client.tls.unwrap()
    client.flush()
    while client.take():
        pass
    # Raises when the other end has not said it.
    client.tls.unwrap()


def test_the_last_answer_ends_with_a_goodbye(proxy, upstream, site, authority):
    aya = proxy(upstream(), listener={"tls": {"certificates": [{"cert": site[0], "key": site[1]}]}})
    context = ssl.create_default_context(cafile=authority.certificate)
    with Client(aya.port, wrap=lambda plain: context.wrap_socket(
            plain, server_hostname="localhost", suppress_ragged_eofs=False)) as client:
        for _ in range(8):
            assert client.request().status == 200
        assert client.request(headers={"Connection": "close"}).status == 200
        # A cut stream would be an error.
        assert client.socket.recv(1) == b""
