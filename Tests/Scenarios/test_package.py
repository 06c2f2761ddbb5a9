"""The Debian package and the tarball: built from the binary, looked into, installed, upgraded, removed."""

import glob
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import tarfile

import pytest
from support import machine
from support.aya import BINARY, ROOT, run

PACKAGE = os.path.join(ROOT, "scripts/package")
HAS_UNIT = bool(glob.glob(os.path.join(ROOT, "packaging/systemd/*.service")))
LIVES = os.path.join(ROOT, "Tests/Scenarios/support")


def tool(*command, **settings):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **settings)


def live(folder, story, *arguments):
    """A story that happens on a machine of its own."""
    if not machine.is_possible(str(folder)):
        pytest.skip("this machine can not make another one (root, unshare and overlay are needed)")
    command = machine.command(str(folder / "machine"), os.path.join(LIVES, story))
    lived = tool(*command, *arguments, timeout=580)
    assert lived.returncode == 0, lived.stdout
    return lived


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The paths of a package, its next version and a tarball."""
    folder = str(tmp_path_factory.mktemp("packages"))
    # A stripped copy is what takes long: strip once.
    binary = os.path.join(folder, "aya")
    shutil.copyfile(BINARY, binary)
    os.chmod(binary, 0o755)
    subprocess.run(["strip", "--strip-unneeded", binary], check=True)

    def build(*arguments):
        made = tool(PACKAGE, "--binary", binary, "--output", folder, "--quick", *arguments, check=True)
        return made.stdout.split()[-1]

    version = run("--version").stdout.split()[-1]
    return {"version": version, "deb": build("deb"), "next": build("--version", f"{version}+next", "deb"), "tarball": build("tarball"),
            "again": build}


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not installed")
def test_content(built):
    listing = tool("dpkg-deb", "-c", built["deb"], check=True).stdout
    entries = {line.split()[5]: (line.split()[0], line.split()[1]) for line in listing.splitlines()}
    for path, mode in [
            ("./usr/bin/aya", "-rwxr-xr-x"), ("./etc/aya/aya.yaml", "-rw-r-----"), ("./etc/logrotate.d/aya", "-rw-r--r--"),
            ("./usr/share/man/man1/aya.1.gz", "-rw-r--r--"), ("./usr/share/bash-completion/completions/aya", "-rw-r--r--"),
            ("./usr/share/zsh/vendor-completions/_aya", "-rw-r--r--"),
            ("./usr/share/fish/vendor_completions.d/aya.fish", "-rw-r--r--"), ("./usr/share/doc/aya/copyright", "-rw-r--r--"),
            ("./usr/share/doc/aya/changelog.gz", "-rw-r--r--"),
            ("./usr/share/doc/aya/changelog.Debian.gz", "-rw-r--r--")]:
        assert entries[path][0] == mode, path
    assert {owner for _, owner in entries.values()} == {"root/root"}
    if HAS_UNIT:
        assert "./lib/systemd/system/aya.service" in entries
    fields = tool("dpkg-deb", "-f", built["deb"], check=True).stdout
    assert f"\nVersion: {built['version']}-1\n" in "\n" + fields and "libc6" in fields
    for script in ("postinst", "prerm", "postrm"):
        text = tool("dpkg-deb", "-I", built["deb"], script, check=True).stdout
        assert subprocess.run(["sh", "-n"], input=text, text=True).returncode == 0, script
        assert text.startswith("#!/bin/sh\nset -e\n"), script


def test_what_is_shipped_is_valid():
    assert run("validate", "-c", os.path.join(ROOT, "packaging/debian/aya.yaml")).returncode == 0
    assert run("fmt", "--check", os.path.join(ROOT, "packaging/debian/aya.yaml")).returncode == 0
    assert run("validate", "-c", os.path.join(ROOT, "packaging/container.yaml")).returncode == 0


@pytest.mark.skipif(not shutil.which("dpkg") or os.geteuid() != 0, reason="needs dpkg and root")
def test_install_upgrade_remove(built, tmp_path):
    """Into a directory of its own, with dpkg itself; its scripts keep their hands off this machine (DPKG_ROOT)."""
    root = tmp_path / "root"
    (root / "var/lib/dpkg").mkdir(parents=True)
    (root / "var/lib/dpkg/status").touch()

    def dpkg(*arguments):
        ran = tool("dpkg", f"--root={root}", "--force-depends", "--force-script-chrootless", "--no-triggers",
                   f"--log={tmp_path}/dpkg.log", *arguments, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        assert ran.returncode == 0, ran.stdout

    dpkg("--install", built["deb"])
    binary, configuration = root / "usr/bin/aya", root / "etc/aya/aya.yaml"
    assert tool(str(binary), "--version", check=True).stdout.split()[-1] == built["version"]
    assert tool(str(binary), "validate", "-c", str(configuration)).returncode == 0

    configuration.write_text(configuration.read_text() + "workers: 2\n")
    dpkg("--install", built["next"])
    assert configuration.read_text().endswith("workers: 2\n"), "an edited configuration stays"
    if HAS_UNIT and shutil.which("systemd-analyze"):
        unit = root / "lib/systemd/system/aya.service"
        # The paths that it names are those of the directory here.
        here = tmp_path / "aya.service"
        here.write_text(unit.read_text().replace("/usr/bin/aya", str(binary)))
        verified = tool("systemd-analyze", "verify", "--man=no", str(here))
        complaints = [line for line in verified.stdout.splitlines() if "aya.service" in line]
        assert not complaints, verified.stdout

    dpkg("--remove", "aya")
    assert not binary.exists() and configuration.exists(), "removed, but for what was configured"
    dpkg("--purge", "aya")
    assert not configuration.exists()


@pytest.mark.timeout(600)
def test_life_of_a_package(built, tmp_path):
    """On a machine of its own, with the scripts of the package as they are: it starts, is upgraded under load without
    losing a request, is removed, comes back, and is purged."""
    lived = live(tmp_path, "package_life.py", built["deb"], built["next"])
    assert re.search(r"upgraded under load: \d+ requests, none lost\n", lived.stdout), lived.stdout
    assert "\npurged\n" in lived.stdout, lived.stdout


@pytest.mark.timeout(600)
def test_image(tmp_path):
    """What the Containerfile puts into its image runs there: no shell, no Swift, no rights."""
    linked = tool("ldd", BINARY, check=True).stdout
    if "libswift" in linked:
        pytest.skip("the binary has Swift's library outside")
    assert "served, and ended" in live(tmp_path, "image_life.py", BINARY, ROOT).stdout
    with open(os.path.join(ROOT, "packaging/Containerfile")) as file:
        text = file.read()
    with open(os.path.join(ROOT, "Makefile")) as file:
        flags = re.search(r"build -c release (.+) --product aya", file.read()).group(1)
    assert f"swift build -c release {flags} --product aya" in text, "it is built as `make build` does"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_units(tmp_path):
    """systemd finds nothing wrong with the units, and little that the service could give up besides."""
    folder = os.path.join(ROOT, "packaging/systemd")
    loader = importlib.machinery.SourceFileLoader("package", PACKAGE)
    package = importlib.util.module_from_spec(importlib.util.spec_from_loader("package", loader))
    loader.exec_module(package)
    for name in ("aya.service", "aya-web.socket"):
        with open(os.path.join(folder, name)) as file:
            text = package.unit_for_debian_12(file.read())
        # What it names has to be here.
        (tmp_path / name).write_text(text.replace("/usr/bin/aya", BINARY))
    verified = tool("systemd-analyze", "verify", "--man=no", str(tmp_path / "aya.service"), str(tmp_path / "aya-web.socket"))
    complaints = [line for line in verified.stdout.splitlines() if "aya" in line]
    assert not complaints, verified.stdout
    # 10 is open, 0 is shut. What is left is the network, which a load balancer is for.
    judged = tool("systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager",
                  str(tmp_path / "aya.service"))
    assert judged.returncode == 0, judged.stdout


def test_the_same_sources_give_the_same_bytes(built):
    def content(path):
        with open(path, "rb") as file:
            return file.read()
    first = content(built["tarball"]), content(built["deb"])
    built["again"]("tarball", "deb")
    assert (content(built["tarball"]), content(built["deb"])) == first


def test_tarball(built, tmp_path):
    with tarfile.open(built["tarball"]) as archive:
        archive.extractall(tmp_path)
        assert {(entry.uname, entry.gname) for entry in archive} == {("root", "root")}
    folder = tmp_path / re.sub(r"\.tar\.gz$", "", os.path.basename(built["tarball"]))
    binary = folder / "bin/aya"
    assert tool(str(binary), "--version", check=True).stdout.split()[-1] == built["version"]
    assert tool(str(binary), "validate", "-c", str(folder / "etc/aya.yaml")).returncode == 0
    assert (folder / "share/man/man1/aya.1").exists()
