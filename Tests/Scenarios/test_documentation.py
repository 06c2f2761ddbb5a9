"""The documentation: links lead somewhere, pages render, and what tutorials and guides say is what happens."""

import glob
import html.parser
import importlib.machinery
import importlib.util
import os
import re
import signal
import subprocess
import time

import pytest
from support.aya import BINARY, ROOT, run
from support.ports import reserve_port

TUTORIALS = sorted(os.path.relpath(path, ROOT) for path in glob.glob(f"{ROOT}/docs/tutorials/*.md"))
GUIDES = sorted(os.path.relpath(path, ROOT) for path in glob.glob(f"{ROOT}/docs/how-to/*.md"))
FENCE = re.compile(r"^```(\S*)[ ]?(.*?)\n(.*?)^```$", re.M | re.S)


@pytest.fixture(scope="module")
def renderer():
    loader = importlib.machinery.SourceFileLoader("render_docs", os.path.join(ROOT, "scripts/render-docs"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("render_docs", loader))
    loader.exec_module(module)
    return module


def test_links_lead_somewhere(renderer):
    assert renderer.problems() == []


def test_every_page_is_reached_from_the_index(renderer):
    seen, waiting = set(), ["docs/README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        for _, target in renderer.LINK.findall(renderer.without_code(renderer.read(page))):
            file = target.split("#")[0]
            if file.endswith(".md") and ":" not in file:
                waiting.append(os.path.normpath(os.path.join(os.path.dirname(page), file)))
    own = {page for page in renderer.pages() if page.startswith("docs/") and not page.startswith("docs/decisions/")}
    assert own - seen == set()


class Anchors(html.parser.HTMLParser):
    """Tags that are closed in their order, the anchors of a page and its links."""

    VOID = {"meta", "link", "br", "hr", "img"}

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links = [], set(), []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in self.VOID:
            self.open.append(tag)
        if "id" in attributes:
            self.ids.add(attributes["id"])
        if tag == "a":
            self.links.append(attributes["href"])

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}>"


def test_pages_render(tmp_path):
    made = subprocess.run([os.path.join(ROOT, "scripts/render-docs"), "--output", str(tmp_path)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    assert made.returncode == 0, made.stdout
    parsed = {}
    for path in glob.glob(f"{tmp_path}/**/*.html", recursive=True):
        parser = Anchors()
        with open(path, encoding="utf-8") as file:
            parser.feed(file.read())
        assert parser.open == [], path
        parsed[path] = parser
    assert (tmp_path / "index.html").exists() and (tmp_path / "style.css").exists()
    for path, parser in parsed.items():
        for target in parser.links:
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            where = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
            if where in parsed and anchor:
                assert anchor in parsed[where].ids, (path, target)
            elif file.endswith(".html"):
                assert where in parsed, (path, target)


def fences(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return FENCE.findall(file.read())


@pytest.mark.parametrize("page", GUIDES + ["docs/importing.md"])
def test_configurations_of_guides_are_valid(page, tmp_path):
    for number, (language, _, body) in enumerate(fences(page)):
        if language != "yaml":
            continue
        path = tmp_path / f"{number}.yaml"
        path.write_text(body)
        checked = run("validate", "--no-files", str(path))
        assert checked.returncode == 0, checked.stderr


def expected(line):
    """A line of a tutorial's output; `…` stands for anything."""
    return re.compile(".*".join(re.escape(part) for part in line.split("…")))


def say(shell, command, mark):
    """The exit code of a command, and the lines that it printed."""
    shell.stdin.write(f"{command}\necho {mark} $?\n")
    shell.stdin.flush()
    told = []
    while True:
        answer = shell.stdout.readline()
        assert answer, f"the shell ended at: {command}"
        if answer.startswith(mark):
            return answer.split()[1], told
        told.append(answer.rstrip("\n"))


@pytest.mark.parametrize("page", TUTORIALS)
def test_tutorial(page, tmp_path):
    """Every command is run in its order, in one shell, with files as the page says; ports are exchanged for free ones."""
    ports = {}

    def moved(text):
        return re.sub(r"\b(8080|9001|9002|9900)\b", lambda found: str(ports.setdefault(found.group(), reserve_port())), text)

    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/aya").symlink_to(BINARY)
    work = tmp_path / "work"
    work.mkdir()
    shell = subprocess.Popen(
        ["bash", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=work,
        env={**os.environ, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "PS1": ""}, start_new_session=True)
    try:
        shell.stdin.write("set -m\n")
        for number, (language, options, body) in enumerate(fences(page)):
            file = re.search(r"file=(\S+)", options)
            if file:
                (work / file.group(1)).write_text(moved(body))
            if language != "console":
                continue
            lines = body.splitlines()
            for index, line in enumerate(lines):
                if not line.startswith("$ "):
                    continue
                command = moved(line[2:])
                wanted = []
                for following in lines[index + 1:]:
                    if following.startswith("$ "):
                        break
                    wanted.append(moved(following))
                mark = f"end-{number}-{index}"
                if command.endswith("&"):
                    # What runs beside the lesson keeps its words to itself.
                    command = f"{command[:-1].rstrip()} >{tmp_path}/{mark}.log 2>&1 &"
                wanted = [one for one in wanted if one.strip() != "…"]
                deadline = time.monotonic() + 20
                while True:
                    code, told = say(shell, command, mark)
                    missing = [one for one in wanted if not any(expected(one).fullmatch(other) for other in told)]
                    # What was started beside the lesson may not be there yet, and asking again does no harm.
                    if not command.startswith("curl -s http") or not missing or time.monotonic() > deadline:
                        break
                    time.sleep(0.3)
                assert code == "0", (command, told)
                if command.endswith("&"):
                    time.sleep(0.3)
                    continue
                assert not missing, (command, missing, told)
    finally:
        # `set -m` gave every job a group of its own: the shell ends them.
        try:
            shell.stdin.write("kill -TERM $(jobs -p) 2>/dev/null; wait; exit\n")
            shell.stdin.close()
            shell.wait(15)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            os.killpg(shell.pid, signal.SIGKILL)
            shell.wait()
