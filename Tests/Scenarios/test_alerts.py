"""Alerts: conditions that come and go, and everybody who is told of them."""

import json
import re
import socket
import threading


from support.aya import run, wait_until
from support.certificates import Authority
from support.client import ask
from support.ports import reserve_port


class MailServer:
    """Takes mail, and keeps it."""

    def __init__(self):
        self.mails = []
        self.port = reserve_port()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", self.port))
        self.socket.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.socket.accept()
            with connection, connection.makefile("rw", newline="\r\n", encoding="utf-8") as file:
                self.converse(file)

    def converse(self, file):
        def say(line):
            file.write(line + "\r\n")
            file.flush()

        say("220 mail.example ready")
        lines = []
        while line := file.readline():
            word = line.split(" ")[0].strip().upper()
            lines.append(line.strip())
            if word == "EHLO":
                say("250-mail.example")
                say("250 8BITMIME")
            elif word == "DATA":
                say("354 go on")
                text = []
                while (line := file.readline()) != ".\r\n":
                    text.append(line)
                self.mails.append((lines, "".join(text)))
                say("250 taken")
            elif word == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


def alerts(aya):
    return ask(aya.admin, target="/v1/alerts", host="localhost").json()["alerts"]


def test_everybody_is_told(proxy, upstream, collector, tmp_path):
    """A pool's only server goes down and comes back."""
    server = upstream()
    hook, chat, pager, mail = collector([(500, b"not now")]), collector(), collector(default=(202, b"{}")), MailServer()
    script, told = tmp_path / "tell", tmp_path / "told"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$AYA_NOTICE" >> {told}\n')
    script.chmod(0o755)
    aya = proxy(server, pool={"health": {"http": "/", "interval": "300ms", "timeout": "200ms", "fall": 2, "rise": 1}}, alerts={
        "rules": {"down": {"servers_available": "50%", "for": "0s", "urgency": "page"}}, "group": "1s",
        "notify": {"hook": {"webhook": {"url": hook.url + "/x", "token": "t"}}, "chat": {"slack": {"url": chat.url}},
                   "pager": {"pagerduty": {"url": pager.url, "token": "k"}},
                   "mail": {"mail": {"server": f"127.0.0.1:{mail.port}", "from": "aya@example.org",
                                     "to": ["a@example.org", "b@example.org"]}},
                   "own": {"command": [str(script)]}}})
    server.stop()
    alert = wait_until(lambda: [a for a in alerts(aya) if a["state"] == "firing"], timeout=20)[0]
    assert alert["name"] == "down" and alert["subject"] == "pools/main" and alert["urgency"] == "page"
    assert alert["value"] == 0 and alert["threshold"] == 0.5 and alert["silenced_until"] is None
    wait_until(lambda: len(hook.requests) >= 2, timeout=30, what="a second attempt")
    path, headers, body = hook.requests[1]
    assert path == "/x" and headers["Authorization"] == "Bearer t"
    assert json.loads(body)["status"] == "firing" and json.loads(body)["alerts"][0]["name"] == "down"
    assert "down of pools/main: 0 of 1 servers take work" in json.loads(chat.bodies[0])["text"]
    path, _, body = pager.requests[0]
    event = json.loads(body)
    assert path == "/v2/enqueue" and event["routing_key"] == "k" and event["event_action"] == "trigger"
    assert event["payload"]["severity"] == "critical" and event["payload"]["component"] == "pools/main"
    envelope, text = wait_until(lambda: mail.mails, timeout=10)[0]
    assert "MAIL FROM:<aya@example.org>" in envelope and "RCPT TO:<b@example.org>" in envelope
    assert "Subject: Aya on " in text and "PAGE: down of pools/main" in text
    assert json.loads(wait_until(lambda: told.exists() and told.read_text().splitlines(), timeout=10)[0])["alerts"]
    table = run("alerts", "--admin", f"127.0.0.1:{aya.admin}").stdout
    assert "firing" in table and "pools/main" in table


