"""What stands behind nginx in the place of the site: a server on a socket, as its handler says."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path


class Server(socketserver.ThreadingUnixStreamServer):
    """One that takes as many at once as tests send."""

    daemon_threads = True
    request_queue_size = 100


@contextmanager
def answering(path: Path, handler: type[BaseHTTPRequestHandler]) -> Iterator[None]:
    """Serve on this socket meanwhile."""
    with Server(str(path), handler) as server:
        # http.server wants an address to name in its log.
        server.get_request = lambda: (server.socket.accept()[0], ("nginx", 0))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()
