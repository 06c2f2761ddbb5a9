"""The dashboard, looked at and used in a headless Chromium."""

import json
import os
import re

import pytest
from support.accessibility import faults, overflow
from support.aya import ROOT, wait_until
from support.devtools import Browser
from support.client import Client, ask
from support.dashboard_mock import Mock
from test_generations import api, server_path

PAGES = ["", "listeners", "routes", "pools", "exchanges", "explain", "events", "brain", "certificates", "configuration"]
# What an Aya may do without: the browser tells that it is missing, and the page says so.
OPTIONAL = re.compile(r"404 .*/v1/(live|history|tap|explain|brain|alerts)")
DETAILS = ["listeners/secure", "routes/pictures", "pools/web", "configuration/difference", "configuration/generations",
           "configuration/changes"]


@pytest.fixture(scope="module")
def browser():
    one = Browser()
    yield one
    one.stop()


@pytest.fixture
def mock():
    started = []

    def start(**settings):
        started.append(Mock(**settings))
        return f"http://127.0.0.1:{started[-1].port}/"

    yield start
    for one in started:
        one.stop()


@pytest.fixture(scope="module")
def module_page(browser):
    """A page from whose address modules can be had."""
    one = Mock()
    page = browser.page()
    page.goto(f"http://127.0.0.1:{one.port}/mark.svg")
    yield page
    page.close()
    one.stop()


@pytest.fixture
def open_page(browser):
    """A function that opens a page of an Aya; at the end nothing may have gone wrong on it."""
    opened = []

    def open_one(address, path="", **settings):
        page = browser.page(**settings)
        opened.append(page)
        base = address if isinstance(address, str) else f"http://127.0.0.1:{address.admin}/"
        page.base = base
        page.goto(f"{base}#/{path}")
        page.wait("document.querySelector('.link-state')?.dataset.state === 'live'")
        return page

    yield open_one
    for page in opened:
        problems = [one for one in page.problems if not OPTIONAL.search(one)]
        page.close()
        assert not problems or getattr(page, "may_have_problems", False), problems


def go(page, path):
    page.evaluate(f"location.hash = '#/{path}'")
    page.wait("Boolean(document.querySelector('main h1')?.textContent)")


# What the server says of its files.

def test_files_and_their_guards(proxy, upstream):
    aya = proxy(upstream())
    page = ask(aya.admin, host="localhost")
    assert page.status == 200 and page.get("content-type") == "text/html; charset=utf-8"
    policy = page.get("content-security-policy")
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert page.get("x-content-type-options") == "nosniff" and page.get("referrer-policy") == "no-referrer"
    for name in re.findall(r'(?:href|src)="([\w./-]+)"', page.body.decode()):
        file = ask(aya.admin, target=f"/{name}", host="localhost")
        assert file.status == 200 and file.body, name
        again = ask(aya.admin, target=f"/{name}", headers=[("If-None-Match", file.get("etag"))], host="localhost")
        assert again.status == 304 and not again.body, name
    assert ask(aya.admin, target="/js/none.js", host="localhost").get("content-type") == "application/problem+json"
    assert ask(aya.admin, "POST", "/", host="localhost").status in (404, 405)


def test_every_file_is_embedded():
    """And no file names a place of another site, or has code in its markup."""
    site = os.path.join(ROOT, "Sources/CAyaDashboard/site")
    with open(os.path.join(ROOT, "Sources/CAyaDashboard/assets.c")) as file:
        listed = set(re.findall(r'#embed "site/([^"]+)"', file.read()))
    found = {os.path.relpath(os.path.join(folder, name), site) for folder, _, names in os.walk(site) for name in names}
    assert listed == found
    for name in found:
        with open(os.path.join(site, name)) as file:
            text = file.read()
        addresses = {one for one in re.findall(r"https?://[\w.]+", text) if "w3.org" not in one}
        assert addresses <= {"http://localhost"}, (name, addresses)
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text), name
        assert text.count("\n") <= 400 and max(map(len, text.splitlines())) <= 120, f"{name} is long"


