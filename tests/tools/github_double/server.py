"""The HTTP server: faults, log, contract, and a state that survives as a file."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from github_double.api import Api, Asked, Reply, problem
from github_double.contract import Contract
from github_double.faults import Fault, Plan
from github_double.objects import Objects
from github_double.store import Store
from github_double.world import World


class Double:
    """A GitHub on 127.0.0.1. Use as a context manager; `url` is what GITHUB_API_URL would be."""

    def __init__(
        self,
        world: World | None = None,
        *,
        plan: Plan | None = None,
        contract: Contract | None = None,
        base_path: str = "",
        port: int = 0,
        state: Path | None = None,
        log: Path | None = None,
        jitter: Callable[[], float] | None = None,
    ) -> None:
        self.world = world or World()
        self.plan = plan or Plan()
        self.requests: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self._contract, self._state, self._log, self._jitter = contract, state, log, jitter
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self.port: int = self._server.server_address[1]
        self.base_path = base_path
        self.site = f"http://127.0.0.1:{self.port}"
        self.url = self.site + base_path
        self.store = Store(self.world)
        self._api = Api(self.world, Objects(self.url, self.site), self.url, self.store.url)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> "Double":
        self._thread.start()
        self.store.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.store.stop()

    def keep_artifacts_at(self, address: str) -> None:
        """Tell another address of the store, such as one behind a proxy."""
        self._api.store = address

    def asked(self, method: str = "", path: str = "") -> list[dict[str, Any]]:
        """The requests so far with this method and a path that holds this."""
        return [r for r in self.requests if method in ("", r["method"]) and path in r["path"]]

    def handle(self, asked: Asked) -> tuple[Reply | None, Fault | None]:
        """The reply, None if it gets lost, and the fault that hits it."""
        self._pause()
        fault = self.plan.next_for(asked.method, asked.path)
        if fault is not None and fault.kind == "answer":
            reply = problem(fault.status, fault.message)
            reply.headers.update(fault.headers)
        elif fault is not None and fault.kind == "lost" and not fault.effect:
            reply = Reply(204)
        else:
            reply = self._api.answer(asked)
            if asked.method != "GET" and self._state is not None:
                self.world.save(self._state)
        self._note(asked, reply, fault)
        if fault is not None:
            time.sleep(fault.seconds)
        self._pause()
        return (None if fault is not None and fault.kind == "lost" else reply), fault

    def _pause(self) -> None:
        if self._jitter is not None:
            time.sleep(self._jitter())

    def _note(self, asked: Asked, reply: Reply, fault: Fault | None) -> None:
        wrong = self._held_against_contract(asked, reply, fault)
        account = self.world.accounts.get(asked.token or "")
        line = {
            "method": asked.method,
            "path": asked.path,
            "query": asked.query,
            "accept": asked.accept,
            "by": account.login if account else None,
            "body": asked.body.decode("utf-8", "replace"),
            "status": reply.status,
            "fault": fault.kind if fault else None,
            "violations": wrong,
        }
        with self.world.lock:
            self.requests.append(line)
            self.violations += [f"{asked.method} {asked.path}: {fault}" for fault in wrong]
            if self._log is not None:
                with self._log.open("a") as file:
                    file.write(json.dumps(line) + "\n")

    def _held_against_contract(self, asked: Asked, reply: Reply, fault: Fault | None) -> list[str]:
        if self._contract is None:
            return []
        operation = self._contract.operation(asked.method, asked.path)
        if operation is None:
            return ["no such operation"]
        wrong = self._contract.request_faults(operation, asked.query, asked.body)
        if fault is None or fault.kind == "answer" or fault.effect:
            wrong += self._contract.answer_faults(operation, reply.status, asked.accept, reply.body)
        return wrong


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, *arguments: Any) -> None:
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        # Connections kept alive would keep their threads alive, and this joins them.
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


def _handler(double: Double) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if not parts.path.startswith(double.base_path + "/"):
                self._send(problem(404, "Not Found"), None)
                return
            scheme, _, token = self.headers.get("Authorization", "").partition(" ")
            asked = Asked(
                method=self.command,
                path=unquote(parts.path.removeprefix(double.base_path)),
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                accept=self.headers.get("Accept", ""),
                token=token if scheme == "Bearer" else None,
                body=body,
            )
            reply, fault = double.handle(asked)
            if reply is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self._send(reply, fault)

        def _send(self, reply: Reply, fault: Fault | None) -> None:
            body = b"<html>busy</html>" if fault and fault.kind == "garbage" else reply.body
            self.send_response_only(reply.status)  # without a date, which a fault may tell
            headers = {"Content-Type": "application/json; charset=utf-8", **reply.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if fault and fault.kind == "truncated":
                body, self.close_connection = body[: len(body) // 2], True
            if reply.status != 204:
                self.wfile.write(body)
            self.wfile.flush()

        do_GET = do_POST = do_PATCH = do_DELETE = _serve

        def log_message(self, *_: object) -> None:
            """The request log is kept by the double."""

    return Handler
