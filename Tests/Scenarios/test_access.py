"""Who may use the admin API: unix sockets, loopback, tokens, certificates; and what the audit log keeps."""

import json
import os
import resource
import socket
import stat
import subprocess
import time

import pytest
from support import certificates
from support.aya import run, wait_until
from support.client import Client, ask


def token(name="ops", scope="operate"):
    ran = run("token", "create", "--name", name, "--scope", scope, "--json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture
def site(start, port, upstream, tmp_path):
    """A function that starts Aya with an admin section and a state directory."""

    def start_site(admin, listeners=None, **more):
        state = tmp_path / "state"
        state.mkdir(exist_ok=True)
        listening = port()
        aya = start({
            "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}, **(listeners or {})},
            "pools": {"main": {"servers": [upstream().address]}}, "state": str(state), "admin": admin, **more}, ready=False)
        aya.port, aya.state = listening, state
        wait_until(lambda: "listening" in aya.stderr, 15, "the start")
        return aya

    return start_site


def over_socket(path, method, target, body=None):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        text = json.dumps(body) if body is not None else ""
        connection.sendall(
            f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(text)}\r\n\r\n{text}"
            .encode())
        answer = b""
        while data := connection.recv(65536):
            answer += data
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def test_unix_socket(site, tmp_path):
    path = tmp_path / "admin.sock"
    aya = site({"bind": f"unix:{path}", "mode": "0600"})
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert over_socket(path, "POST", "/v1/reload")[0] == 200
    assert run("status", "-c", aya.configuration_path).returncode == 0
    entry = json.loads(over_socket(path, "GET", "/v1/audit")[1])["changes"][-1]
    assert entry["identity"] == "unix socket" and entry["action"] == "reload"


def test_tokens(site, port):
    look, work, number = token("look", "read"), token("work", "operate"), port()
    aya = site({"bind": f"127.0.0.1:{number}",
                "tokens": {t["name"]: {"hash": t["hash"], "scope": t["scope"]} for t in (look, work)}})

    def status(method, target, shown=None):
        headers = [("Authorization", f"Bearer {shown['token']}")] if shown else []
        return ask(number, method, target, headers, host="localhost").status

    assert status("GET", "/healthz") == 200 and status("GET", "/v1/status") == 401 and status("GET", "/metrics") == 401
    assert status("GET", "/v1/status", look) == 200 and status("GET", "/metrics", look) == 200
    assert status("POST", "/v1/reload", look) == 403 and status("POST", "/v1/reload", work) == 200
    assert status("POST", "/v1/upgrade", work) == 403
    wrong = dict(look, token=look["token"][:-1] + ("0" if look["token"][-1] != "0" else "1"))
    assert status("GET", "/v1/status", wrong) == 401
    # Commands take it from the environment.
    admin = ["--admin", f"http://127.0.0.1:{number}"]
    assert run("status", *admin).returncode == 1
    assert run("status", *admin, env=os.environ | {"AYA_TOKEN": look["token"]}).returncode == 0
    assert run("reload", *admin, env=os.environ | {"AYA_TOKEN": look["token"]}).returncode == 1
    # Another configuration, other tokens, at once and without another socket.
    configuration = json.loads(open(aya.configuration_path).read())
    del configuration["admin"]["tokens"]["look"]
    aya.write(configuration)
    assert status("POST", "/v1/reload", work) == 200 and status("GET", "/v1/status", look) == 401
    assert look["token"] not in open(aya.configuration_path).read()


def test_certificates_over_the_network(site, port, tmp_path):
    (cert, key), (client_cert, client_key) = certificates.make(tmp_path, "aya.test"), certificates.make(tmp_path, "ops")
    unix, secure = tmp_path / "admin.sock", port()
    site({"bind": f"unix:{unix}"},
         {"ops": {"bind": f"127.0.0.1:{secure}", "protocol": "admin",
                  "tls": {"certificates": [{"cert": cert, "key": key}],
                          "client_certificates": {"mode": "optional", "ca": client_cert}}}})

    def status(method, target, *more):
        ran = subprocess.run(
            ["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "-X", method, *more,
             f"https://127.0.0.1:{secure}{target}"], stdout=subprocess.PIPE, text=True, timeout=20)
        return int(ran.stdout)

    shown = ["--cert", str(client_cert), "--key", str(client_key)]
    for version in ("--http1.1", "--http2"):
        assert status("POST", "/v1/reload", version, *shown) == 200
        assert status("GET", "/healthz", version) == 200
    entry = json.loads(over_socket(unix, "GET", "/v1/audit")[1])["changes"][-1]
    assert entry["identity"].startswith("certificate ") and "ops" in entry["identity"]


