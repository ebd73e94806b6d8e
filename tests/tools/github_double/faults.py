"""What goes wrong, on which request, how often."""

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["answer", "lost", "truncated", "slow", "garbage"]


@dataclass
class Fault:
    """One fault of the plan.

    answer: `status` with `message` and `headers`, without doing anything.
    lost: what was asked is done (unless `effect` is false), and the connection breaks off.
    truncated: done, and half of the answer arrives. garbage: done, and the answer is no JSON.
    slow: `seconds` pass before the answer.
    after: how many matching requests pass unharmed first; times: how many it hits then.
    """

    kind: Kind
    method: str = ".*"
    path: str = ".*"
    times: int = 1
    after: int = 0
    status: int = 502
    message: str = "Server Error"
    headers: Mapping[str, str] = field(default_factory=dict)
    effect: bool = True
    seconds: float = 0.0


class Plan:
    def __init__(self, faults: Iterable[Fault | Mapping[str, Any]] = ()) -> None:
        self._faults = [f if isinstance(f, Fault) else Fault(**f) for f in faults]
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def next_for(self, method: str, path: str) -> Fault | None:
        """The fault that hits this request, counted."""
        with self._lock:
            for fault in self._faults:
                if (
                    fault.times <= 0
                    or not re.fullmatch(fault.method, method)
                    or not re.search(fault.path, path)
                ):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                return fault
            return None

    @property
    def spent(self) -> bool:
        """True if everything planned has happened."""
        with self._lock:
            return all(fault.times <= 0 for fault in self._faults)
