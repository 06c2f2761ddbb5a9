"""The command line: what each command prints, and its exit code (0 done, 1 failed, 2 usage, 3 configuration)."""

import glob
import json
import os
import re
import shutil
import signal
import subprocess
import threading

import pytest
from support.aya import BINARY, ROOT, run, wait_until
from support.client import ask

GOOD = "listeners: { web: { bind: \":8080\" } }\npools: { web: { servers: [127.0.0.1:9001] } }\n"
GOLDEN = sorted(glob.glob(os.path.join(ROOT, "Tests/Golden/*.in.yaml")))

BAD = {
    "unknown key": ("listeners: { web: { bind: ':8080', bnid: 1 } }\npools: { web: { servers: [127.0.0.1:9001] } }\n",
                    r"aya\.yaml:1:\d+: error: unknown key 'bnid'"),
    "unknown balancer": ("listeners: { web: { bind: ':8080' } }\n"
                         "pools: { web: { servers: [127.0.0.1:9001], balance: least_con } }\n",
                         r"aya\.yaml:2:\d+: error: unknown balancer 'least_con' \(did you mean 'least_connections'\?\)"),
    "no yaml": ("listeners: { web: [\n", r"aya\.yaml:\d+:\d+: error: "),
    "empty file": ("", r"error: "),
    "empty pool": ("listeners: { web: { bind: ':8080' } }\npools: { web: { servers: [] } }\n",
                   r"aya\.yaml:2:\d+: error: pool 'web' has no servers"),
    "address twice": ("listeners: { a: { bind: ':8080' }, b: { bind: ':8080' } }\n"
                      "pools: { web: { servers: [127.0.0.1:9001] } }\n", r"aya\.yaml:1:\d+: error: "),
    "no action": ("listeners: { web: { bind: ':8080' } }\nroutes: { r: { path: /x } }\n"
                  "pools: { web: { servers: [127.0.0.1:9001] } }\n", r"aya\.yaml:2:\d+: error: "),
    "unknown pool": ("listeners: { web: { bind: ':8080' } }\nroutes: { r: { pool: wbe } }\n"
                     "pools: { web: { servers: [127.0.0.1:9001] } }\n", r"did you mean 'web'"),
}


