"""Stand-ins for the APIs that change how many servers there are: each checks that it is asked as its documentation says,
and keeps what it was asked. AWS is played by moto."""

import contextlib
import http.server
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import urllib.parse

from .aya import wait_until
from .ports import reserve_port


class Cloud:
    """An HTTP server whose `answer(method, path, headers, body)` says what comes back: a status and a document. What it
    finds wrong with a request it answers with 400, and keeps."""

    def __init__(self, certificate=None):
        self.requests = []
        self.problems = []
        cloud = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                cloud.requests.append((self.command, self.path, headers, body))
                try:
                    status, document = cloud.answer(self.command, self.path, headers, body)
                except AssertionError as error:
                    cloud.problems.append((self.command, self.path, headers, body, repr(error)))
                    status, document = 400, {"message": "not as documented"}
                text = document if isinstance(document, bytes) else json.dumps(document).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_PATCH = serve

            def log_message(self, *_):
                pass

        self.port = reserve_port()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def asked(self, method):
        return [request for request in self.requests if request[0] == method]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Kubernetes(Cloud):
    """The scale subresource of one Deployment (autoscaling/v1 Scale)."""

    PATH = "/apis/apps/v1/namespaces/shop/deployments/web/scale"

    def __init__(self, token_file, **settings):
        self.token_file = token_file
        self.replicas = 1
        super().__init__(**settings)

    def answer(self, method, path, headers, body):
        assert path == self.PATH
        with open(self.token_file) as file:
            if headers.get("authorization") != f"Bearer {file.read().strip()}":
                return 401, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "Unauthorized",
                             "reason": "Unauthorized", "code": 401}
        if method == "PATCH":
            assert headers["content-type"] == "application/merge-patch+json"
            patch = json.loads(body)
            assert list(patch) == ["spec"] and list(patch["spec"]) == ["replicas"]
            self.replicas = patch["spec"]["replicas"]
        else:
            assert method == "GET" and not body
        return 200, {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": {"name": "web", "namespace": "shop"},
                     "spec": {"replicas": self.replicas}, "status": {"replicas": 1, "selector": "app=web"}}


class Azure(Cloud):
    """One virtual machine scale set, by Azure Resource Manager."""

    PATH = ("/subscriptions/1234-5678/resourceGroups/shop/providers/Microsoft.Compute/virtualMachineScaleSets/web")

    def __init__(self, token):
        self.token = token
        self.capacity = 1
        super().__init__()

    def answer(self, method, path, headers, body):
        where = urllib.parse.urlsplit(path)
        assert where.path == self.PATH and re.fullmatch(r"api-version=20\d\d-\d\d-\d\d", where.query)
        if headers.get("authorization") != f"Bearer {self.token}":
            return 401, {"error": {"code": "InvalidAuthenticationToken", "message": "The access token is invalid."}}
        if method == "PATCH":
            assert headers["content-type"].split(";")[0] == "application/json"
            patch = json.loads(body)
            assert list(patch) == ["sku"] and patch["sku"]["name"] == "Standard_D1_v2"
            assert patch["sku"]["tier"] == "Standard"
            self.capacity = patch["sku"]["capacity"]
        else:
            assert method == "GET"
        return 200, {"name": "web", "location": "westeurope", "id": self.PATH,
                     "sku": {"name": "Standard_D1_v2", "tier": "Standard", "capacity": self.capacity},
                     "properties": {"provisioningState": "Updating" if method == "PATCH" else "Succeeded"}}


class Metadata(Cloud):
    """What machines of AWS (IMDSv2) and of Azure ask who they are."""

    def __init__(self, key=None, azure_token=None):
        self.key = key
        self.azure_token = azure_token
        super().__init__()

    def answer(self, method, path, headers, body):
        where = urllib.parse.urlsplit(path)
        if where.path == "/metadata/identity/oauth2/token":
            assert method == "GET" and headers["metadata"] == "true" and "x-forwarded-for" not in headers
            query = urllib.parse.parse_qs(where.query)
            assert query["api-version"] == ["2018-02-01"] and query["resource"] == ["https://management.azure.com/"]
            return 200, {"access_token": self.azure_token, "expires_in": "3599", "token_type": "Bearer",
                         "resource": "https://management.azure.com/"}
        if path == "/latest/api/token":
            assert method == "PUT" and 1 <= int(headers["x-aws-ec2-metadata-token-ttl-seconds"]) <= 21600
            return 200, b"session-of-metadata"
        assert method == "GET" and headers["x-aws-ec2-metadata-token"] == "session-of-metadata"
        roles = "/latest/meta-data/iam/security-credentials/"
        if path == roles:
            return 200, b"scaler"
        assert path == roles + "scaler"
        return 200, {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": self.key[0], "SecretAccessKey": self.key[1],
                     "Token": self.key[2], "Expiration": "2099-01-01T00:00:00Z"}


class AWS:
    """moto's server with two Auto Scaling groups, and a user and a role who may change them and nothing else. From the
    last of its own preparations on, it checks signatures, session tokens and policies."""

    REGION = "eu-west-1"

    def __init__(self, directory):
        import boto3
        from botocore.config import Config

        self.port = reserve_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "9"}
        with open(os.path.join(directory, "moto.log"), "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)], env=environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

        def client(service, key=("any", "any")):
            return boto3.client(
                service, endpoint_url=self.url, region_name=self.REGION, aws_access_key_id=key[0],
                aws_secret_access_key=key[1], config=Config(proxies={}, retries={"max_attempts": 0}))

        try:
            wait_until(self._answers, 60, "moto answering")
            iam, scaling = client("iam"), client("autoscaling")
            iam.create_user(UserName="scaler")
            policy = json.dumps({
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Resource": "*", "Action": [
                    "autoscaling:DescribeAutoScalingGroups", "autoscaling:SetDesiredCapacity"]}]})
            iam.put_user_policy(UserName="scaler", PolicyName="scale", PolicyDocument=policy)
            role = iam.create_role(RoleName="machine", AssumeRolePolicyDocument="{}")["Role"]
            iam.put_role_policy(RoleName="machine", PolicyName="scale", PolicyDocument=policy)
            lent = client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="machine")["Credentials"]
            self.role = lent["AccessKeyId"], lent["SecretAccessKey"], lent["SessionToken"]
            key = iam.create_access_key(UserName="scaler")["AccessKey"]
            self.key = key["AccessKeyId"], key["SecretAccessKey"]
            scaling.create_launch_configuration(
                LaunchConfigurationName="small", ImageId="ami-12345678", InstanceType="t2.micro")
            for group in ("web", "full"):
                scaling.create_auto_scaling_group(
                    AutoScalingGroupName=group, LaunchConfigurationName="small", MinSize=1,
                    MaxSize=5 if group == "web" else 1, DesiredCapacity=1, AvailabilityZones=[f"{self.REGION}a"])
            self.scaling = client("autoscaling", self.key)
        except BaseException:
            self.stop()
            raise

    def _answers(self):
        import socket
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def desired(self, group):
        found = self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
        return found[0]["DesiredCapacity"]

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
