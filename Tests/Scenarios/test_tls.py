"""TLS towards clients: real peers, names, versions, resumption, client certificates, and what goes wrong."""

import os
import re
import socket
import ssl
import subprocess
import time

import pytest
from support import certificates
from support.aya import run, wait_until
from support.client import Client, ask, pattern
from support.message import read_response


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return certificates.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def site(authority):
    return authority.issue("localhost", "localhost", "aya.test")


def pair(paths, **more):
    return {"cert": paths[0], "key": paths[1], **more}


@pytest.fixture
def secure(proxy, site):
    """A function that starts Aya with an HTTPS listener."""

    def start(*servers, certificates=None, tls=None, listener=None, **more):
        tls = {"certificates": certificates or [pair(site)], **(tls or {})}
        return proxy(*servers, listener={"tls": tls, **(listener or {})}, **more)

    return start


def trusting(authority, **settings):
    context = ssl.create_default_context(cafile=authority.certificate)
    for name, value in settings.items():
        setattr(context, name, value)
    return context


def connect(aya, authority, name="localhost", context=None, **settings):
    context = context or trusting(authority)
    return Client(aya.port, wrap=lambda plain: context.wrap_socket(plain, server_hostname=name, **settings))


def curl(authority, url, *arguments):
    done = subprocess.run(
        ["curl", "-sS", "--cacert", authority.certificate, *arguments, url], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout


def s_client(aya, authority, *arguments, text="", name="localhost"):
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{aya.port}", "-servername", name, "-CAfile",
         authority.certificate, *arguments], input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=20)
    return done.stdout


# what works

def test_exchanges_on_one_connection(secure, upstream, authority):
    server = upstream()
    aya = secure(server)
    with connect(aya, authority) as one:
        assert one.socket.version() == "TLSv1.3"
        for number in range(3):
            response = one.request(target=f"/{number}")
            assert response.status == 200
            assert server.requests[-1].get("x-forwarded-proto") == "https"
    assert aya.metric("aya_listener_handshakes_total", listener="web") == 1


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_curl(secure, upstream, authority, version):
    body = pattern(3_000_000)
    aya = secure(upstream(lambda exchange: exchange.respond(body=body)))
    url = f"https://localhost:{aya.port}/large"
    assert curl(authority, url, f"--tlsv{version}", "--tls-max", version) == body


def test_uploads(secure, upstream, authority):
    """A body of many records, up and down again."""
    received = []

    def keep(exchange):
        received.append(exchange.read_body())
        exchange.respond(body=received[-1])

    aya = secure(upstream(keep))
    body = pattern(1_500_000)
    with connect(aya, authority) as one:
        assert one.request("POST", "/", body=body).body == body
    assert received == [body]
