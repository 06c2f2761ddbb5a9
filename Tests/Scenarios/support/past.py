"""A past of traffic that never was, for the brain to learn from."""

import random
import time

from .aya import run


def minutes(count):
    """The last minutes before this one."""
    now = int(time.time()) // 60 * 60
    return [now - 60 * (count - index) for index in range(count)]


def logged(at, seconds):
    """A line of an access log in the Combined form, with the time that a request took."""
    when = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(at))
    return f'a - - [{when}] "GET / HTTP/1.1" 200 5 "-" "-" {seconds:.4f}\n'


def knee(count):
    """A log of so many minutes of one server: quick up to 15 requests a minute, slow beyond."""
    source = random.Random(1)
    lines = []
    for index, at in enumerate(minutes(count)):
        requests = 2 + index % 24
        for _ in range(requests):
            took = source.uniform(0.018, 0.022) if requests <= 15 else source.uniform(0.1, 0.2)
            lines.append(logged(at + source.randrange(60), took))
    return "".join(lines)


def imported(tmp_path, state, subject, text, form):
    file = tmp_path / "import.txt"
    file.write_text(text)
    done = run("brain", "import", "--format", form, "--into", subject, "--state", state, str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
