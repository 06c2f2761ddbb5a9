"""Requests at a fixed rate, whether or not earlier ones were answered: what a stall costs shows in every request that
was due meanwhile. One process of its own, so that the test's threads do not slow it."""

import json
import subprocess
import sys

PROGRAM = r"""
import asyncio, json, sys, time
port, rate, seconds, clients = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
latencies, problems, bodies = [], [], {}
reconnects = 0

async def client(number):
    global reconnects
    reader = writer = None
    step = clients / rate
    due = start + number / rate
    while due < start + seconds:
        await asyncio.sleep(max(0, due - time.monotonic()))
        for attempt in range(2):
            fresh = writer is None
            try:
                if fresh:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"GET /%d HTTP/1.1\r\nHost: aya.test\r\n\r\n" % number)
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                body = await reader.readexactly(length)
            except (OSError, asyncio.IncompleteReadError) as problem:
                writer = None
                got = getattr(problem, "partial", b"")
                # A kept connection may end between two exchanges without a word (RFC 9112 section 9.5), but not reset.
                if fresh or got or isinstance(problem, ConnectionResetError):
                    problems.append(repr(problem))
                    break
                reconnects += 1
                continue
            latencies.append((due - start, time.monotonic() - due))
            if not head.startswith(b"HTTP/1.1 200 "):
                problems.append(head.decode("latin-1"))
            name = body.decode("latin-1")
            bodies[name] = bodies.get(name, 0) + 1
            if b"connection: close" in head.lower():
                writer.close()
                writer = None
            break
        due += step

async def main():
    global start
    start = time.monotonic() + 0.3
    await asyncio.gather(*[client(number) for number in range(clients)])

asyncio.run(main())
print(json.dumps({"latencies": latencies, "problems": problems, "bodies": bodies, "reconnects": reconnects}))
"""


class OpenLoop:
    """`with OpenLoop(port, rate=500, seconds=5) as load:` … then `load.result` has latencies, problems and bodies."""

    def __init__(self, port, rate, seconds, clients=32):
        self.arguments = [str(port), str(rate), str(seconds), str(clients)]
        self.result = None

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-c", PROGRAM, *self.arguments], stdout=subprocess.PIPE)
        return self

    def __exit__(self, *_):
        output, _ = self.process.communicate(timeout=90)
        self.result = json.loads(output)

    def quantile(self, share, since=0.0, until=float("inf")):
        """A latency in seconds, of the requests that were due in that time."""
        found = sorted(took for due, took in self.result["latencies"] if since <= due < until)
        return found[min(len(found) - 1, int(len(found) * share))]
