"""One request to GitHub's REST API: bounded in time, tries and size, and silent about the token."""

import contextlib
import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from seatrial import __version__
from seatrial.errors import BadInput
from seatrial.forge.addresses import base_address, is_store, origin
from seatrial.forge.errors import (
    BadToken,
    ForgeError,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    ReadOnlyToken,
    Refused,
    TooLarge,
    Unavailable,
)
from seatrial.forge.pace import (
    CONNECT_SECONDS,
    NO_ACCESS,
    READ_SECONDS,
    Budget,
    Pace,
    rate_limit_wait,
    retry_after,
    time_of,
)
from seatrial.text import shown

if TYPE_CHECKING:
    import requests

JSON = "application/vnd.github+json"
RAW = "application/vnd.github.raw+json"
API_VERSION = "2022-11-28"
ANSWER_LIMIT = 32 * 1024 * 1024
_REDIRECTS = 3
_STORE_HEADERS = {"User-Agent": f"seatrial/{__version__}", "Accept-Encoding": "identity"}
_CHUNK = 64 * 1024
_SAY_SO = 0.25  # seconds for a connection that knows its limit to say how it was passed


@dataclass(frozen=True)
class Request:
    """What is asked. doing and permission only serve the error messages."""

    method: str
    path: str
    doing: str
    permission: str
    query: Mapping[str, str | int] | None = None
    content: object = None
    accept: str = JSON
    limit: int = ANSWER_LIMIT
    # For what must not be done twice or late: asked before every further try; what it returns is the answer.
    settled: Callable[[], object] | None = None
    # The answer lies with a store of GitHub's, to which it redirects and our token does not go.
    stored: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    value: object = None  # the parsed JSON, if that was asked for


class _Lost(Exception):
    """No whole answer. sent: the request may have reached GitHub."""

    def __init__(self, how: str, *, sent: bool, hopeless: bool = False) -> None:
        super().__init__(how)
        self.how = how
        self.sent = sent
        self.hopeless = hopeless


