"""The OpenAPI document against the API that runs: whatever it says is tried by schemathesis."""

import json
import os
import re
import subprocess
import sys

from support.client import ask
from support.site import Site

# What never ends, ends the process, or would leave nothing to ask.
LEFT_OUT = "^/v1/(events|tap|live|upgrade)$"


def test_every_operation_keeps_to_the_document(start, port, upstream, tmp_path):
    site = Site(start, port, upstream(), upstream())
    document = ask(site.admin, target="/v1/openapi.json", host="localhost").json()
    assert document["openapi"].startswith("3.1")
    home = os.environ | {"HOME": str(tmp_path), "NO_COLOR": "1"}
    ran = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), "st"), "run", f"http://127.0.0.1:{site.admin}/v1/openapi.json",
         "--exclude-path-regex", LEFT_OUT, "--max-examples", "15", "--request-timeout", "10", "--seed", "1",
         "--phases", "examples,coverage,fuzzing",
         "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
         "--suppress-health-check", "all", "--no-color"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=50, env=home, cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout[-6000:]
    assert ask(site.port).status == 200


def test_what_the_document_leaves_out_is_not_there(start, port, upstream):
    site = Site(start, port, upstream())
    for target in ("/v1", "/v1/", "/v1/nothing", "/v1/pools", "/v1/status/", "/v1/pools/main/servers/a/b"):
        assert ask(site.admin, target=target, host="localhost").status == 404, target


def test_the_document_in_the_repository(start, port, upstream):
    site = Site(start, port, upstream())
    served = ask(site.admin, target="/v1/openapi.json", host="localhost").json()
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
    with open(os.path.join(root, "docs/reference/openapi.json")) as file:
        kept = json.load(file)
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", served["info"].pop("version")) and kept["info"].pop("version")
    assert served == kept
