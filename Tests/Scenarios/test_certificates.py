"""Certificates that come and change by themselves: the local authority, files that are watched, the plain listener's
redirect."""

import os
import shutil
import ssl
import subprocess

import pytest
from support import certificates
from support.aya import run, wait_until
from support.client import Client


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return certificates.Authority(tmp_path_factory.mktemp("authority"))


def configuration(port, upstream, tls, tmp_path, **more):
    return {
        "listeners": {"web": {"bind": f"127.0.0.1:{port}", "tls": tls}, **more.pop("listeners", {})},
        "pools": {"web": {"servers": [f"127.0.0.1:{upstream.port}"]}},
        "routes": {
            "shop": {"host": "shop.example", "pool": "web"}, "below": {"host": "*.blog.example", "pool": "web"},
            "rest": {"pool": "web"},
        },
        "state": str(tmp_path), **more,
    }


def context(roots):
    return ssl.create_default_context(cadata=roots)


def shown(port, trust, name="localhost"):
    """The certificate that a client of that name gets, verified."""
    with Client(port, wrap=lambda plain: trust.wrap_socket(plain, server_hostname=name)) as client:
        assert client.request().status == 200
        return client.socket.getpeercert()


def root(tmp_path):
    printed = run("ca", "print", "--state", str(tmp_path))
    assert printed.returncode == 0, printed.stderr
    return printed.stdout


# the local authority

def test_the_local_authority(start, upstream, port, tmp_path):
    """Printed before the first start, believed after it; hosts of routes, this machine, and nobody."""
    trust = context(root(tmp_path))
    listen = port()
    aya = start(configuration(listen, upstream(), "internal", tmp_path))
    for name in ("localhost", "127.0.0.1", "shop.example", "x.blog.example"):
        assert shown(listen, trust, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        shown(listen, trust, "else.example")
    left = aya.metric("aya_tls_certificate_expiry_seconds", listener="web", certificate="shop.example")
    assert 29 * 86400 < left <= 30 * 86400
    assert os.stat(tmp_path / "local-authority.pem").st_mode & 0o777 == 0o600
    assert root(tmp_path) == root(tmp_path)


def test_the_root_outlasts_a_restart(start, upstream, port, tmp_path):
    listen = port()
    settings = configuration(listen, upstream(), {"internal": True, "hosts": ["only.example"]}, tmp_path)
    first = start(settings)
    trust = context(root(tmp_path))
    assert shown(listen, trust, "only.example")
    first.may_have_ended = True
    first.stop()
    start(settings)
    assert shown(listen, trust, "only.example")


def test_an_authority_that_can_not_be_kept(start, upstream, port, tmp_path):
    aya = start(configuration(port(), upstream(), "internal", tmp_path / "nowhere"))
    assert "will not outlast this process" in aya.stderr
    printed = run("ca", "print", "--state", str(tmp_path / "nowhere"))
    assert printed.returncode == 1 and "can't be kept" in printed.stderr


def test_what_openssl_says_of_it(tmp_path):
    with open(tmp_path / "root.pem", "w") as file:
        file.write(root(tmp_path))
    said = subprocess.run(
        ["openssl", "x509", "-in", str(tmp_path / "root.pem"), "-noout", "-text"], capture_output=True, text=True,
        check=True).stdout
    for part in ("CA:TRUE", "Certificate Sign, CRL Sign", "CN = Aya local authority", "prime256v1"):
        assert part in said, said


def test_what_openssl_says_of_what_it_issues(start, upstream, port, tmp_path):
    """Names are critical where there is no subject (RFC 5280 section 4.2.1.6), which browsers insist on."""
    listen = port()
    start(configuration(listen, upstream(), "internal", tmp_path))
    shown = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{listen}", "-servername", "shop.example"], input="",
        capture_output=True, text=True, timeout=20).stdout
    said = subprocess.run(
        ["openssl", "x509", "-noout", "-text"], input=shown, capture_output=True, text=True, check=True).stdout
    for part in ("Subject Alternative Name: critical", "DNS:shop.example", "CA:FALSE", "TLS Web Server Authentication"):
        assert part in said, said


