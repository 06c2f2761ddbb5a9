"""Throw-away certificates."""

import os
import ssl
import subprocess

EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
RSA = ("-newkey", "rsa:2048")
RSA_4096 = ("-newkey", "rsa:4096")


def make(directory, name):
    """(certificate file, key file) for a host name"""
    key, certificate = os.path.join(directory, f"{name}.key"), os.path.join(directory, f"{name}.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", key, "-out", certificate],
        check=True, stderr=subprocess.DEVNULL)
    return certificate, key


def server_context(directory, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make(directory, name))
    return context


def client_context():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Authority:
    """A CA of a test's own."""

    def __init__(self, directory, name="Test CA"):
        self.directory = str(directory)
        self.key, self.certificate = self._path("ca.key"), self._path("ca.pem")
        self._run("req", "-x509", *EC, "-nodes", "-days", "30", "-subj", f"/CN={name}", "-keyout", self.key, "-out",
                  self.certificate)

    def issue(self, name, *names, days=20, key=EC, usage=None, file=None, more=()):
        """(certificate file, key file) for a name and alternative names (`DNS:` and `IP:` in front, or a host); `more`
        are lines of other extensions."""
        file = file or name.replace("*", "_").replace("/", "_")
        paths = self._path(f"{file}.pem"), self._path(f"{file}.key")
        request, extensions = self._path(f"{file}.csr"), self._path(f"{file}.ext")
        alternatives = [n if ":" in n else f"DNS:{n}" for n in names or (name,)]
        with open(extensions, "w") as text:
            text.write(f"subjectAltName={','.join(alternatives)}\n")
            if usage:
                text.write(f"extendedKeyUsage={usage}\n")
            text.writelines(f"{line}\n" for line in more)
        self._run("req", *key, "-nodes", "-subj", f"/CN={name}", "-keyout", paths[1], "-out", request)
        os.chmod(paths[1], 0o600)
        # OpenSSL 3.0 takes no dates for `x509 -req`, so an expired one has a negative number of days.
        self._run("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial",
                  "-days", str(days), "-extfile", extensions, "-out", paths[0])
        return paths

    def _path(self, name):
        return os.path.join(self.directory, name)

    @staticmethod
    def _run(*arguments):
        subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
