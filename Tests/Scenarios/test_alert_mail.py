"""Alerts by mail to a server that wants TLS and a login, as those of others have it (aiosmtpd)."""

import ssl

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from support.aya import wait_until
from support.certificates import Authority
from support.ports import reserve_port


class MailBox:
    """A mail server that keeps what it takes, and who said so."""

    def __init__(self, authority, protection, mechanism=None):
        self.mails, self.logins = [], []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*authority.issue("localhost"))
        settings = {"starttls": {"tls_context": context, "require_starttls": True},
                    "implicit": {"ssl_context": context}, "none": {}}[protection]
        if mechanism:
            others = {"PLAIN", "LOGIN"} - {mechanism}
            settings.update(authenticator=self.authenticate, auth_required=True, auth_exclude_mechanism=list(others),
                            auth_require_tls=protection == "starttls")
        self.port = reserve_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=30, **settings)
        self.controller.start()

    def authenticate(self, server, session, envelope, mechanism, login):
        assert isinstance(login, LoginPassword)
        self.logins.append((mechanism, login.login, login.password))
        return AuthResult(success=login.password == b"s3cret", handled=False)

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((session.ssl is not None, envelope.mail_from, envelope.rcpt_tos, envelope.content.decode()))
        return "250 taken"


@pytest.fixture
def mailbox(tmp_path):
    boxes = []

    def start(*arguments):
        boxes.append(MailBox(*arguments))
        return boxes[-1]

    yield start
    for box in boxes:
        box.controller.stop()


@pytest.fixture
def alarmed(start):
    """A function that starts Aya with an alert that fires at once, and this mail server to tell."""

    def start_alarmed(box, **mail):
        return start({
            "listeners": {"web": {"bind": f"127.0.0.1:{reserve_port()}"}}, "routes": {"site": {"respond": 200}},
            "alerts": {"rules": {"files": {"descriptors": "0%", "for": "0s"}}, "group": "1s", "notify": {"ops": {"mail": {
                "server": f"localhost:{box.port}", "from": "aya@example.org", "to": ["ops@example.org"], **mail}}}}})

    return start_alarmed


@pytest.mark.parametrize("protection, mechanism", [("starttls", "PLAIN"), ("starttls", "LOGIN"), ("implicit", "LOGIN")])
def test_mail_over_tls(mailbox, alarmed, tmp_path, protection, mechanism):
    authority = Authority(tmp_path)
    box = mailbox(authority, protection, mechanism)
    (tmp_path / "password").write_text("s3cret\n")
    (tmp_path / "password").chmod(0o600)
    alarmed(box, tls=protection, user="aya", password=f"file:{tmp_path}/password", verify=authority.certificate)
    is_secure, sender, receivers, text = wait_until(lambda: box.mails, timeout=40)[0]
    assert is_secure or protection == "implicit"
    assert box.logins == [(mechanism, b"aya", b"s3cret")]
    assert sender == "aya@example.org" and receivers == ["ops@example.org"]
    assert "files of aya" in text and "Subject: Aya on " in text


def test_a_wrong_password(mailbox, alarmed, tmp_path):
    authority = Authority(tmp_path)
    box = mailbox(authority, "starttls", "PLAIN")
    aya = alarmed(box, tls="starttls", user="aya", password="wrong", verify=authority.certificate)
    wait_until(lambda: "said '535" in aya.stderr, timeout=40)
    assert not box.mails and "wrong" not in aya.stderr


def test_nothing_is_said_without_tls(mailbox, alarmed, tmp_path):
    """Neither to a server that offers no TLS, nor to one whose certificate nobody trusts."""
    (tmp_path / "other").mkdir()
    authority, other = Authority(tmp_path), Authority(tmp_path / "other")
    silent, stranger = mailbox(authority, "none"), mailbox(other, "starttls", "PLAIN")
    first = alarmed(silent, tls="starttls", verify=authority.certificate)
    second = alarmed(stranger, tls="starttls", user="aya", password="s3cret", verify=authority.certificate)
    wait_until(lambda: "offers no TLS" in first.stderr, timeout=40)
    wait_until(lambda: "notice of alerts can not be sent" in second.stderr, timeout=40)
    assert "certificate" in second.stderr
    assert not silent.mails and not stranger.mails and not stranger.logins
