"""Programs that people use, as clients of HTTP/2: curl, nghttp, h2load."""

import shutil
import subprocess

import pytest
from support import certificates
from support.upstream import answering
from support.upstream2 import Upstream2

BODY = b"z" * 300_000


def needs(program):
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not installed")


def output(*command, timeout=50, **settings):
    done = subprocess.run(command, capture_output=True, timeout=timeout, **settings)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


@pytest.fixture(params=["http", "h2"])
def site(request, proxy, upstream, tmp_path):
    """A function that starts Aya over TLS before a server of that version and gives its URL."""
    certificate, key = certificates.make(str(tmp_path), "localhost")
    server = Upstream2(lambda exchange: exchange.respond(body=exchange.read_body() or BODY))
    tls = {"tls": {"certificates": [{"cert": certificate, "key": key}]}}
    if request.param == "h2":
        aya = proxy(server, pool={"protocol": "h2"}, listener=tls)
    else:
        aya = proxy(upstream(answering(body=BODY)), listener=tls)
    yield aya, f"https://localhost:{aya.port}/"
    server.stop()


@needs("curl")
def test_curl(site):
    aya, url = site
    found = output("curl", "-sk", "--http2", "-w", "%{http_version} %{http_code} ", "-o", "/dev/null", url, "-o",
                   "/dev/null", url)
    assert found == b"2 200 2 200 "
    assert output("curl", "-sk", "--http2", url) == BODY
    # As many at once as curl likes, over one connection.
    command = ["curl", "-sk", "--http2", "--parallel", "-w", "%{size_download}\n",
               *[part for index in range(50) for part in ("-o", "/dev/null", f"{url}{index}")]]
    for _ in range(5):
        try:
            assert output(*command, timeout=10).split() == [b"300000"] * 50
            return
        except subprocess.TimeoutExpired:
            # The curl of Debian 12 (7.88.1) now and then waits for a stream that it was sent whole, its end included:
            # then nothing is left to send.
            assert not aya.metric("aya_route_requests_in_flight", route="default")
    pytest.fail("curl did not end in five runs")


@needs("nghttp")
def test_nghttp(site):
    aya, url = site
    found = output("nghttp", "-nv", "--no-verify-peer", url, f"{url}b").decode(errors="replace")
    assert found.count(":status: 200") == 2 and "GOAWAY" in found


@needs("h2load")
def test_h2load(site):
    aya, url = site
    found = output("h2load", "-n", "600", "-c", "4", "-m", "20", url).decode()
    assert "600 succeeded, 0 failed" in found