def test_silences_and_what_is_over(proxy, upstream, collector):
    answers = {"status": 500}
    server = upstream(lambda e: (e.read_body(), e.respond(answers["status"]))[0])
    hook = collector()
    aya = proxy(server, pool={"outliers": "off", "retry": {"attempts": 1}}, alerts={
        "rules": {"errors": {"error_rate": "10%", "for": "0s"}}, "group": "1s",
        "notify": {"hook": {"webhook": {"url": hook.url}}}})
    answer = ask(aya.admin, "POST", "/v1/alerts/silences", host="localhost", body=b'{"name": "errors", "for": "1h"}',
                 headers=[("Content-Type", "application/json")])
    assert answer.status == 200
    ask(aya.port)

    def firing():
        ask(aya.port)
        return [a for a in alerts(aya) if a["state"] == "firing"]

    assert wait_until(firing, timeout=25)[0]["silenced_until"] is not None
    assert not hook.requests
    for body in (b"{}", b'{"for": "soon"}', b'{"for": "1h", "who": "me"}', b"x"):
        assert ask(aya.admin, "POST", "/v1/alerts/silences", host="localhost", body=body).status == 400


def test_a_certificate_that_runs_out(start, port, tmp_path):
    cert, key = Authority(tmp_path).issue("localhost", days=20)
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{port()}", "tls": {"certificates": [{"cert": cert, "key": key}]}}},
        "routes": {"site": {"respond": 200}},
        "alerts": {"rules": {"soon": {"certificate_expiry": "720h", "for": "0s"},
                             "now": {"certificate_expiry": "24h", "for": "0s"},
                             "files": {"descriptors": "0%", "for": "0s"}}}})
    found = wait_until(lambda: len(all := alerts(aya)) == 2 and all, timeout=20)
    assert [a["name"] for a in found] == ["files", "soon"] and re.search("(19|20) days", found[1]["reason"])
    assert found[1]["subject"].startswith("listeners/web/")
    text = ask(aya.admin, target="/metrics", host="localhost").body.decode()
    assert "aya_alerts_firing 2" in text


def test_an_objective_that_burns(start, upstream, port):
    server, listening = upstream(lambda e: (e.read_body(), e.respond(503))[0]), port()
    aya = start({
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}},
        "routes": {"api": {"path": "/*", "pool": "main", "slo": {"availability": "99.9%", "latency": "250ms at 99%"}}},
        "pools": {"main": {"servers": [server.address], "outliers": "off", "retry": {"attempts": 1}}}})

    def burning():
        ask(listening)
        return [a for a in alerts(aya) if a["state"] == "firing"]

    found = wait_until(burning, timeout=25)
    assert [a["name"] for a in found] == ["slo_availability"] and found[0]["urgency"] == "page"
    assert found[0]["subject"] == "routes/api" and "used up" in found[0]["reason"]


def test_what_a_restart_does_not_forget(start, upstream, port, tmp_path):
    """A silence goes on, and an objective's alert fires without another failure."""
    server, listening = upstream(lambda e: (e.read_body(), e.respond(503))[0]), port()
    (tmp_path / "state").mkdir()
    configuration = {
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}"}}, "state": str(tmp_path / "state"),
        "routes": {"api": {"path": "/*", "pool": "main", "slo": {"availability": "99.9%"}}},
        "pools": {"main": {"servers": [server.address], "outliers": "off", "retry": {"attempts": 1}}}}
    aya = start(configuration)
    aya.may_have_ended = True

    def burning():
        ask(listening)
        return [a for a in alerts(aya) if a["state"] == "firing"]

    wait_until(burning, timeout=60)
    answer = ask(aya.admin, "POST", "/v1/alerts/silences", host="localhost", body=b'{"name": "slo_availability", "for": "1h"}')
    assert answer.status == 200
    until = alerts(aya)[0]["silenced_until"]
    aya.stop()
    aya = start(configuration)
    found = wait_until(lambda: [a for a in alerts(aya) if a["state"] == "firing"], timeout=60)
    assert found[0]["name"] == "slo_availability" and found[0]["silenced_until"] == until
