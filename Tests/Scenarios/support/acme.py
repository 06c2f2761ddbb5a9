"""An ACME server (RFC 8555, 8737, 9773), written from the RFCs: it checks what clients send as strictly as they allow,
and misbehaves when a test asks for it. Signatures and certificates are openssl's."""

import base64
import hashlib
import http.client
import json
import os
import re
import secrets
import socket
import ssl
import subprocess
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# SubjectPublicKeyInfo of P-256, up to the point.
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
# id-pe-acmeIdentifier, critical, with an octet string of 32 bytes in an octet string.
ALPN_EXTENSION = bytes.fromhex("06082b0601050507011f0101ff042204" + "20")


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text):
    assert "=" not in text, "padding in base64url"
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def openssl(*arguments, data=None):
    return subprocess.run(
        ["openssl", *arguments], input=data, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout


class Problem(Exception):
    def __init__(self, kind, detail="", status=400, **headers):
        super().__init__(kind, detail)
        self.kind, self.detail, self.status, self.headers = kind, detail, status, headers


class ACMEServer:
    """`http_port` and `tls_port` stand for 80 and 443 of every host; `records` for DNS."""

    def __init__(self, authority, site, http_port=None, tls_port=None, days=90, seconds=None, external=None):
        self.authority, self.days, self.seconds = authority, days, seconds
        self.http_port, self.tls_port, self.records = http_port, tls_port, {}
        # {key id: key} of customers that are known; None takes everybody.
        self.external = external
        self.accounts, self.orders, self.authorizations, self.certificates = {}, [], [], {}
        self.nonces, self.lock = set(), threading.RLock()
        # What was called, what breaks: `trouble(path)` may raise a Problem before a request is looked at.
        self.calls, self.errors, self.trouble = [], [], lambda path: None
        self.window = None
        handler = type("Handler", (Handler,), {"acme": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.port = self.server.server_port
        self.base = f"https://localhost:{self.port}"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*site)
        self.server.socket = context.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def directory(self):
        return f"{self.base}/directory"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def nonce(self):
        with self.lock:
            value = encode(secrets.token_bytes(12))
            self.nonces.add(value)
            return value

    # what is asked

    def get(self, path):
        if path == "/directory":
            names = {name: f"{self.base}/{name}" for name in ("newNonce", "newAccount", "newOrder", "renewalInfo")}
            return 200, {}, {**names, "meta": {"externalAccountRequired": self.external is not None}}
        if path.startswith("/renewalInfo/"):
            return self.renewal(path.rpartition("/")[2])
        if path == "/newNonce":
            return 204, {}, None
        raise Problem("malformed", f"no GET of {path}", 405)

    def renewal(self, name):
        assert name in {known["name"] for known in self.certificates.values()}, f"unknown certificate {name}"
        if not self.window:
            raise Problem("malformed", "no opinion", 404)
        start, end = (datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for at in self.window)
        return 200, {"Retry-After": "60"}, {"suggestedWindow": {"start": start, "end": end}}

    def post(self, path, body):
        message = json.loads(body)
        assert set(message) == {"protected", "payload", "signature"}, message
        head = json.loads(decode(message["protected"]))
        with self.lock:
            if head["nonce"] not in self.nonces:
                raise Problem("badNonce", "used or unknown")
            self.nonces.remove(head["nonce"])
        assert head["url"] == self.base + path, head
        assert head["alg"] == "ES256" and ("jwk" in head) != ("kid" in head), head
        if "jwk" in head:
            assert path == "/newAccount", f"a new key at {path}"
            key = head["jwk"]
        else:
            if head["kid"] not in self.accounts:
                raise Problem("accountDoesNotExist", "unknown account")
            key = self.accounts[head["kid"]]["key"]
        self.verify(key, message)
        payload = json.loads(decode(message["payload"])) if message["payload"] else None
        step = path.split("/")
        if path == "/newAccount":
            return self.new_account(key, payload)
        if path == "/newOrder":
            return self.new_order(payload)
        if step[1] == "order":
            return 200, {}, self.order(int(step[2]))
        if step[1] == "authorization":
            assert payload is None
            return 200, {}, self.authorizations[int(step[2])]["document"]
        if step[1] == "challenge":
            assert payload == {}
            return self.challenge(int(step[2]), step[3], key)
        if step[1] == "finalize":
            return self.finalize(int(step[2]), payload)
        if step[1] == "certificate":
            return 200, {"Content-Type": "application/pem-certificate-chain"}, self.certificates[int(step[2])]["chain"]
        raise Problem("malformed", f"no POST of {path}", 404)

    def verify(self, key, message):
        assert key["crv"] == "P-256" and key["kty"] == "EC", key
        raw = decode(message["signature"])
        assert len(raw) == 64
        numbers = b"".join(self._integer(raw[at:at + 32]) for at in (0, 32))
        directory = self.authority.directory
        names = [os.path.join(directory, f"{secrets.token_hex(8)}.{end}") for end in ("key", "sig")]
        try:
            with open(names[0], "wb") as file:
                file.write(SPKI + b"\x04" + decode(key["x"]) + decode(key["y"]))
            with open(names[1], "wb") as file:
                file.write(bytes([0x30, len(numbers)]) + numbers)
            openssl("dgst", "-sha256", "-verify", names[0], "-keyform", "DER", "-signature", names[1],
                    data=f"{message['protected']}.{message['payload']}".encode())
        finally:
            for name in names:
                os.unlink(name)

    @staticmethod
    def _integer(raw):
        raw = raw.lstrip(b"\0") or b"\0"
        raw = b"\0" + raw if raw[0] & 0x80 else raw
        return bytes([2, len(raw)]) + raw

    def new_account(self, key, payload):
        assert payload["termsOfServiceAgreed"] is True
        if self.external is not None:
            bound = payload.get("externalAccountBinding")
            if not bound:
                raise Problem("externalAccountRequired", "who are you?", 403)
            import hmac
            head = json.loads(decode(bound["protected"]))
            assert head["alg"] == "HS256" and head["url"] == f"{self.base}/newAccount"
            wanted = hmac.new(
                self.external[head["kid"]], f"{bound['protected']}.{bound['payload']}".encode(), "sha256").digest()
            assert decode(bound["signature"]) == wanted and json.loads(decode(bound["payload"])) == key
        with self.lock:
            url = f"{self.base}/account/{len(self.accounts)}"
            self.accounts[url] = {"key": key, "contact": payload.get("contact", [])}
        return 201, {"Location": url}, {"status": "valid"}

    def new_order(self, payload):
        with self.lock:
            number = len(self.orders)
            places = []
            for identifier in payload["identifiers"]:
                assert identifier["type"] == "dns"
                host, index = identifier["value"], len(self.authorizations)
                kinds = ["dns-01"] if host.startswith("*.") else ["http-01", "tls-alpn-01", "dns-01"]
                token = encode(secrets.token_bytes(16))
                document = {
                    "status": "pending", "identifier": {"type": "dns", "value": host.removeprefix("*.")},
                    "challenges": [
                        {"type": kind, "status": "pending", "token": token,
                         "url": f"{self.base}/challenge/{index}/{kind}"} for kind in kinds],
                }
                self.authorizations.append({"document": document})
                places.append(f"{self.base}/authorization/{index}")
            self.orders.append({
                "status": "pending", "identifiers": payload["identifiers"], "authorizations": places,
                "finalize": f"{self.base}/finalize/{number}", "replaces": payload.get("replaces")})
        return 201, {"Location": f"{self.base}/order/{number}"}, self.order(number)

    def order(self, number):
        order = self.orders[number]
        if order["status"] == "pending":
            states = [self.authorizations[int(p.rpartition("/")[2])]["document"]["status"]
                      for p in order["authorizations"]]
            if all(state == "valid" for state in states):
                order["status"] = "ready"
            elif "invalid" in states:
                order["status"] = "invalid"
        return {name: value for name, value in order.items() if value is not None}

    # proofs

    def challenge(self, index, kind, key):
        document = self.authorizations[index]["document"]
        challenge = next(c for c in document["challenges"] if c["type"] == kind)
        thumbprint = encode(hashlib.sha256(
            json.dumps({name: key[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":")).encode()).digest())
        answer = f"{challenge['token']}.{thumbprint}"
        challenge["status"] = "processing"
        threading.Thread(target=self._check, args=(document, challenge, kind, answer), daemon=True).start()
        return 200, {}, challenge

    def _check(self, document, challenge, kind, answer):
        host = document["identifier"]["value"]
        try:
            {"http-01": self._http, "tls-alpn-01": self._alpn, "dns-01": self._dns}[kind](host, challenge, answer)
            challenge["status"] = document["status"] = "valid"
        except Exception as problem:  # noqa: BLE001 — whatever went wrong is what the client is told
            challenge["error"] = {
                "type": "urn:ietf:params:acme:error:unauthorized", "detail": f"{kind} of {host}: {problem!r}"}
            challenge["status"] = document["status"] = "invalid"

    def _http(self, host, challenge, answer):
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=5)
        connection.request("GET", f"/.well-known/acme-challenge/{challenge['token']}", headers={"Host": host})
        response = connection.getresponse()
        body = response.read().decode()
        assert response.status == 200 and body.rstrip() == answer, f"{response.status} {body}"

    def _alpn(self, host, challenge, answer):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(["acme-tls/1"])
        with context.wrap_socket(
                socket.create_connection(("127.0.0.1", self.tls_port), timeout=5), server_hostname=host) as connection:
            assert connection.selected_alpn_protocol() == "acme-tls/1", connection.selected_alpn_protocol()
            shown = connection.getpeercert(binary_form=True)
        assert ALPN_EXTENSION + hashlib.sha256(answer.encode()).digest() in shown, "no such extension"
        text = openssl("x509", "-inform", "DER", "-noout", "-text", data=shown).decode()
        assert re.findall(r"(?:DNS|IP Address):([^,\s]+)", text) == [host], text

    def _dns(self, host, challenge, answer):
        found = self.records() if callable(self.records) else self.records
        wanted = encode(hashlib.sha256(answer.encode()).digest())
        assert wanted in found.get(f"_acme-challenge.{host}", []), found

    # certificates

    def finalize(self, number, payload):
        order = self.orders[number]
        if self.order(number)["status"] != "ready":
            raise Problem("orderNotReady", order["status"], 403)
        request = decode(payload["csr"])
        text = openssl("req", "-inform", "DER", "-noout", "-text", "-verify", data=request).decode()
        names = re.findall(r"DNS:([^,\s]+)", text)
        assert sorted(names) == sorted(i["value"] for i in order["identifiers"]), names
        base = os.path.join(self.authority.directory, f"acme{secrets.token_hex(6)}")
        with open(f"{base}.csr", "wb") as file:
            file.write(request)
        with open(f"{base}.ext", "w") as file:
            file.write(f"subjectAltName={','.join(f'DNS:{name}' for name in names)}\n"
                       "authorityKeyIdentifier=keyid:always\n")
        leaf = self._short_lived(base) if self.seconds else openssl(
            "x509", "-req", "-inform", "DER", "-in", f"{base}.csr", "-CA", self.authority.certificate, "-CAkey",
            self.authority.key, "-set_serial", str(secrets.randbits(120) | 1), "-days", str(self.days), "-extfile",
            f"{base}.ext").decode()
        with open(self.authority.certificate) as file:
            chain = leaf + file.read()
        with self.lock:
            self.certificates[number] = {"chain": chain, "name": self._name(leaf)}
            order["status"], order["certificate"] = "valid", f"{self.base}/certificate/{number}"
        return 200, {"Location": f"{self.base}/order/{number}"}, self.order(number)

    def _short_lived(self, base):
        """Only `openssl ca` counts in seconds."""
        os.mkdir(f"{base}.ca")
        for name, text in {"index.txt": "", "serial": secrets.token_hex(15), "ca.cnf": f"""
[ca]
default_ca = this
[this]
database = {base}.ca/index.txt
serial = {base}.ca/serial
new_certs_dir = {base}.ca
default_md = sha256
policy = any
[any]
commonName = optional
"""}.items():
            with open(f"{base}.ca/{name}", "w") as file:
                file.write(text)
        openssl("req", "-inform", "DER", "-in", f"{base}.csr", "-out", f"{base}.ca/request.pem")
        start, end = (time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + after)) for after in (0, self.seconds))
        return openssl(
            "ca", "-batch", "-notext", "-config", f"{base}.ca/ca.cnf", "-cert", self.authority.certificate, "-keyfile",
            self.authority.key, "-in", f"{base}.ca/request.pem", "-extfile", f"{base}.ext", "-startdate", start,
            "-enddate", end).decode()

    @staticmethod
    def _name(leaf):
        """As RFC 9773 section 4.1 names a certificate."""
        text = openssl("x509", "-noout", "-serial", "-ext", "authorityKeyIdentifier", data=leaf.encode()).decode()
        serial = bytes.fromhex(re.search(r"serial=([0-9A-F]+)", text).group(1))
        serial = b"\0" + serial if serial[0] & 0x80 else serial
        key = bytes.fromhex(re.search(r"((?:[0-9A-F]{2}:){8,}[0-9A-F]{2})", text).group(1).replace(":", ""))
        return f"{encode(key)}.{encode(serial)}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    acme = None

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except (OSError, ssl.SSLError):
            pass

    def do_GET(self):
        self._answer(lambda: self.acme.get(self.path))

    do_HEAD = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] != "application/jose+json":
            self.acme.errors.append(f"content type {self.headers['Content-Type']}")
        self._answer(lambda: self.acme.post(self.path, body))

    def _answer(self, act):
        self.acme.calls.append((self.command, self.path))
        try:
            self.acme.trouble(self.path)
            status, headers, document = act()
        except Problem as problem:
            status, headers = problem.status, {
                "Content-Type": "application/problem+json",
                **{name.replace("_", "-"): value for name, value in problem.headers.items()}}
            document = {"type": f"urn:ietf:params:acme:error:{problem.kind}", "detail": problem.detail}
        except Exception as error:  # noqa: BLE001 — the test is told at its end
            self.acme.errors.append(f"{self.path}: {error!r}")
            status, headers, document = 500, {}, {"detail": "broken"}
        body = b"" if document is None else (
            document.encode() if isinstance(document, str) else json.dumps(document).encode())
        self.send_response(status)
        headers.setdefault("Content-Type", "application/json")
        for name, value in {**headers, "Replay-Nonce": self.acme.nonce(), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
