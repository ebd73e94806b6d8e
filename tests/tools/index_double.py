"""A package index on 127.0.0.1 that serves the files of a folder, as pip and uv ask for them."""

import hashlib
import re
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import quote, unquote, urlsplit


def _project(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


class IndexDouble:
    """folder: wheels as `pip download` leaves them."""

    def __init__(self, folder: Path) -> None:
        self._files = {path.name: path for path in folder.glob("*.whl")}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.served: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str) -> tuple[str, bytes] | None:
        parts = [unquote(part) for part in path.strip("/").split("/")]
        if parts[0] == "files" and parts[-1] in self._files:
            self.served.append(parts[-1])
            return "application/octet-stream", self._files[parts[-1]].read_bytes()
        if parts[0] != "simple" or len(parts) != 2:
            return None
        mine = [name for name in self._files if _project(name.split("-")[0]) == _project(parts[1])]
        links = "".join(f'<a href="/files/{quote(n)}#{self._hash(n)}">{escape(n)}</a>' for n in mine)
        return ("text/html", f"<!DOCTYPE html><html><body>{links}</body></html>".encode()) if mine else None

    def _hash(self, name: str) -> str:
        with self._files[name].open("rb") as file:
            return f"sha256={hashlib.file_digest(file, 'sha256').hexdigest()}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = double.answer(urlsplit(self.path).path)
                self.send_response(200 if found else 404)
                kind, body = found or ("text/plain", b"")
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """The proxy keeps the record."""

        return Handler
