"""Cost against the number of routes and of servers."""

from .. import load
from ..measure import interleaved
from ..report import save
from ..settings import MANY_UPSTREAMS, SCRATCH, UPSTREAMS
from ..tools import Upstream


def routes():
    """The request is for the last of 1, 1,000 and 10,000 routes, by host and by path."""
    with Upstream(UPSTREAMS):
        for kind in ("host", "path"):
            for count in (1, 1000, 10000):
                _routes(kind, count)


def _routes(kind, count):
    if kind == "host":
        lines = [(f"svc{i}.example.test", "/") for i in range(count)]
        host, prefix = f"svc{count - 1}.example.test", ""
    else:
        lines = [("example.test", f"/svc{i:05d}/") for i in range(count)]
        host, prefix = "example.test", f"/svc{count - 1:05d}"
    file_name = f"{SCRATCH}/routes-{kind}-{count}.tsv"
    with open(file_name, "w") as file:
        file.write("".join(f"{host}\t{path}\n" for host, path in lines))

    def generate(subject, seconds):
        return load.loadgen(subject, seconds, "-c", 64, "-H", host, "-P", f"{prefix}/b/1024")

    rows = interleaved(
        "routes-scale", "http", generate, UPSTREAMS, routes=file_name, host=host, probe=f"{prefix}/b/77")
    for row in rows:
        row["extra"] = "start %.1fs" % row["start_secs"] if "start_secs" in row else None
    save(f"10a-routes-{kind}-{count:05d}", rows, routes=count, kind=kind)


def backends():
    for count in (10, 1000):
        ports = list(range(MANY_UPSTREAMS, MANY_UPSTREAMS + count))
        with Upstream(ports):
            rows = interleaved("backends-scale", "http", load.wrk, ports, algorithm="leastconn")
            save(f"10b-backends-{count:04d}", rows, backends=count, algo="leastconn")