# Pages of a real Aya.

def test_every_page_of_an_aya(site, upstream, open_page):
    one = site(upstream(), upstream())
    for _ in range(20):
        assert ask(one.port).status == 200
    page = open_page(one)
    for path in PAGES + ["listeners/web", "routes/default", "pools/main", "configuration/difference",
                         "configuration/generations", "configuration/changes"]:
        go(page, path)
        page.wait("document.querySelectorAll('main .sheet, main form').length > 0")


def test_figures_come_by_themselves(site, upstream, open_page):
    one = site(upstream())
    page = open_page(one)

    def shows_traffic():
        # A figure is that of the last second, so traffic goes on while it is waited for.
        for _ in range(20):
            assert ask(one.port).status == 200
        return page.evaluate("/[1-9]/.test(document.querySelector('.figure .readout b').textContent)")

    wait_until(shows_traffic, 20)


def test_a_server_is_drained_and_comes_back(site, upstream, open_page):
    server = upstream()
    one = site(server, upstream())
    page = open_page(one, "pools")
    page.click(f"Drain {server.address}")
    one.aya.wait_for_state(server.address, "draining")
    page.wait(f"document.querySelector('[aria-label=\"End draining {server.address}\"]')?.textContent === 'End drain'")
    page.wait("document.querySelector('.state[data-tone=calm]')?.textContent === 'draining'")
    page.click("Undo")
    one.aya.wait_for_state(server.address, "available")
    page.wait(f"Boolean(document.querySelector('[aria-label=\"Drain {server.address}\"]'))")


def test_a_weight_is_changed(site, upstream, open_page):
    server = upstream()
    one = site(server, upstream())
    page = open_page(one, "pools/main")
    page.click(f"Weight of {server.address}: 1. Change it")
    page.type("#weight", "5")
    page.click("Set weight", "dialog")
    wait_until(lambda: one.aya.server(server.address)["weight"] == 5)
    page.wait(f"Boolean(document.querySelector('[aria-label=\"Weight of {server.address}: 5. Change it\"]'))")
    page.click("Undo")
    wait_until(lambda: one.aya.server(server.address)["weight"] == 1)


def test_servers_are_added_and_removed(site, upstream, open_page):
    server, other = upstream(), upstream()
    one = site(server)
    page = open_page(one, "pools/main")
    page.click("Add a server")
    page.type("#address", "no address at all")
    page.click("Add server", "dialog")
    page.wait("document.querySelector('dialog .said')?.textContent.length > 10")
    page.type("#address", other.address)
    page.click("Add server", "dialog")
    wait_until(lambda: len(one.aya.status()["pools"][0]["servers"]) == 2)
    page.click(f"Remove {other.address}")
    page.click("Remove server", "dialog")
    wait_until(lambda: len(one.aya.status()["pools"][0]["servers"]) == 1)
    page.may_have_problems = True  # The refusal is told by the browser too.


def test_a_change_for_another_generation_is_refused(site, upstream, open_page):
    server = upstream()
    one = site(server, upstream())
    page = open_page(one, "pools")
    page.wait("Boolean(document.querySelector('.pool'))")
    page.evaluate("import('/js/state.js').then(({ state }) => { state.status = { ...state.status, generation: 7 }; "
                  f"document.querySelector('[aria-label=\"Drain {server.address}\"]').click(); }})")
    page.wait("document.querySelector('.notice')?.textContent.includes('Another change was made meanwhile')")
    assert one.aya.server(server.address)["state"] == "available"
    page.may_have_problems = True