@pytest.fixture
def written(tmp_path):
    def write(text, name="aya.yaml"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def test_validate_accepts(written):
    ran = run("validate", "-c", written(GOOD))
    assert ran.returncode == 0, ran.stderr


def test_validate_takes_the_file_as_argument_too(written):
    assert run("validate", written(GOOD)).returncode == 0


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("command", ["validate", "run"])
def test_bad_configuration(written, command, name):
    """Clear messages with their place, exit 3, and `run` starts nothing."""
    text, message = BAD[name]
    ran = run(command, "-c", written(text), timeout=10)
    assert ran.returncode == 3, ran.stderr
    assert re.search(message, ran.stderr + ran.stdout), ran.stderr + ran.stdout


def test_every_problem_in_one_run(written):
    ran = run("validate", "-c", written(
        "listeners:\n  web: { bind: ':808a' }\n  db: { bind: ':5432', protocol: tcq }\n"
        "pools:\n  web: { servers: [], balance: fast, colour: red }\nspeed: high\n"))
    assert ran.returncode == 3
    for word in ("808a", "tcq", "fast", "colour", "speed", "no servers"):
        assert word in ran.stderr + ran.stdout, word


def test_nothing_is_bound_by_a_bad_configuration(written, port):
    listening = port()
    ran = run("run", "-c", written(
        f"listeners: {{ web: {{ bind: '127.0.0.1:{listening}' }} }}\npools: {{ web: {{ servers: [x y] }} }}\n"), timeout=10)
    assert ran.returncode == 3
    with pytest.raises(ConnectionRefusedError):
        ask(listening)


@pytest.mark.parametrize("path", GOLDEN, ids=[os.path.basename(p)[:-8] for p in GOLDEN])
def test_golden_files_by_command(path):
    """The binary agrees with the golden tests: 3 for errors, 0 otherwise."""
    errors = path.replace(".in.yaml", ".errors")
    text = open(errors).read() if os.path.exists(errors) else ""
    environment = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME")}
    # What the unit tests' environment has too.
    environment |= {"PORT": "8080", "EMPTY": "", "BACKEND": "127.0.0.1:9001", "TOKEN": "a: b # c"}
    ran = run("validate", "--no-files", "-c", path, env=environment)
    assert ran.returncode == (3 if "error:" in text else 0), ran.stderr


def test_missing_file(tmp_path):
    ran = run("run", "-c", str(tmp_path / "nowhere.yaml"), timeout=10)
    assert ran.returncode in (1, 3) and "nowhere.yaml" in ran.stderr


@pytest.mark.parametrize("arguments", [["nonsense"], ["run", "--nonsense"], ["proxy"], ["proxy", "--listen", ":1"]])
def test_usage(arguments):
    ran = run(*arguments, timeout=10)
    assert ran.returncode == 2, ran.stderr
    assert "usage" in ran.stderr.lower()


def test_bad_address_on_the_command_line():
    ran = run("proxy", "--listen", ":8080", "--to", "nowhere:port", timeout=10)
    assert ran.returncode in (2, 3) and "nowhere:port" in ran.stderr


def test_expand_is_a_fixed_point(written):
    first = run("validate", "--expand", "-c", written(GOOD))
    assert first.returncode == 0, first.stderr
    assert "idle_connections" in first.stdout, "defaults are visible"
    second = run("validate", "--expand", "-c", written(first.stdout, "again.yaml"))
    assert second.stdout == first.stdout


def test_fmt(written):
    messy = "# a comment\nlisteners:\n    web: {bind: \":8080\"}   \npools:\n      web: {servers: [127.0.0.1:9001]}\n"
    path = written(messy)
    ran = run("fmt", path)
    assert ran.returncode == 0, ran.stderr
    text = ran.stdout or open(path).read()
    assert "# a comment" in text and "   \n" not in text
    assert run("validate", "-c", written(text, "after.yaml")).returncode == 0


def test_schema():
    ran = run("schema")
    assert ran.returncode == 0
    schema = json.loads(ran.stdout)
    assert schema["$schema"].startswith("https://json-schema.org/draft/2020-12")
    assert {"listeners", "routes", "pools"} <= set(schema["properties"])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions(shell, tmp_path):
    ran = run("completions", shell)
    assert ran.returncode == 0 and "aya" in ran.stdout
    if shutil.which(shell):
        script = tmp_path / "completions"
        script.write_text(ran.stdout)
        assert subprocess.run([shell, "-n", str(script)]).returncode == 0


def test_help_and_version():
    ran = run("--help")
    assert ran.returncode == 0
    for command in ("run", "validate", "fmt", "schema", "proxy", "demo", "status", "completions"):
        assert re.search(rf"^\s+{command}\b", ran.stdout, re.M), command
    ran = run("--version")
    assert ran.returncode == 0 and re.search(r"\d+\.\d+", ran.stdout)


@pytest.mark.parametrize("arguments, path", [
    (["man"], "packaging/aya.1"), (["completions", "bash"], "packaging/completions/aya.bash"),
    (["completions", "zsh"], "packaging/completions/_aya"), (["completions", "fish"], "packaging/completions/aya.fish")])
def test_packaged_copies(arguments, path):
    """What packages install is what the binary says; `aya COMMAND > PATH` brings it up to date."""
    with open(os.path.join(ROOT, path)) as file:
        assert file.read() == run(*arguments).stdout


def test_every_command_is_documented():
    commands = re.findall(r"^  (\w+)  ", run("--help").stdout.split("SUBCOMMANDS:")[1], re.M)
    assert len(commands) >= 9
    manual = run("man").stdout
    with open(os.path.join(ROOT, "docs/cli.md")) as file:
        documentation = file.read()
    for command in commands:
        assert f".SS aya {command}\n" in manual and f"\n## aya {command}\n" in documentation, command
        options = re.findall(r"--[a-z]+", run("help", command).stdout.split("USAGE:")[1])
        for option in set(options) - {"--help", "--version"}:
            assert option.replace("-", "\\-") in manual, f"{command} {option}"


def test_problems_as_json(written):
    assert json.loads(run("validate", "--json", written(GOOD)).stdout) == {"valid": True, "problems": []}
    ran = run("validate", "--json", written(BAD["unknown key"][0]))
    assert ran.returncode == 3
    report = json.loads(ran.stdout)
    assert not report["valid"]
    problem = report["problems"][0]
    assert (problem["severity"], problem["line"]) == ("error", 1) and "bnid" in problem["message"]


def test_fmt_check_and_write(written):
    messy, path = GOOD.replace("{ web", "{web"), written(GOOD.replace("{ web", "{web"))
    os.chmod(path, 0o640)
    ran = run("fmt", "--check", path)
    assert ran.returncode == 1 and ran.stdout == path + "\n" and open(path).read() == messy
    assert run("fmt", "--write", path).returncode == 0
    assert open(path).read() == GOOD and os.stat(path).st_mode & 0o777 == 0o640
    assert os.listdir(os.path.dirname(path)) == [os.path.basename(path)]
    assert run("fmt", "--check", path).returncode == 0
    assert run("fmt", text=messy).stdout == GOOD
    assert run("fmt", "--write", "--check", path).returncode == 2
    ran = run("fmt", path + ".gone")
    assert ran.returncode == 1 and "no such file" in ran.stderr


def test_address_in_use(proxy, upstream, written):
    """Two processes never share a port by mistake, although workers do."""
    aya = proxy(upstream())
    ran = run("proxy", "--listen", f"127.0.0.1:{aya.port}", "--to", "127.0.0.1:9001", timeout=10)
    assert ran.returncode == 1
    assert re.search(rf"listener 'web' can not listen on 127\.0\.0\.1:{aya.port}: Address already in use", ran.stderr)
    assert ask(aya.port).status == 200


def test_signals(proxy, upstream):
    """SIGHUP reads the configuration again; SIGINT drains like SIGTERM."""
    aya = proxy(upstream())
    aya.process.send_signal(signal.SIGHUP)
    assert ask(aya.port).status == 200
    wait_until(lambda: "configuration applied" in aya.stderr, 5, "a line about the configuration")
    aya.may_have_ended = True
    aya.process.send_signal(signal.SIGINT)
    assert aya.wait() == 0


def test_proxy_without_a_file(upstream, port, tmp_path):
    a, b, listening = upstream(name="a"), upstream(name="b"), port()
    with open(tmp_path / "stderr", "wb") as stderr:
        process = subprocess.Popen(
            [BINARY, "proxy", "--listen", f"127.0.0.1:{listening}", "--to", a.address, "--to", b.address],
            stderr=stderr, stdout=stderr)
    try:
        wait_until(lambda: _answers(listening), 10, "an answer of `aya proxy`")
        seen = set()
        wait_until(lambda: seen.add(ask(listening).json()["server"]) or seen == {"a", "b"}, 20, "both servers")
    finally:
        process.terminate()
        assert process.wait(10) == 0


def _answers(port):
    try:
        return ask(port, timeout=2).status == 200
    except OSError:
        return False


def test_configuration_directory(tmp_path, upstream, port, start):
    """Every file of a directory together is the configuration."""
    listening, admin, folder = port(), port(), tmp_path / "conf"
    folder.mkdir()
    (folder / "10-listeners.yaml").write_text(
        f"listeners: {{ web: {{ bind: '127.0.0.1:{listening}' }} }}\nadmin: {{ bind: '127.0.0.1:{admin}' }}\n")
    (folder / "20-pools.yaml").write_text(f"pools: {{ web: {{ servers: ['{upstream().address}'] }} }}\n")
    process = subprocess.Popen([BINARY, "run", "-c", str(folder)], stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(listening), 10, "an answer")
    finally:
        process.terminate()
        assert process.wait(10) == 0


def test_environment_in_the_configuration(tmp_path, upstream, port):
    listening = port()
    path = tmp_path / "aya.yaml"
    path.write_text("listeners: { web: { bind: '${AYA_TEST_BIND}' } }\n"
                    "pools: { web: { servers: ['${AYA_TEST_SERVER:-127.0.0.1:1}'] } }\n")
    assert run("validate", "-c", str(path)).returncode == 3
    environment = dict(os.environ, AYA_TEST_BIND=f"127.0.0.1:{listening}", AYA_TEST_SERVER=upstream().address)
    process = subprocess.Popen([BINARY, "run", "-c", str(path)], env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(listening), 10, "an answer")
    finally:
        process.terminate()
        assert process.wait(10) == 0


def test_status_command(proxy, upstream):
    aya = proxy(upstream())
    assert ask(aya.port).status == 200
    ran = run("status", "--admin", f"http://127.0.0.1:{aya.admin}")
    assert ran.returncode == 0, ran.stderr
    assert "main" in ran.stdout and "ready" in ran.stdout
    environment = dict(os.environ, AYA_ADMIN=f"127.0.0.1:{aya.admin}")
    assert "main" in run("status", env=environment, cwd="/").stdout
    assert "main" in run("status", "-c", aya.configuration_path).stdout
    assert run("status", cwd="/").returncode == 2, "nobody says which"
    assert run("status", "--admin", f"127.0.0.1:{aya.port}").returncode == 1, "not an admin listener"
    ran = run("status", "--json", "--admin", f"http://127.0.0.1:{aya.admin}")
    assert ran.returncode == 0 and "pools" in json.loads(ran.stdout)


def test_status_without_a_running_aya(port):
    ran = run("status", "--admin", f"http://127.0.0.1:{port()}", timeout=15)
    assert ran.returncode == 1 and ran.stderr


def test_demo_starts_and_ends():
    """It shows something within seconds and ends by SIGTERM."""
    process = subprocess.Popen([BINARY, "demo"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = []
    reader = threading.Thread(target=lambda: output.extend(iter(lambda: process.stdout.read1(4096), b"")))
    reader.start()
    try:
        wait_until(lambda: len(b"".join(output)) > 200, 15, "what the demo shows")
    finally:
        process.terminate()
        code = process.wait(15)
        reader.join(5)
    assert code == 0, b"".join(output)[-2000:]


def test_demo_loses_nothing():
    """A server that is stopped and comes back costs no request."""
    ran = run("demo", "--seconds", "4", timeout=30)
    assert ran.returncode == 0, ran.stderr
    assert " is stopped" in ran.stdout and " is started again" in ran.stdout
    assert re.search(r"requests in [\d.]+ s, 0 failed", ran.stdout), ran.stdout


def test_demo_once():
    ran = run("demo", "--once", timeout=20)
    assert ran.returncode == 0 and "requests/s" in ran.stdout, ran.stderr


def test_aya_needs_nothing_but_the_c_library():
    """The Swift standard library is inside the release binary."""
    listed = subprocess.run(["ldd", BINARY], stdout=subprocess.PIPE, text=True).stdout
    assert "libswift" not in listed and "Foundation" not in listed, listed
