"""How often and how patiently GitHub is asked: few tries, full jitter, a bound on the whole."""

import email.utils
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
SECONDARY_WAIT = 60.0  # what GitHub's documentation asks for when it names no time
NO_ACCESS = "not accessible"  # "Resource not accessible by integration", "... by personal access token"
_SECONDARY = ("secondary rate limit", "abuse detection")


@dataclass(frozen=True)
class Pace:
    """Limits on one call to GitHub with all its tries. Clocks and sleep are parameters for tests."""

    tries: int = 5
    total: float = 60.0
    first: float = 1.0
    longest: float = 20.0
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    today: Callable[[], float] = time.time
    share: Callable[[], float] = random.random

    def start(self) -> "Budget":
        return Budget(self, self.now() + self.total)


@dataclass
class Budget:
    """What is left of one call: tries and seconds."""

    pace: Pace
    deadline: float
    used: int = 0

    @property
    def seconds_left(self) -> float:
        return self.deadline - self.pace.now()

    def take(self) -> None:
        """Count one try."""
        self.used += 1

    def wait(self, asked: float | None = None) -> bool:
        """Sleep before the next try: as long as asked, else full jitter. False when there is no next try."""
        if self.used >= self.pace.tries:
            return False
        ceiling = min(self.pace.longest, self.pace.first * 2.0 ** (self.used - 1))
        seconds = ceiling * self.pace.share() if asked is None else asked
        if seconds >= self.seconds_left:
            return False
        self.pace.sleep(seconds)
        return True


def rate_limit_wait(status: int, headers: Mapping[str, str], message: str, today: float) -> float | None:
    """Seconds that GitHub asks us to wait, or None when this answer is not about a rate limit.

    403 and 429 both mean a limit when they carry Retry-After, an exhausted quota, or say so in words.
    """
    if status not in (403, 429) or NO_ACCESS in message.lower():
        return None
    asked = retry_after(headers.get("Retry-After"), today)
    if asked is not None:
        return asked
    if headers.get("X-RateLimit-Remaining") == "0":
        reset = headers.get("X-RateLimit-Reset", "")
        return max(0.0, int(reset) - today) if reset.isascii() and reset.isdigit() else SECONDARY_WAIT
    if status == 429 or any(words in message.lower() for words in _SECONDARY):
        return SECONDARY_WAIT
    return None


def time_of(headers: Mapping[str, str]) -> float | None:
    """When a server says that it answered (RFC 9110, 6.6.1)."""
    try:
        return email.utils.parsedate_to_datetime(headers.get("Date") or "").timestamp()
    except ValueError:
        return None


def retry_after(value: str | None, today: float) -> float | None:
    """Seconds or an HTTP date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - today)
    except ValueError:
        return None
