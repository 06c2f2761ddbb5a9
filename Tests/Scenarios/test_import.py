"""`aya import`: what it prints, and that the written configuration answers as the original does."""

import glob
import json
import os
import shutil
import signal
import subprocess
import time

import pytest
from support.aya import ROOT, run, wait_until
from support.client import Client

GOLDEN = os.path.join(ROOT, "Tests/Golden/Import")

NGINX = """
user root;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ worker_connections 128; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/f; uwsgi_temp_path {directory}/u; scgi_temp_path {directory}/s;
    proxy_set_header Host $host;
    upstream shop {{ server 127.0.0.1:{one}; }}
    upstream api {{ least_conn; server 127.0.0.1:{two}; server 127.0.0.1:1 backup; }}
    map $http_x_version $by_version {{ default shop; beta api; }}
    server {{
        listen 127.0.0.1:{port} default_server;
        server_name shop.example;
        location / {{ proxy_pass http://shop; }}
        location = /exact {{ return 200 "exact\\n"; }}
        location /api/ {{ proxy_pass http://api; }}
        location ^~ /img/ {{ return 404; }}
        location ~ ^/(img|css)/ {{ proxy_pass http://api; }}
        location /old {{ return 301 https://new.example$request_uri; }}
        location /versions/ {{ proxy_pass http://$by_version; }}
        location /closed/ {{ deny all; }}
    }}
    server {{
        listen 127.0.0.1:{port};
        server_name *.wild.example;
        location /only/ {{ proxy_pass http://api; }}
        location = / {{ return 302 /only/; }}
        location / {{ return 404; }}
    }}
    server {{
        listen 127.0.0.1:{port};
        server_name a.wild.example;
        if ($request_method = DELETE) {{ return 405; }}
        location / {{ proxy_pass http://shop; }}
    }}
    # The inner port: the same site with other rules, and what no site has.
    server {{
        listen 127.0.0.1:{inner};
        server_name shop.example;
        location / {{ proxy_pass http://api; }}
        location /ping {{ return 200 "pong\n"; }}
        location /img/ {{ proxy_pass http://shop; }}
    }}
    server {{
        listen 127.0.0.1:{inner} default_server;
        listen 127.0.0.1:{port};
        server_name old.example;
        location ~ ^/img/ {{ return 410; }}
        location /img/x.png/ {{ return 404; }}
        location / {{ proxy_pass http://shop; }}
        location /api/ {{ return 403; }}
    }}
}}
"""

HAPROXY = """
global
    maxconn 100
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 5s
frontend in
    bind 127.0.0.1:{port}
    acl api path_beg /api/
    acl write method POST DELETE
    http-request deny if {{ path /secret }}
    http-request return status 200 content-type text/plain string pong if {{ path /ping }}
    http-request redirect location https://new.example/ code 301 if {{ hdr(host) old.example }}
    use_backend two if api !{{ method GET }} or {{ hdr(host) -i api.example }}
    use_backend two if api write
    use_backend two if {{ hdr_end(host) .wild.example }} {{ path_reg ^/(img|css)/ }}
    use_backend two if {{ req.cook(lab) on }}
    use_backend two if {{ url_param(v) 2 }}
    default_backend one
frontend inner
    bind 127.0.0.1:{inner}
    http-request deny if {{ path /ping }}
    use_backend one if {{ path_beg /api/ }}
    http-request return status 200 content-type text/plain string "inside" if {{ path /secret }} !{{ ssl_fc }}
    default_backend two
backend one
    balance roundrobin
    server one 127.0.0.1:{one}
backend two
    balance leastconn
    option httpchk GET /
    server two 127.0.0.1:{two} check inter 200ms
    server spare 127.0.0.1:1 backup
"""

# Host, method, target, further fields.
REQUESTS = [
    (host, method, target, fields)
    for host in ("shop.example", "unknown.example", "x.wild.example", "a.wild.example", "wild.example", "api.example",
                 "old.example")
    for method, target, fields in [
        ("GET", "/", {}), ("GET", "/exact", {}), ("GET", "/exact/more", {}), ("GET", "/api/x?y=1", {}), ("GET", "/api", {}),
        ("POST", "/api/x", {}), ("DELETE", "/api/", {}), ("GET", "/img/x.png", {}), ("GET", "/css/a/b", {}),
        ("GET", "/old?x=1", {}), ("GET", "/versions/", {"X-Version": "beta"}), ("GET", "/versions/", {}),
        ("GET", "/closed/x", {}), ("GET", "/only/x", {}), ("GET", "/only", {}), ("GET", "/secret", {}), ("GET", "/ping", {}),
        ("GET", "/?v=2", {}), ("GET", "/x", {"Cookie": "a=b; lab=on"}), ("DELETE", "/x", {}),
    ]
]


def answers(port):
    """What each request is answered with: the status, where a redirect leads, and which server it was or which text."""
    found = []
    for host, method, target, fields in REQUESTS:
        client = Client(port)
        try:
            answer = client.request(method, target, headers={"Host": host, **fields})
            body = answer.body.decode() if answer.status == 200 else ""
            location = answer.get("location") if 300 <= answer.status < 400 else None
            if location:
                # nginx makes its own relative redirects absolute.
                location = location.replace(f"http://{host}", "").replace(f":{port}", "")
            found.append((host, method, target, answer.status, location, body))
        finally:
            client.close()
    return found


def tell(name):
    def behave(exchange):
        exchange.read_body()
        exchange.respond(body=f"{name} {exchange.request.target}".encode())
    return behave