def test_a_configuration_is_rolled_back(site, upstream, open_page):
    answer = lambda text: {"all": {"respond": {"status": 200, "body": text}}}
    server = upstream()
    one = site(server, routes=answer("one"))
    one.reload(server, routes=answer("two"))
    page = open_page(one, "configuration/generations")
    page.click("Compare generation 1 with what runs")
    page.wait("document.querySelector('.difference')?.textContent.includes('one -> two')")
    page.click("Roll back to generation 1")
    page.wait("document.querySelector('dialog .difference')?.textContent.includes('two -> one')")
    assert ask(one.port).body == b"two", "nothing happens before it is confirmed"
    page.click("Roll back", "dialog")
    wait_until(lambda: ask(one.port).body == b"one")
    page.wait("document.querySelector('tbody b')?.textContent === '3'")
    go(page, "configuration/difference")
    page.wait("document.querySelector('.difference')?.textContent.includes('one -> two')")


def test_a_route_is_disabled_and_enabled(site, upstream, open_page):
    one = site(upstream(), routes={"all": {"pool": "main"}, "ping": {"path": "/ping", "respond": {"status": 299}}})
    page = open_page(one, "routes")
    page.click("Disable route ping")
    wait_until(lambda: ask(one.port, target="/ping").status == 200)
    page.click("Enable route ping")
    wait_until(lambda: ask(one.port, target="/ping").status == 299)


def test_what_breaks_is_seen_with_the_words_of_the_log(site, process, open_page):
    a, b = process("a"), process("b")
    one = site(a, b, pool={"health": {"http": "/", "interval": "500ms", "timeout": "500ms", "fall": 3}})
    page = open_page(one)
    page.wait("document.querySelector('h1').textContent === 'All is well'")
    b.kill()
    page.wait("document.querySelector('h1').textContent === 'One thing needs a look'")
    told = one.aya.wait_for_state(b.address, "down")
    page.wait(f"document.querySelector('.troubles').textContent.includes({json.dumps(told['reason'])})")
    page.wait("document.querySelector('.feed').textContent.includes('server is down')")
    page.wait("document.getElementById('announcer').textContent.includes('is down')")
    go(page, "events")
    page.wait("document.querySelector('.feed').textContent.includes('server is down')")


def test_events_of_before_come_first(site, upstream):
    server = upstream()
    one = site(server)
    for weight in (3, 4, 5):
        assert api(one, "PATCH", server_path(server), {"weight": weight}).status == 200
    listening = Client(one.admin, timeout=10)
    listening.send(b"GET /v1/events?recent=2 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    listening.stream.until(b"\r\n\r\n")
    assert listening.stream.until(b"\n\n") == b"retry: 1000"
    told = [json.loads(listening.stream.until(b"\n\n")[6:]) for _ in range(2)]
    assert [event["generation"] for event in told] == ["3", "4"]
    listening.close()


def test_the_configuration_as_json(site, upstream):
    one = site(upstream(), routes={"ping": {"path": "/ping", "respond": {"status": 299, "body": "true"}}})
    answer = ask(one.admin, target="/v1/config", headers=[("Accept", "application/json")], host="localhost")
    assert answer.get("content-type") == "application/json" and answer.get("vary") == "accept"
    told = answer.json()
    assert told["routes"]["ping"]["respond"] == {"status": 299, "body": "true"}
    assert told["pools"]["main"]["balance"] == "round_robin" and told["listeners"]["web"]["proxy_protocol"] is False
    assert ask(one.admin, target="/v1/config", host="localhost").get("content-type") == "application/yaml"


def test_an_aya_that_is_gone_and_back(site, upstream, open_page, start):
    server = upstream()
    one = site(server)
    page = open_page(one, "pools")
    page.wait("Boolean(document.querySelector('.pool'))")
    one.aya.may_have_ended = True
    one.aya.stop()
    page.wait("!document.querySelector('.lost-bar').hidden && document.querySelector('.link-state').textContent === 'No answer'")
    assert server.address in page.text, "what was known stays"
    again = start(one.text(server))
    again.admin = one.admin
    again.wait_ready()
    page.wait("document.querySelector('.lost-bar').hidden")
    page.may_have_problems = True  # The browser tells of each attempt.


# Pages with everything on them.

@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1360, 400])
def test_pages_can_be_read_by_everybody(mock, open_page, dark, width):
    page = open_page(mock(), width=width, height=900, dark=dark)
    for path in PAGES + DETAILS:
        go(page, path)
        page.wait("document.querySelectorAll('main .sheet, main form').length > 0")
        if path in ("", "pools"):
            page.wait("document.querySelectorAll('main tbody tr').length > 3")
        page.evaluate("new Promise((done) => setTimeout(done, 250))")
        assert not faults(page), path
        assert not overflow(page), path


