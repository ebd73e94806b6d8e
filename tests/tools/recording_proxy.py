"""A proxy that writes down every host that is asked for, and leads to doubles on this machine only.

It ends TLS itself, as a company's proxy does, with a certificate that the test hands out. A host without
a double is written down and refused: nothing leaves the machine.
"""

import contextlib
import select
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

HEAD = 64 * 1024
REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Authority:
    """Certificates for hosts: what to trust, and what the proxy shows."""

    trusted: Path
    shown: Path
    key: Path


def authority(folder: Path, hosts: Iterable[str]) -> Authority:
    """A certificate authority of the test, and one certificate for all hosts."""
    names = ",".join(f"DNS:{host}" for host in hosts)
    openssl = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    _run([*openssl, "-nodes", "-days", "2", "-subj", "/CN=of the test", "-keyout", "ca.key", "-out", "ca.pem",
          "-addext", "keyUsage=critical,keyCertSign,cRLSign"], folder)  # fmt: skip
    _run([*openssl, "-nodes", "-days", "2", "-subj", "/CN=hosts", "-keyout", "hosts.key", "-out", "hosts.pem",
          "-CA", "ca.pem", "-CAkey", "ca.key", "-addext", f"subjectAltName={names}",
          "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth"],
         folder)  # fmt: skip
    return Authority(folder / "ca.pem", folder / "hosts.pem", folder / "hosts.key")


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


class RecordingProxy:
    """doubles: for each HOST:PORT the port on this machine that answers in its place, without TLS."""

    def __init__(self, doubles: Mapping[str, int], certificates: Authority | None = None) -> None:
        self._doubles = dict(doubles)
        self._context = None
        if certificates is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificates.shown, certificates.key)
        self._asked: list[str] = []
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._guard = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        with self._guard:
            for each in (self._listener, *self._open):
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        for thread in list(self._threads):
            thread.join()

    @property
    def hosts(self) -> set[str]:
        """Every HOST:PORT that was asked for, reached or not."""
        with self._guard:
            return set(self._asked)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments)
        with self._guard:
            self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._start(self._serve, client)

    def _keep(self, connection: socket.socket) -> socket.socket:
        with self._guard:
            self._open.add(connection)
        return connection

    def _serve(self, client: socket.socket) -> None:
        self._keep(client)
        with contextlib.suppress(OSError, ValueError), client:
            head, rest = _read_head(client)
            method, target, _ = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
            place = target if method == "CONNECT" else _authority_of(target)
            with self._guard:
                self._asked.append(place)
            port = self._doubles.get(place)
            if port is None or (method == "CONNECT" and self._context is None):
                client.sendall(REFUSED)
                return
            with self._keep(socket.create_connection(("127.0.0.1", port))) as double:
                if method == "CONNECT":
                    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    assert self._context is not None
                    with self._keep(self._context.wrap_socket(client, server_side=True)) as inner:
                        _pipe(inner, double)
                else:
                    double.sendall(_own_form(head, target) + rest)
                    _pipe(client, double)


def _pipe(client: socket.socket, double: socket.socket) -> None:
    """Both ways, until either side has no more to say. In one thread: TLS is not for two at once."""
    other = {client: double, double: client}
    while True:
        waiting = isinstance(client, ssl.SSLSocket) and client.pending()
        ready = [client] if waiting else select.select([client, double], [], [])[0]
        for source in ready:
            chunk = source.recv(HEAD)
            if not chunk:
                return
            other[source].sendall(chunk)


def _read_head(client: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = client.recv(HEAD)
        if not chunk or len(data) > HEAD:
            raise ValueError("no request")
        data += chunk
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def _authority_of(target: str) -> str:
    parts = urlsplit(target)
    return f"{parts.hostname}:{parts.port or 80}"


def _own_form(head: bytes, target: str) -> bytes:
    """The request as the server itself expects it, one per connection."""
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, version = first.split(" ")
    kept = [line for line in lines if not line.lower().startswith(("proxy-", "connection:"))]
    return "\r\n".join([f"{method} {path} {version}", *kept, "Connection: close", "", ""]).encode("latin-1")