# files

def test_a_changed_certificate_is_shown(start, upstream, port, authority, tmp_path):
    """Within a look, without the connections that are open; one that is wrong leaves the old one."""
    pair = [str(tmp_path / "site.pem"), str(tmp_path / "site.key")]

    def put(days, **settings):
        for source, target in zip(authority.issue("localhost", days=days, **settings), pair):
            shutil.copy(source, target + ".new")
            os.rename(target + ".new", target)

    put(5)
    listen = port()
    tls = {"certificates": {"cert": pair[0], "key": pair[1]}}
    aya = start(configuration(listen, upstream(), tls, tmp_path))
    with open(authority.certificate) as file:
        trust = context(file.read())
    before = shown(listen, trust)
    with Client(listen, wrap=lambda plain: trust.wrap_socket(plain, server_hostname="localhost")) as client:
        assert client.request().status == 200
        put(10)
        wait_until(lambda: shown(listen, trust) != before, 15, "the new certificate")
        assert client.request().status == 200
    new = shown(listen, trust)
    with open(pair[1], "w") as file:
        file.write("nothing")
    wait_until(lambda: "the old one keeps serving" in aya.stderr, 15, "the complaint")
    assert "holds no private key" in aya.stderr
    assert shown(listen, trust) == new
    assert aya.metric("aya_tls_certificate_failures_total", listener="web", certificate=pair[0]) == 1


def test_validate_reads_files(authority, tmp_path):
    good, other = authority.issue("a.example"), authority.issue("b.example")
    path = tmp_path / "aya.yaml"

    def validate(certificate, key, *arguments):
        path.write_text(
            f"listeners: {{ web: {{ bind: ':1', tls: {{ certificates: {{ cert: {certificate}, key: {key} }} }} }} }}\n"
            "pools: { web: { servers: [127.0.0.1:1] } }\n")
        return run("validate", str(path), *arguments)

    assert validate(*good).returncode == 0
    wrong = validate(good[0], other[1])
    assert wrong.returncode == 3 and "is not the key of the certificate" in wrong.stderr
    assert validate(good[0], other[1], "--no-files").returncode == 0
    missing = validate(good[0], "/nowhere.key", "--json")
    assert missing.returncode == 3 and '"valid":false' in missing.stdout and "/nowhere.key" in missing.stdout


def test_validate_looks_at_what_acme_needs(tmp_path):
    path = tmp_path / "aya.yaml"
    path.write_text(
        "listeners: { web: { bind: ':1', tls: { hosts: ['*.a.example'], auto: { challenge: dns-01, hook: [/nowhere], "
        "verify: /missing.pem } } } }\npools: { web: { servers: [127.0.0.1:1] } }\n")
    ran = run("validate", str(path))
    assert ran.returncode == 3 and "can't read '/missing.pem'" in ran.stderr
    path.write_text(path.read_text().replace(", verify: /missing.pem", ""))
    ran = run("validate", str(path))
    assert ran.returncode == 0 and "the hook '/nowhere' can't be run" in ran.stderr


# the plain listener

def test_redirect_to_tls(start, upstream, port, tmp_path):
    plain, listen = port(), port()
    start(configuration(
        listen, upstream(), "internal", tmp_path,
        listeners={"plain": {"bind": f"127.0.0.1:{plain}", "redirect": "web"}}))
    with Client(plain) as client:
        for target, location in [
            ("/", "/"), ("/a/../b?c=d", "/b?c=d"), ("/x%20y?q", "/x%20y?q"),
        ]:
            response = client.request(target=target, headers={"Host": "shop.example:80"})
            assert response.status == 308
            assert response.get("location") == f"https://shop.example:{listen}{location}"
        response = client.request("POST", "/form", headers={"Host": "shop.example"}, body=b"x" * 10)
        assert response.status == 308
