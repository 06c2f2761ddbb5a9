"""Servers of gRPC by grpcio, whose messages are plain bytes."""

import os
from concurrent import futures

# Its fork handlers would run in the children that tests start, and crash them now and then.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

import grpc

from .ports import reserve_port


class CallServer:
    """`unary`, `stream_out`, `stream_in` and `both` are functions as grpcio wants them; messages are bytes."""

    def __init__(self, unary=None, stream_out=None, stream_in=None, both=None, health=None, credentials=None):
        self.port = reserve_port()
        self.address = f"127.0.0.1:{self.port}"
        self.health = health
        self.asked = []
        self.server = grpc.server(futures.ThreadPoolExecutor(32), options=[("grpc.so_reuseport", 0)])
        kinds = dict(Unary=(unary, grpc.unary_unary_rpc_method_handler),
                     StreamOut=(stream_out, grpc.unary_stream_rpc_method_handler),
                     StreamIn=(stream_in, grpc.stream_unary_rpc_method_handler),
                     Both=(both, grpc.stream_stream_rpc_method_handler))
        handlers = {name: make(function) for name, (function, make) in kinds.items() if function}
        self.server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("test.Echo", handlers),))
        if health is not None:
            check = grpc.unary_unary_rpc_method_handler(self._check)
            self.server.add_generic_rpc_handlers(
                (grpc.method_handlers_generic_handler("grpc.health.v1.Health", {"Check": check}),))
        if credentials:
            self.server.add_secure_port(self.address, credentials)
        else:
            self.server.add_insecure_port(self.address)
        self.server.start()

    def _check(self, request, context):
        service = request[2:].decode() if request else ""
        self.asked.append(service)
        if service not in self.health:
            context.abort(grpc.StatusCode.NOT_FOUND, "no such service")
        return b"\x08" + bytes([self.health[service]])

    def stop(self):
        self.server.stop(0)


def method(channel, kind, name=None):
    """A call on a channel: `unary_unary` and so on."""
    names = dict(unary_unary="Unary", unary_stream="StreamOut", stream_unary="StreamIn", stream_stream="Both")
    return getattr(channel, kind)(f"/test.Echo/{name or names[kind]}")
