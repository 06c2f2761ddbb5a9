"""A responder of OCSP (RFC 6960) that says what a test wants, for as long as it wants. The answers are written here,
their signatures are openssl's."""

import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BASIC = bytes.fromhex("06092b0601050507300101")  # id-pkix-ocsp-basic
ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")


def element(tag, *parts):
    content = b"".join(parts)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def contents(data):
    """What is in the element that stands first, itself without what follows it."""
    length, start = data[1], 2
    if length & 0x80:
        start = 2 + (length & 0x7f)
        length = int.from_bytes(data[2:start], "big")
    return data[start:start + length]


def moment(seconds):
    return element(0x18, time.strftime("%Y%m%d%H%M%SZ", time.gmtime(seconds)).encode())


class OCSPResponder:
    """Signs with the key of the certificates' issuer. Everything in capitals may be changed while it runs."""

    def __init__(self, authority, port):
        self.authority = authority
        # How long an answer is good, in seconds; what else is sent in place of an answer; the time before that.
        self.LIFE, self.GARBAGE, self.DELAY = 3600, None, 0
        self.asked = 0
        handler = type("Handler", (Handler,), {"responder": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request):
        # OCSPRequest, TBSRequest, the list, its first request: the certificate's identifier is all that is in there.
        identifier = contents(contents(contents(contents(request))))
        now = int(time.time())
        single = element(
            0x30, identifier, element(0x80), moment(now), element(0xa0, moment(now + self.LIFE)))
        data = element(0x30, element(0xa2, element(0x04, bytes(20))), moment(now), element(0x30, single))
        signature = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", self.authority.key], input=data, capture_output=True,
            check=True).stdout
        basic = element(0x30, data, ECDSA_SHA256, element(0x03, b"\0", signature))
        return element(
            0x30, element(0x0a, b"\0"), element(0xa0, element(0x30, BASIC, element(0x04, basic))))


class Handler(BaseHTTPRequestHandler):
    responder = None

    def do_POST(self):
        self.responder.asked += 1
        request = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.responder.DELAY)
        body = self.responder.answer(request) if self.responder.GARBAGE is None else self.responder.GARBAGE
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/ocsp-response")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # Whoever asked has gone.

    def log_message(self, *_):
        pass
