"""Commands that speak to an Aya elsewhere: over TLS whose server they verify, with a certificate or a token."""

import json
import os
import subprocess

import pytest
from support import certificates
from support.aya import BINARY, run, wait_until

pytestmark = pytest.mark.timeout(240)
LOOKING = [
    ["status"], ["top", "--once"], ["alerts"], ["generations"], ["diff"], ["history", "list"], ["brain", "status"],
    ["explain", "GET http://shop.example/"]]
CHANGING = [["reload"], ["reload", "--dry-run"], ["rollback", "--dry-run"]]


@pytest.fixture
def remote(start, port, upstream, tmp_path):
    """An Aya whose admin API asks for a certificate or a token; with `url`, `authority`, `tokens` and `certificate`."""
    authority = certificates.Authority(tmp_path)
    cert, key = authority.issue("aya.test", "localhost")
    tokens = {scope: json.loads(run("token", "create", "--name", scope, "--scope", scope, "--json").stdout)
              for scope in ("read", "operate", "admin")}
    secure, listening = port(), port()
    state = tmp_path / "state"
    state.mkdir()
    aya = start({
        "listeners": {
            "web": {"bind": f"127.0.0.1:{listening}"},
            "ops": {"bind": f"127.0.0.1:{secure}", "protocol": "admin",
                    "tls": {"certificates": [{"cert": cert, "key": key}],
                            "client_certificates": {"mode": "optional", "ca": authority.certificate}}}},
        "pools": {"main": {"servers": [upstream().address]}}, "state": str(state),
        "admin": {"bind": f"unix:{tmp_path / 'admin.sock'}",
                  "tokens": {name: {"hash": one["hash"], "scope": name} for name, one in tokens.items()}}}, ready=False)
    wait_until(lambda: aya.stderr.count("listening") >= 2, 15, "the start")
    aya.port, aya.authority, aya.directory_of_tests = listening, authority, tmp_path
    aya.url = f"https://localhost:{secure}"
    aya.secure = secure
    aya.tokens = {name: one["token"] for name, one in tokens.items()}
    aya.audit = lambda: json.loads(subprocess.run(
        ["curl", "-s", "--unix-socket", str(tmp_path / "admin.sock"), "http://localhost/v1/audit"],
        stdout=subprocess.PIPE, timeout=20).stdout)["changes"]
    return aya


def test_tokens(remote, tmp_path):
    trusting = ["--admin", remote.url, "--ca", remote.authority.certificate]
    for command in LOOKING:
        ran = run(*command, *trusting, "--token", remote.tokens["read"])
        assert ran.returncode == 0 and ran.stdout, (command, ran.stderr)
        assert run(*command, *trusting).returncode == 1, command
    for command in CHANGING:
        ran = run(*command, *trusting, "--token", remote.tokens["read"])
        assert ran.returncode == 1 and "needs the scope 'operate'" in ran.stderr, (command, ran.stderr)
        assert "token read has 'read'" in ran.stderr
    ran = run("upgrade", *trusting, "--token", remote.tokens["operate"])
    assert ran.returncode == 1 and "needs the scope 'admin'" in ran.stderr
    # From a file, and all of it from the environment.
    path = tmp_path / "token"
    path.write_text(remote.tokens["operate"] + "\n")
    ran = run("reload", *trusting, "--token-file", str(path))
    assert ran.returncode == 0 and "no changes" in ran.stdout, ran.stderr
    environment = os.environ | {
        "AYA_ADMIN": remote.url, "AYA_CA": remote.authority.certificate, "AYA_TOKEN": remote.tokens["operate"]}
    assert run("reload", env=environment, cwd="/").returncode == 0
    assert [entry["identity"] for entry in remote.audit()] == ["token operate", "token operate"]


def test_certificates(remote):
    cert, key = remote.authority.issue("alice")
    shown = ["--admin", remote.url, "--ca", remote.authority.certificate, "--cert", cert, "--key", key]
    for command in LOOKING + CHANGING[:1]:
        ran = run(*command, *shown)
        assert ran.returncode == 0, (command, ran.stderr)
    assert remote.audit()[-1]["identity"] == "certificate CN=alice"
    environment = os.environ | {"AYA_CA": remote.authority.certificate, "AYA_CERT": cert, "AYA_KEY": key}
    assert run("status", "--admin", remote.url, env=environment).returncode == 0


def test_feeds(remote, client):
    """What is told as it happens comes through TLS as it happens."""
    tap = subprocess.Popen(
        [BINARY, "tap", "--admin", remote.url, "--ca", remote.authority.certificate, "--token", remote.tokens["read"],
         "--limit", "1", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def told():
        client(remote.port).get("/seen")
        return tap.poll() is not None

    try:
        wait_until(told, 30, "an exchange being told")
        output, errors = tap.communicate(timeout=10)
        assert json.loads(output)["url.path"] == "/seen", errors
    finally:
        tap.kill()


def test_errors_say_what_to_do(remote, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    stranger = certificates.Authority(other, "Another CA")
    token, ca = ["--token", remote.tokens["read"]], ["--ca", remote.authority.certificate]

    def fails(*arguments, code=1):
        ran = run("status", *arguments)
        assert ran.returncode == code, ran.stderr
        return ran.stderr

    assert "not trusted here: --ca" in fails("--admin", remote.url, "--ca", stranger.certificate, *token)
    assert "not for the name" in fails("--admin", f"https://127.0.0.1:{remote.secure}", *ca, *token)
    words = fails("--admin", remote.url, *ca)
    assert "show a token or a certificate" in words and "--token" in words
    assert "not known here" in fails("--admin", remote.url, *ca, "--token", "aya_0123")
    cert, key = stranger.issue("mallory")
    assert "does not take the certificate" in fails("--admin", remote.url, *ca, "--cert", cert, "--key", key)
    assert "--cert and --key go together" in fails("--admin", remote.url, *ca, "--cert", cert, code=2)
    assert "are for addresses with https" in fails("--admin", f"http://127.0.0.1:{remote.secure}", *ca, code=2)
    assert "does not speak TLS" in fails("--admin", f"https://localhost:{remote.port}", *ca)
    assert "can't read" in fails("--admin", remote.url, "--ca", str(tmp_path / "none.pem"))


def test_a_certificate_that_is_required(remote):
    """With TLS 1.3 the server's no comes behind the handshake."""
    configuration = json.loads(open(remote.configuration_path).read())
    configuration["listeners"]["ops"]["tls"]["client_certificates"]["mode"] = "require"
    shown = ["--admin", remote.url, "--ca", remote.authority.certificate, "--token", remote.tokens["operate"]]
    remote.write(configuration)
    assert run("reload", *shown).returncode == 0
    ran = run("status", *shown)
    assert ran.returncode == 1 and "wants to see a certificate: --cert and --key" in ran.stderr, ran.stderr
    cert, key = remote.authority.issue("alice")
    assert run("status", *shown, "--cert", cert, "--key", key).returncode == 0