class Transport:
    """Sends requests to one GitHub server with one token."""

    def __init__(self, token: str, api_url: str, pace: Pace) -> None:
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise BadInput(
                "github-token is empty or holds blanks or line breaks (not shown): "
                "pass `github-token: ${{ github.token }}`"
            )
        import requests  # 60 ms that a run without a token does not pay

        self._token = token
        self._base = base_address(api_url, "the GitHub API address")
        self._origin = origin(urlsplit(self._base))
        self._pace = pace
        self._deadline: float | None = None
        self._session = requests.Session()

    def __repr__(self) -> str:
        return f"Transport({self._base})"

    def close(self) -> None:
        self._session.close()

    @contextlib.contextmanager
    def bounded(self) -> Iterator[None]:
        """All calls inside share one bound on time."""
        outer = self._deadline
        mine = self._pace.now() + self._pace.total
        self._deadline = mine if outer is None else min(mine, outer)
        try:
            yield
        finally:
            self._deadline = outer

    def _budget(self) -> Budget:
        budget = self._pace.start()
        if self._deadline is not None:
            budget.deadline = min(budget.deadline, self._deadline)
        return budget

    def call(self, request: Request) -> Answer:
        """The answer with status 2xx; anything else raises."""
        budget = self._budget()
        while True:
            budget.take()
            failure, asked = self._try(request, budget)
            if isinstance(failure, Answer):
                return failure
            again = budget.wait(asked)
            if request.settled is not None and (again or isinstance(failure, OutcomeUnknown)):
                found = request.settled()
                if found is not None:
                    return Answer(200, {}, b"", found)
            if not again:
                raise failure

    def _try(self, request: Request, budget: Budget) -> tuple[Answer | ForgeError, float | None]:
        """An answer, or a failure worth another try and the wait that GitHub asks for."""
        try:
            answer = self._exchange(request, budget)
        except _Lost as lost:
            if lost.hopeless:
                raise Unavailable(f"{_cap(request.doing)} failed: {lost.how}") from None
            return self._failure(request, budget, lost.how, unknown=lost.sent), None
        message = self._message(answer)
        wait = rate_limit_wait(answer.status, answer.headers, message, self._today(answer))
        if wait is not None:
            limited = RateLimited(
                f"GitHub's rate limit was met while {request.doing}; it asks to wait {wait:.0f} s. "
                "Run the job again later, or let fewer jobs run at once"
            )
            return limited, wait
        if answer.status < 500:
            return self._judged(request, answer, message), None
        told = f"GitHub answered {answer.status}"
        return self._failure(request, budget, told, unknown=True), self._asked(answer)

    def _failure(self, request: Request, budget: Budget, how: str, *, unknown: bool) -> ForgeError:
        tries = "1 try" if budget.used == 1 else f"{budget.used} tries"
        told = f"{_cap(request.doing)} failed after {tries}: {how}"
        if unknown and request.settled is not None:
            return OutcomeUnknown(f"{told}; it may have happened. Run the job again later")
        return Unavailable(f"{told}. Run the job again later")

    def _asked(self, answer: Answer) -> float | None:
        return retry_after(answer.headers.get("Retry-After"), self._today(answer))

    def _today(self, answer: Answer) -> float:
        """By the server's clock, which its limits count by; ours may be wrong."""
        told = time_of(answer.headers)
        return self._pace.today() if told is None else told

    def _exchange(self, request: Request, budget: Budget) -> Answer:
        """One try, with redirects inside the same server."""
        url = self._base + request.path
        if request.query:
            url += "?" + urlencode(request.query)
        for _ in range(_REDIRECTS + 1):
            answer = self._send(request, url, budget)
            if answer.status not in (301, 302, 303, 307, 308):
                return answer
            if request.method != "GET" and answer.status < 307:
                break
            url = urljoin(url, answer.headers.get("Location", ""))
            try:
                elsewhere = origin(urlsplit(url)) != self._origin
            except ValueError:
                elsewhere = True
            if elsewhere and request.stored:
                return self._fetch(request, url, budget)
            if elsewhere:
                raise Refused(
                    f"GitHub redirected to another server while {request.doing} ({shown(url)}); "
                    "refused, since the token would go there"
                )
        raise Refused(f"GitHub redirected too often or wrongly while {request.doing}")

    def _fetch(self, request: Request, url: str, budget: Budget) -> Answer:
        """What a store holds. It answers itself, and its words for an error are not GitHub's."""
        host = shown(urlsplit(url).hostname)
        if not is_store(url, self._origin):
            raise Refused(f"GitHub redirected to {host} while {request.doing}: that is no host for artifacts")
        answer = self._send(request, url, budget, ours=False)
        if answer.status >= 500 or answer.status == 429:
            raise _Lost(f"{host} answered {answer.status}", sent=True)
        if answer.status != 200:
            raise Refused(f"{host}, where GitHub keeps artifacts, answered {answer.status}")
        return answer

    def _send(self, request: Request, url: str, budget: Budget, *, ours: bool = True) -> Answer:
        """One request. ours: to the server that the token is for.

        Asked by a thread that is left to itself when time is up: neither looking up a name nor an
        answer that drips ends by a limit of the connection's.
        """
        if budget.seconds_left <= 0:
            raise _Lost("no time is left", sent=False, hopeless=True)
        session = self._session
        outcome: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                outcome.put(self._ask(session, request, url, budget, ours=ours))
            except Exception as error:
                outcome.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            found = outcome.get(timeout=budget.seconds_left + _SAY_SO)
        except queue.Empty:
            self._session = type(session)()  # the thread may still use the old one
            raise _Lost("no whole answer came in time", sent=True) from None
        if isinstance(found, Exception):
            raise found
        return found

    def _ask(
        self, session: "requests.Session", request: Request, url: str, budget: Budget, *, ours: bool
    ) -> Answer:
        """Ask and read the answer whole."""
        import requests

        content = None if request.content is None else json.dumps(request.content).encode()
        try:
            with session.request(
                request.method,
                url,
                data=content,
                headers=self._headers(request) if ours else _STORE_HEADERS,
                auth=self._authorize if ours else _as_it_is,
                timeout=(CONNECT_SECONDS, max(0.05, min(READ_SECONDS, budget.seconds_left))),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = self._read(response, request, budget)
                return self._whole(request, response.status_code, response.headers, body)
        except requests.exceptions.SSLError:
            raise _Lost("the server's certificate was not accepted", sent=False, hopeless=True) from None
        except requests.exceptions.ConnectTimeout:
            raise _Lost(f"no connection within {CONNECT_SECONDS:.0f} s", sent=False) from None
        except requests.exceptions.Timeout:
            raise _Lost("no answer in time", sent=True) from None
        except requests.exceptions.ConnectionError as error:
            if _never_connected(error):
                raise _Lost("the server could not be reached", sent=False) from None
            raise _Lost("the connection broke off", sent=True) from None
        except requests.exceptions.RequestException:
            raise _Lost("the answer was cut off or garbled", sent=True) from None

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {
            "Accept": request.accept,
            "User-Agent": f"seatrial/{__version__}",
            "X-GitHub-Api-Version": API_VERSION,
        }
        if request.content is not None:
            headers["Content-Type"] = "application/json"
        return headers

    def _authorize(self, prepared: "requests.PreparedRequest") -> "requests.PreparedRequest":
        # As `auth`, not as a plain header: requests would put a password of ~/.netrc in its place.
        prepared.headers["Authorization"] = f"Bearer {self._token}"
        return prepared

    def _read(self, response: "requests.Response", request: Request, budget: Budget) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > request.limit:
                raise TooLarge(
                    f"GitHub's answer while {request.doing} is larger than {request.limit:,} bytes"
                )
            if budget.seconds_left <= 0:
                raise _Lost("the answer came too slowly", sent=True)
        return bytes(body)

    def _whole(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
        if request.accept != JSON or request.stored or status == 204 or not 200 <= status < 300:
            return Answer(status, headers, body)
        try:
            return Answer(status, headers, body, json.loads(body))
        except (ValueError, RecursionError):
            raise _Lost("the answer was cut off or garbled", sent=True) from None

    def _message(self, answer: Answer) -> str:
        """GitHub's own words of an error; the token is struck out should a server send it back."""
        if answer.status < 400:
            return ""
        try:
            value = json.loads(answer.body)
        except (ValueError, RecursionError):
            return ""
        message = value.get("message") if isinstance(value, dict) else None
        return message.replace(self._token, "***") if isinstance(message, str) else ""

    def _judged(self, request: Request, answer: Answer, message: str) -> Answer:
        status, doing = answer.status, request.doing
        if 200 <= status < 300:
            return answer
        if status == 401:
            raise BadToken(doing)
        if status == 403 and NO_ACCESS in message.lower():
            raise ReadOnlyToken(doing, request.permission)
        if status in (404, 410):
            raise NotFound(
                f"GitHub answered {status} while {doing}: it is not there, or the token cannot see it "
                f"(that needs `permissions: {{{request.permission}}}`)"
            )
        said = f": {shown(message, 200)}" if message else ""
        raise Refused(f"GitHub answered {status} while {doing}{said}")


def _as_it_is(prepared: "requests.PreparedRequest") -> "requests.PreparedRequest":
    """No token, and no password of ~/.netrc."""
    return prepared


def _never_connected(error: Exception) -> bool:
    from urllib3.exceptions import NewConnectionError

    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)


def _cap(doing: str) -> str:
    return doing[:1].upper() + doing[1:]
