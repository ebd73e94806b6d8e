"""The releases and tags of one repository, as GitHub would keep them, on 127.0.0.1."""

import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from github_double import Contract
from github_double.objects import Objects

WHEN = "2027-01-31T12:00:00Z"
TOKEN = "ghs_thatwritesreleases"


@dataclass
class ReleaseDouble:
    """immutable: whether the repository's setting is on. lose: answers that get lost, as METHOD PATH."""

    repository: str
    contract: Contract | None = None
    immutable: bool = True
    lose: set[str] = field(default_factory=set)
    tags: dict[str, str] = field(default_factory=dict)
    annotated: dict[str, str] = field(default_factory=dict)
    releases: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._objects = Objects(self.url, self.url)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        assert not self.violations, self.violations[:5]

    @property
    def writes(self) -> list[str]:
        return [line for line in self.asked if not line.startswith("GET")]

    def add(self, tag: str, *, draft: bool, files: dict[str, bytes] | None = None) -> dict[str, Any]:
        release = self._release({"tag_name": tag, "name": tag, "body": "", "draft": draft})
        release["assets"] = [self._asset(name, content) for name, content in (files or {}).items()]
        release["immutable"] = self.immutable and not draft
        return release

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> tuple[int, Any]:
        rest = path.removeprefix(f"/repos/{self.repository}")
        if found := re.fullmatch(r"/releases/(\d+)/assets", rest):
            return self._upload(int(found[1]), query["name"], body)
        value = json.loads(body) if body else {}
        if rest == "/releases":
            return (201, self._release(value)) if method == "POST" else (200, self._page(query))
        if found := re.fullmatch(r"/releases/(\d+)", rest):
            return self._change(int(found[1]), value)
        if found := re.fullmatch(r"/releases/assets/(\d+)", rest):
            for release in self.releases:
                release["assets"] = [a for a in release["assets"] if a["id"] != int(found[1])]
            return 204, None
        return self._git(method, rest, value)

    def _git(self, method: str, rest: str, value: dict[str, Any]) -> tuple[int, Any]:
        if found := re.fullmatch(r"/git/matching-refs/tags/(.*)", rest):
            return 200, [self._ref(tag) for tag in sorted(self.tags) if tag.startswith(found[1])]
        if found := re.fullmatch(r"/git/ref/tags/(.*)", rest):
            return (200, self._ref(found[1])) if found[1] in self.tags else (404, _problem("Not Found"))
        if found := re.fullmatch(r"/git/tags/([0-9a-f]{40})", rest):
            return 200, self._tag(found[1])
        tag = str(value.get("ref", rest)).rpartition("/")[2]
        if any(r["tag_name"] == tag and r["immutable"] for r in self.releases):
            return 422, _problem("Cannot update this protected ref.")
        if (tag in self.tags) != (method == "PATCH"):
            return 422, _problem(
                "Reference does not exist" if method == "PATCH" else "Reference already exists"
            )
        self.tags[tag] = value["sha"]
        return (201 if method == "POST" else 200), self._ref(tag)

    def _page(self, query: dict[str, str]) -> list[dict[str, Any]]:
        size, page = int(query["per_page"]), int(query["page"])
        return self.releases[(page - 1) * size : page * size]

    def _upload(self, number: int, name: str, content: bytes) -> tuple[int, Any]:
        (release,) = [r for r in self.releases if r["id"] == number]
        if any(asset["name"] == name for asset in release["assets"]) or not release["draft"]:
            return 422, _problem("Validation Failed")
        release["assets"].append(self._asset(name, content))
        return 201, release["assets"][-1]

    def _change(self, number: int, value: dict[str, Any]) -> tuple[int, Any]:
        (release,) = [r for r in self.releases if r["id"] == number]
        if release["immutable"]:
            return 422, _problem("Cannot change an immutable release")
        self.latest = value.pop("make_latest", None)
        release.update(value)
        release["immutable"] = self.immutable and not release["draft"]
        return 200, release

    def _release(self, value: dict[str, Any]) -> dict[str, Any]:
        number = len(self.releases) + 1
        home = f"{self.url}/repos/{self.repository}/releases/{number}"
        release = {
            "url": home,
            "assets_url": f"{home}/assets",
            "upload_url": f"{home}/assets{{?name,label}}",
            "html_url": home,
            "tarball_url": None,
            "zipball_url": None,
            "id": number,
            "node_id": f"RE_{number}",
            "target_commitish": "main",
            "prerelease": False,
            "created_at": WHEN,
            "published_at": None,
            "author": self._objects.user("github-actions[bot]", "Bot"),
            "assets": [],
            "immutable": False,
            **value,
        }
        self.releases.append(release)
        return release

    def _asset(self, name: str, content: bytes) -> dict[str, Any]:
        number = 100 + sum(len(release["assets"]) for release in self.releases)
        return {
            "url": f"{self.url}/assets/{number}",
            "browser_download_url": f"{self.url}/assets/{number}/{name}",
            "id": number,
            "node_id": f"RA_{number}",
            "name": name,
            "label": None,
            "state": "uploaded",
            "content_type": "application/gzip",
            "size": len(content),
            "digest": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "download_count": 0,
            "created_at": WHEN,
            "updated_at": WHEN,
            "uploader": None,
        }

    def _ref(self, tag: str) -> dict[str, Any]:
        sha = self.tags[tag]
        kind = "tag" if sha in self.annotated else "commit"
        target = {"type": kind, "sha": sha, "url": f"{self.url}/git/{kind}s/{sha}"}
        return {"ref": f"refs/tags/{tag}", "node_id": "R", "url": f"{self.url}/{tag}", "object": target}

    def _tag(self, sha: str) -> dict[str, Any]:
        commit = self.annotated[sha]
        who = {"name": "A", "email": "a@example.invalid", "date": WHEN}
        target = {"type": "commit", "sha": commit, "url": f"{self.url}/git/commits/{commit}"}
        more = {"tag": "v", "message": "m", "tagger": who, "object": target}
        return {"node_id": "T", "sha": sha, "url": f"{self.url}/git/tags/{sha}", **more}


def _problem(message: str) -> dict[str, str]:
    return {"message": message, "documentation_url": "https://docs.github.com/rest"}


def _handler(double: ReleaseDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                status, value = 401, _problem("Bad credentials")
            else:
                status, value = double.answer(self.command, parts.path, query, body)
            line = f"{self.command} {parts.path}"
            double.asked.append(line)
            sent = b"" if value is None else json.dumps(value).encode()
            self._hold(parts.path, query, body, status, sent)
            if line in double.lose:
                double.lose.discard(line)
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def _hold(self, path: str, query: dict[str, str], body: bytes, status: int, sent: bytes) -> None:
            """Uploads are described with raw bytes and at another host: their answer is held elsewhere."""
            if double.contract is None or path.endswith("/assets"):
                return
            operation = double.contract.operation(self.command, path)
            if operation is None:
                double.violations.append(f"no operation {self.command} {path}")
                return
            faults = double.contract.request_faults(operation, query, body)
            faults += double.contract.answer_faults(operation, status, "", sent)
            double.violations += [f"{operation.id}: {fault}" for fault in faults]

        do_GET = do_POST = do_PATCH = do_DELETE = _serve

        def log_message(self, *_: object) -> None:
            """Kept by the double."""

    return Handler
