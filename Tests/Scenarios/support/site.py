"""An Aya whose configuration changes while it runs."""

import json

from .aya import run


def configuration(listening, *servers, pool=None, listener=None, **more):
    return {
        "listeners": {"web": {"bind": f"127.0.0.1:{listening}", **(listener or {})}},
        "pools": {"main": {"servers": [getattr(one, "address", one) for one in servers], "balance": "round_robin",
                           **(pool or {})}},
        **more,
    }


class Site:
    """An Aya whose configuration a test writes anew and has it read again."""

    def __init__(self, start, port, *servers, **settings):
        self.port = port()
        self.admin = port()
        self.settings = settings
        self.aya = start(self.text(*servers, **settings))
        self.aya.admin = self.admin
        self.aya.wait_ready()

    def text(self, *servers, **settings):
        whole = {"admin": {"bind": f"127.0.0.1:{self.admin}"}, **configuration(self.port, *servers, **settings)}
        whole.setdefault("workers", 2)
        return whole

    def reload(self, *servers, expect=0, **settings):
        self.aya.write(self.text(*servers, **{**self.settings, **settings}))
        done = run("reload", "--admin", f"127.0.0.1:{self.admin}", "--json")
        assert done.returncode == expect, done.stdout + done.stderr
        return json.loads(done.stdout)