def test_dialogs_can_be_read_by_everybody(mock, open_page):
    page = open_page(mock(), "pools", width=400, height=800)
    for words in ("Add a server", "Weight of 10.0.1.1:8080: 1. Change it", "Remove 10.0.1.1:8080"):
        page.click(words)
        page.wait("Boolean(document.querySelector('dialog[open]'))")
        assert not faults(page) and not overflow(page), words
        page.click("Cancel", "dialog")
        page.wait("!document.querySelector('dialog')")


def test_keys(mock, open_page):
    page = open_page(mock())
    page.press("g", "p")
    page.wait("location.hash === '#/pools' && document.activeElement.tagName === 'H1'")
    page.press("/")
    page.type(".palette input", "drain 10.0.1.2")
    page.wait("document.querySelectorAll('.palette li').length === 1")
    assert not faults(page)
    page.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13)
    page.wait("document.querySelector('.notice')?.textContent.includes('10.0.1.2:8080 is draining')")
    page.press("?")
    page.wait("document.querySelector('dialog h2')?.textContent === 'Keys'")
    page.click("Close", "dialog")
    page.press("t")
    page.wait("document.documentElement.dataset.theme === 'light'")
    page.press("t")
    page.wait("document.documentElement.dataset.theme === 'dark'")
    page.press("g", "o")
    page.press("]")
    page.wait("document.querySelector('.choice [aria-pressed=true]')?.textContent === '1 h'")


def test_the_crosshair_goes_through_all_charts(mock, open_page):
    page = open_page(mock())
    page.wait("document.querySelectorAll('.plot .line').length > 4")
    page.evaluate("document.querySelector('.plot').focus()")
    page.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowLeft", code="ArrowLeft", windowsVirtualKeyCode=37)
    page.wait("document.querySelectorAll('.plot .cross').length === document.querySelectorAll('.plot').length")
    page.wait(r"/^\d\d:\d\d:\d\d$/.test(document.querySelector('.figure .at').textContent)")


def test_live_exchanges(mock, open_page):
    page = open_page(mock(), "exchanges")
    page.wait("document.querySelectorAll('tbody tr').length > 5")
    page.click("Pause")
    page.wait("document.querySelector('h1 + p').textContent.startsWith('Paused')")
    count = page.evaluate("document.querySelectorAll('tbody tr').length")
    page.evaluate("new Promise((done) => setTimeout(done, 600))")
    assert page.evaluate("document.querySelectorAll('tbody tr').length") == count
    page.click("All of this exchange")
    page.wait("document.querySelector('dialog dl')?.textContent.includes('aya.reason')")


def test_what_an_aya_does_not_have_is_told(mock, open_page):
    page = open_page(mock(without=("/v1/live", "/v1/history", "/v1/tap", "/v1/brain", "/v1/alerts")), "exchanges")
    page.wait("document.querySelector('.empty')?.textContent.includes('This Aya has no tap')")
    go(page, "brain")
    page.wait("document.querySelector('.empty')?.textContent.includes('The brain does not run')")
    go(page, "")
    page.click("24 h")
    page.wait("document.querySelector('.plot .nothing')?.textContent.includes('No history is kept here')")
    page.click("5 min")
    page.wait("/[1-9]/.test(document.querySelector('.figure .readout b').textContent)")


def test_a_token_is_asked_for(mock, browser):
    page = browser.page()
    page.goto(mock(token="secret"))
    page.wait("Boolean(document.querySelector('dialog #token'))")
    page.type("#token", "secret")
    page.click("Sign in", "dialog")
    page.wait("document.querySelector('.link-state')?.dataset.state === 'live'")
    assert page.evaluate("sessionStorage.getItem('aya-token')") == "secret"
    assert page.evaluate("JSON.stringify(localStorage)").find("secret") < 0
    page.click("Sign out")
    page.wait("Boolean(document.querySelector('dialog #token'))")
    page.close()