@pytest.fixture
def original(tmp_path, port):
    """A function that runs another proxy with a configuration."""
    started = []

    def start_original(kind, text, listening):
        path = tmp_path / f"{kind}.conf"
        path.write_text(text)
        program = shutil.which(kind, path="/usr/sbin:/usr/bin:/usr/local/sbin")
        if not program:
            pytest.skip(f"{kind} is not installed")
        arguments = {"nginx": ["-p", str(tmp_path), "-c", str(path), "-g", "daemon off;"],
                     "haproxy": ["-db", "-f", str(path)]}[kind]
        process = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        started.append(process)

        def answers_come():
            assert process.poll() is None, process.stdout.read().decode()
            try:
                Client(listening).close()
                return True
            except OSError:
                return False
        wait_until(answers_come, what=kind)
        return str(path)

    yield start_original
    for process in started:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@pytest.mark.parametrize("kind, text", [("nginx", NGINX), ("haproxy", HAPROXY)], ids=["nginx", "haproxy"])
def test_answers_as_the_original(kind, text, original, start, upstream, port, tmp_path):
    servers = [upstream(tell("one")), upstream(tell("two"))]
    listening, inner = port(), port()
    path = original(
        kind, text.format(directory=tmp_path, port=listening, inner=inner, one=servers[0].port, two=servers[1].port),
        listening)
    if kind == "haproxy":
        time.sleep(0.5)  # until its checks have seen the server
    ran = run("import", kind, path)
    assert ran.returncode == 0, ran.stderr
    mine, mine_inside = port(), port()
    configuration = ran.stdout
    for theirs, ours in ((listening, mine), (inner, mine_inside)):
        assert f"127.0.0.1:{theirs}" in configuration, ran.stdout
        configuration = configuration.replace(f"127.0.0.1:{theirs}", f"127.0.0.1:{ours}")
    start(configuration + f"\nadmin: {{ bind: 127.0.0.1:{port()} }}\n", ready=False)

    def listens():
        try:
            Client(mine).close()
            return True
        except OSError:
            return False
    wait_until(listens, what="aya")
    wait_until(lambda: answers(mine)[0][3] == 200, what="a healthy server")
    expected = answers(listening) + answers(inner)
    assert len({entry[3:] for entry in expected}) >= 6, "the original says too little"
    found = answers(mine) + answers(mine_inside)
    assert [pair for pair in zip(expected, found) if pair[0] != pair[1]] == []


def cases(kind):
    others = (".aya.yaml", ".findings", ".map", ".part")
    return [path for path in sorted(glob.glob(f"{GOLDEN}/{kind}/*")) if not path.endswith(others)]


KINDS = sorted(os.path.basename(path) for path in glob.glob(f"{GOLDEN}/*") if cases(os.path.basename(path)))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_valid(kind, tmp_path):
    """Every golden file, through the commands; one that can't be read says where."""
    valid = 0
    for path in cases(kind):
        written = tmp_path / (os.path.basename(path) + ".yaml")
        ran = run("import", kind, path, "--output", str(written))
        if ran.returncode == 3:
            assert f"{path}:" in ran.stderr and not written.exists()
            continue
        if ran.returncode == 1:
            assert "nothing in it can run" in ran.stderr and not written.exists(), (path, ran.stderr)
            continue
        assert ran.returncode == 0, (path, ran.stderr)
        checked = run("validate", "--no-files", str(written))
        assert checked.returncode == 0, (path, checked.stderr)
        assert run("fmt", "--check", str(written)).returncode == 0, path
        valid += 1
    assert valid >= 8


def test_findings_and_exit_codes(tmp_path):
    path = tmp_path / "site.conf"
    path.write_text("server {\n  listen 80;\n  gzip on;\n  location / { proxy_pass http://127.0.0.1:3000; "
                    "proxy_set_header Host $host; }\n}\n")
    ran = run("import", "nginx", str(path))
    assert ran.returncode == 0
    assert f"{path}:3: not carried over: gzip on: Aya does not compress; let the servers do it" in ran.stderr.splitlines()
    assert run("import", "nginx", str(path), "--strict").returncode == 1
    told = json.loads(run("import", "nginx", str(path), "--json").stdout)
    assert told["findings"][0]["line"] == 3 and "listeners:" in told["configuration"]
    assert run("import", "nginx", str(path), "--output", str(path)).returncode == 1, "a file that exists stays"
    assert run("import", "apache", str(path)).returncode == 2
    assert run("import", "nginx", str(tmp_path / "missing")).returncode == 1
    path.write_text("server { listen 80\n")
    broken = run("import", "nginx", str(path))
    assert broken.returncode == 3 and broken.stdout == "" and f"{path}:1:1: error: 'listen' has no ';' behind it" in broken.stderr
    path.write_text("events { }\n")
    assert run("import", "nginx", str(path)).returncode == 1
    assert run("import", "nginx", "-", text="server { listen 81; location / { return 204; } }").returncode == 0


def test_includes(tmp_path):
    """Files and globs, beside the first file; a circle ends with an error."""
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "a.conf").write_text("server { listen 80; location / { proxy_pass http://app; } }\n")
    (tmp_path / "upstreams.conf").write_text("upstream app { server 10.0.0.1:80; }\n")
    main = tmp_path / "nginx.conf"
    main.write_text("http { include upstreams.conf; include conf.d/*.conf; include none.d/*.conf; include missing.conf; }\n")
    ran = run("import", "nginx", str(main))
    assert ran.returncode == 0 and "10.0.0.1:80" in ran.stdout, ran.stderr
    assert "include missing.conf" in ran.stderr and "none.d" not in ran.stderr
    (tmp_path / "upstreams.conf").write_text("include upstreams.conf;\n")
    assert run("import", "nginx", str(main)).returncode == 3