def test_an_admin_listener_is_no_way_to_routes(site, port, tmp_path):
    number = port()
    aya = site({"bind": f"unix:{tmp_path / 'a.sock'}"}, {"ops": {"bind": f"127.0.0.1:{number}", "protocol": "admin"}})
    assert ask(number, target="/anything", host="localhost").status == 404
    assert ask(number, target="/v1/status", host="localhost").json()["state"] == "ready"
    assert ask(aya.port, target="/v1/status").status == 200 and b"state" not in ask(aya.port, target="/v1/status").body


def test_other_sites_and_names(site, port):
    number = port()
    site({"bind": f"127.0.0.1:{number}", "hosts": ["aya.internal"]})
    assert ask(number, target="/v1/status", host="aya.internal").status == 200
    assert ask(number, target="/v1/status", host="evil.example").status == 403
    assert ask(number, "POST", "/v1/reload", [("Origin", "https://evil.example")], host="localhost").status == 403
    assert ask(number, "POST", "/v1/reload", [("Sec-Fetch-Site", "cross-site")], host="localhost").status == 403


def test_the_audit_log_is_kept(site, port):
    number = port()
    aya = site({"bind": f"127.0.0.1:{number}"})
    server = json.loads(open(aya.configuration_path).read())["pools"]["main"]["servers"][0]
    for weight in (3, 4):
        assert ask(number, "PATCH", f"/v1/pools/main/servers/{server}", body=json.dumps({"weight": weight}).encode(),
                   host="localhost").status == 200
    assert ask(number, "PATCH", "/v1/routes/none", body=b'{"enabled":false}', host="localhost").status == 404
    path = aya.state / "audit.jsonl"
    kept = [json.loads(line) for line in path.read_text().splitlines()]
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert [entry["action"].split()[0] for entry in kept] == ["weight", "weight", "disable"]
    assert any("3 -> 4" in line for line in kept[1]["changes"]) and kept[2]["problems"]
    aya.process.kill()
    aya.may_have_ended = True
    aya.process.wait()
    aya.stop = lambda: 0
    again = site({"bind": f"127.0.0.1:{number}"})
    told = ask(number, target="/v1/audit", host="localhost").json()
    assert told["kept"] is True and told["changes"] == kept and again.running


def test_a_full_disk_is_seen(site, port):
    number = port()
    aya = site({"bind": f"127.0.0.1:{number}"})
    # Files may not grow, as on a disk that is full.
    (aya.state / "audit.jsonl").write_bytes(b"")
    resource.prlimit(aya.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    assert ask(number, "PATCH", "/v1/log", body=b'{"level":"debug"}', host="localhost").status == 200
    told = ask(number, target="/v1/audit", host="localhost").json()
    assert told["kept"] is False and told["problem"] and told["changes"][-1]["action"] == "log level debug"
    assert ask(aya.port).status == 200, "traffic does not notice"
    resource.prlimit(aya.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert ask(number, "PATCH", "/v1/log", body=b'{"level":"info"}', host="localhost").status == 200
    assert ask(number, target="/v1/audit", host="localhost").json()["kept"] is True
    wait_until(lambda: "kept in the audit log again" in aya.stderr, 5, "the notice")


def test_strangers_from_the_network(site, port):
    addresses = subprocess.run(["hostname", "-I"], stdout=subprocess.PIPE, text=True).stdout.split()
    own = next((a for a in addresses if ":" not in a and not a.startswith("127.")), None)
    if own is None:
        pytest.skip("this machine has no address of a network")
    number = port()
    aya = site({"bind": f"0.0.0.0:{number}"})
    assert "other machines" in aya.stderr
    ran = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"http://{own}:{number}/v1/status"],
                         stdout=subprocess.PIPE, text=True, timeout=20)
    assert ran.stdout == "401"
    assert ask(number, target="/v1/status", host="localhost").status == 200


def test_a_drain_does_not_wait_for_those_who_watch(site, port, tmp_path):
    number = port()
    aya = site({"bind": f"unix:{tmp_path / 'a.sock'}"}, {"ops": {"bind": f"127.0.0.1:{number}", "protocol": "admin"}},
               drain={"grace": "20s"})
    watching = Client(number)
    watching.send(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b" 200 " in watching.stream.until(b"\r\n\r\n")
    aya.may_have_ended = True
    began = time.monotonic()
    assert aya.stop() == 0
    assert time.monotonic() - began < 10
    watching.close()