def test_many_pools(mock, open_page):
    page = open_page(mock(more=200), "pools")
    page.wait("document.querySelectorAll('.pool').length === 40")
    page.wait("document.querySelector('.rest').textContent === 'and 164 more'")
    page.type(".find input", "more-177")
    page.wait("document.querySelectorAll('.pool').length === 1")
    # Its figures are none of those that come live.
    page.wait(r"/ \d[\d,.]*\/s/.test(document.querySelector('.pool .head .soft').textContent)")
    assert not faults(page)
    page.type(".find input", "10.0.3.2")
    page.wait("document.querySelector('.pool h2').textContent === 'images'")
    page.type(".find input", "nothing like it")
    page.wait("document.querySelector('.rest').textContent === 'Nothing has this name.'")
    go(page, "")
    page.wait("document.querySelectorAll('main tbody tr').length === 12")


def test_an_alert_is_silenced(mock, open_page):
    page = open_page(mock(), "events")
    page.click("Silence errors")
    page.wait("document.querySelector('dialog select')?.value === '15m'")
    assert not faults(page)
    page.click("Silence", "dialog")
    page.wait("document.querySelector('.notice')?.textContent.includes('errors is silenced')")


def test_an_explanation(mock, open_page):
    page = open_page(mock(), "explain")
    page.click("Explain", "form")
    page.wait("document.querySelector('.steps')?.textContent.includes('path is /cart/*')")
    page.wait("document.querySelector('.steps table .chip').textContent === 'next'")
    assert not faults(page)
    page.resize(400, 800)
    assert not faults(page) and not overflow(page)


@pytest.mark.parametrize("expression, text", [
    ("count(9999)", "9,999"), ("count(12345)", "12.3k"), ("count(4.56e6)", "4.56M"), ("count(null)", "–"),
    ("rate(0)", "0"), ("rate(0.01)", "<0.1"), ("rate(7.25)", "7.3"), ("perSecond(1204)", "1,204/s"),
    ("seconds(0.000412)", "412 µs"), ("seconds(0.0123)", "12.3 ms"), ("seconds(1.236)", "1.24 s"),
    ("seconds(0.9999)", "1.00 s"), ("span(59)", "59 s"), ("span(3600)", "1 h"), ("span(93784)", "1 d 2 h"),
    ("bytes(1023)", "1023 B"), ("bytes(1536)", "1.5 KiB"), ("share(0.0004)", "<0.1 %"), ("share(0.05)", "5 %"),
    ("plural(1, 'server')", "1 server"), ("plural(2, 'server')", "2 servers")])
def test_how_figures_are_written(module_page, expression, text):
    assert module_page.evaluate(f"import('/js/format.js').then((format) => format.{expression})") == text


@pytest.mark.parametrize("expression, value", [
    ("ticks(7)", [0, 2.5, 5, 7.5]), ("ticks(0)", [0, 1]), ("ticks(1.1, 'count')", [0, 1, 2]),
    ("ticks(3000, 'bytes')", [0, 1024, 2048, 3072]), ("nearest([1, 2, 4], 2.9)", 1), ("nearest([], 2)", -1),
    ("thinned({ times: [1, 2, 3, 4], values: [1, 9, null, null] }, 2, true)", {"times": [1, 3], "values": [9, None]}),
    ("path([0, 1, 9], [1, 2, 3], (x) => x, (y) => y, 3)", "M0.0 1.0L1.0 2.0M9.0 3.0"),
    ("path([0, 1, 2], [1, null, 3], (x) => x, (y) => y, 3)", "M0.0 1.0M2.0 3.0")])
def test_arithmetic_of_charts(module_page, expression, value):
    assert module_page.evaluate(f"import('/js/scale.js').then((scale) => scale.{expression})") == value
