"""A headless Chromium that opens a page and is ended with it."""

import os
import shutil
import signal
import subprocess

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
                None)


class Browser:
    """Opens `url` in a profile of its own. `trusting`: the SHA-256 digest, in base64, of a public key to believe; it
    stands for importing an authority into the profile, which needs tools that not every machine has."""

    def __init__(self, url, directory, trusting=None):
        self.log_path = os.path.join(str(directory), "chromium.log")
        arguments = [
            CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--no-proxy-server",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost", f"--user-data-dir={directory}/profile"]
        if trusting:
            arguments.append(f"--ignore-certificate-errors-spki-list={trusting}")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([*arguments, url], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True)

    @property
    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def stop(self):
        # It has children of its own, all in its group.
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
