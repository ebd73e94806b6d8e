"""Where artifacts lie: another host than the API, to which no token may go."""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from github_double.world import Artifact, World

CHUNK = bytes(64 * 1024)


class Store:
    """Answers signed addresses on a port of its own, and keeps the headers that it was sent."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.requests: list[dict[str, str]] = []
        self.sent = 0  # bytes beyond what an artifact holds
        self.refusals: list[int] = []  # statuses of the next answers
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/blobs"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def find(self, number: int) -> Artifact | None:
        with self.world.lock:
            found = [r.artifacts[number] for r in self.world.repositories.values() if number in r.artifacts]
        return found[0] if found else None


def _handler(store: Store) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            store.requests.append({name.lower(): value for name, value in self.headers.items()})
            if store.refusals:
                self.send_error(store.refusals.pop(0))
                return
            parts = urlsplit(self.path)
            artifact = store.find(int(parts.path.rpartition("/")[2]))
            if artifact is None or parts.query != "sig=signed":
                self.send_error(403)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/zip")
            self.send_header("Content-Length", str(len(artifact.data) + artifact.endless))
            self.end_headers()
            with contextlib.suppress(OSError):  # a client that has seen enough
                self.wfile.write(artifact.data)
                left = artifact.endless
                while left > 0:
                    self.wfile.write(CHUNK[: min(left, len(CHUNK))])
                    store.sent += min(left, len(CHUNK))
                    left -= len(CHUNK)

        def log_message(self, *_: Any) -> None:
            """The store keeps its own log."""

    return Handler
