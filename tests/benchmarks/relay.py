"""A relay between a browser and a server on this machine that counts the bytes that really come back, as compressed."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer


class Relay(ThreadingTCPServer):
    """`received`: bytes that the server has sent so far, over all connections."""

    daemon_threads = True
    received = 0

    def __init__(self, host: str) -> None:
        name, _, port = host.partition(":")
        self.behind = (name, int(port))
        super().__init__(("127.0.0.1", 0), Passing)
        self.host = f"127.0.0.1:{self.server_address[1]}"


class Passing(BaseRequestHandler):
    """One connection: both directions until either side hangs up."""

    server: Relay

    def handle(self) -> None:
        with socket.create_connection(self.server.behind) as server:
            asking = threading.Thread(target=passed, args=(self.request, server), daemon=True)
            asking.start()
            for size in pieces(server, self.request):
                self.server.received += size


def passed(source: socket.socket, target: socket.socket) -> None:
    """Pass everything on, uncounted."""
    for _ in pieces(source, target):
        pass


def pieces(source: socket.socket, target: socket.socket) -> Iterator[int]:
    """Pass bytes on until one side is gone; the size of each piece."""
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
            yield len(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


@contextmanager
def relayed(host: str) -> Iterator[Relay]:
    """A relay to `host` (name:port) while the block runs."""
    with Relay(host) as relay:
        threading.Thread(target=relay.serve_forever, daemon=True).start()
        yield relay
        relay.shutdown()
