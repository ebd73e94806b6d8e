"""How numbers are shown: as many digits as the interval has earned, and no more."""

import math

NOT_AVAILABLE = "n/a"
MOST_DECIMALS = 8

# The budgets; all other metrics are plain numbers.
UNITS = {"latency_p50": "seconds", "latency_p95": "seconds", "size": "bytes"}


def unit_of(metric: str) -> str:
    """`seconds`, `bytes` or `number`."""
    return UNITS.get(metric, "number")


def decimals_for_width(width: float) -> int:
    """Decimals at which an interval is 5 to 49 units of the last place wide."""
    if not math.isfinite(2 * width) or width <= 0:
        return 3
    return max(0, min(MOST_DECIMALS, 1 - math.floor(math.log10(2 * width))))


def decimals_for_value(value: float) -> int:
    """Decimals for a number without an interval: three significant digits, four from 1 to 10."""
    size = abs(value)
    if size == 0 or not math.isfinite(size):
        return 3
    power = math.floor(math.log10(size))
    return max(0, min(MOST_DECIMALS, (3 if power == 0 else 2) - power))


def decimals_of(value: float) -> int:
    """Decimals that a number was written with (0.005 -> 3)."""
    text = f"{abs(value):.{MOST_DECIMALS}f}".rstrip("0")
    return len(text.split(".")[1]) if "." in text else 0


def decimals(low: float | None, high: float | None, limit: float | None, *values: float | None) -> int:
    """One number of decimals for a row, so that nothing shown contradicts the outcome.

    The interval's width decides; then digits are added until no shown number
    rounds onto the limit without being equal to it.
    """
    known = [v for v in (*values, low, high) if v is not None]
    if low is not None and high is not None and high > low:
        places = decimals_for_width(high - low)
    elif (low is None) != (high is None) and max(known) > min(known):
        places = decimals_for_width(2 * (max(known) - min(known)))
    elif known:
        places = min(decimals_for_value(v) for v in known if v) if any(known) else 3
    else:
        places = 3
    if known and max(abs(v) for v in known) < 10:
        places = max(places, 3)  # shares and losses are read to three decimals
    if limit is None:
        return places
    if known:
        places = max(places, min(decimals_of(limit), 6))
    bound = abs(limit)
    while places < MOST_DECIMALS and any(
        abs(v) != bound and round(abs(v), places) == round(bound, places) for v in known
    ):
        places += 1
    return places


def number(value: float | None, places: int | None = None) -> str:
    """0.742; 12,345; 1.2e-09; n/a."""
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    places = decimals_for_value(value) if places is None else places
    if value != 0 and (abs(value) < 0.5 * 10.0**-MOST_DECIMALS or abs(value) >= 1e12):
        return f"{value:.2e}"
    text = f"{value:,.{places}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text


def signed(value: float | None, places: int | None = None) -> str:
    """+0.009; -0.004; 0.000."""
    text = number(value, places)
    nothing = text == NOT_AVAILABLE or not text.strip("0.,")
    return f"+{text}" if value is not None and value > 0 and not nothing else text


def _end(value: float | None, places: int, sign: bool) -> str:
    return signed(value, places) if sign else number(value, places)


def interval(low: float | None, high: float | None, places: int, *, sign: bool = False) -> str:
    """[-0.004, +0.009]; an open end is written as infinity in a round bracket."""
    left = "(-∞" if low is None else f"[{_end(low, places, sign)}"
    right = "+∞)" if high is None else f"{_end(high, places, sign)}]"
    return f"{left}, {right}"


def count(value: int | None) -> str:
    """336,776."""
    return NOT_AVAILABLE if value is None else f"{value:,}"


def about(value: int) -> str:
    """A planned number of rows, to two significant digits, rounded up: 6,353 -> 6,400."""
    if value < 100:
        return str(value)
    step = 10 ** (len(str(value)) - 2)
    return f"{-(-value // step) * step:,}"


def percent(share: float | None, places: int = 0) -> str:
    """95 %, with a no-break space. A level such as 0.975 keeps its digits."""
    if share is None:
        return NOT_AVAILABLE
    places = max(places, min(2, decimals_of(round(share * 100, 6))))
    return f"{share * 100:.{places}f}\u00a0%"


def duration(seconds: float | None, *, sign: bool = False) -> str:
    """4.2 ms; 1.30 s; 2 min 5 s."""
    if seconds is None or not math.isfinite(seconds):
        return NOT_AVAILABLE
    plus = "-" if seconds < 0 else "+" if sign and seconds > 0 else ""
    size = abs(seconds)
    if size >= 60:
        whole = round(size)
        return f"{plus}{whole // 60}\u00a0min {whole % 60}\u00a0s"
    for factor, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if size >= factor:
            return f"{plus}{_three(size / factor)}\u00a0{name}"
    return "0\u00a0s" if size == 0 else f"{plus}{size * 1e9:.0f}\u00a0ns"


def size(count_of_bytes: float | None, *, sign: bool = False) -> str:
    """20 MB; 1.43 kB. Decimal units, as the policy's MB."""
    if count_of_bytes is None or not math.isfinite(count_of_bytes):
        return NOT_AVAILABLE
    plus = "-" if count_of_bytes < 0 else "+" if sign and count_of_bytes > 0 else ""
    amount = abs(count_of_bytes)
    for factor, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if amount >= factor:
            return f"{plus}{_three(amount / factor)}\u00a0{name}"
    return f"{plus}{amount:.0f}\u00a0B"


def _three(value: float) -> str:
    """Three significant digits, without idle zeros after the point."""
    text = f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(value: float | None, unit: str, places: int, *, sign: bool = False) -> str:
    """A value in its unit."""
    if unit == "seconds":
        return duration(value, sign=sign)
    if unit == "bytes":
        return size(value, sign=sign)
    return signed(value, places) if sign else number(value, places)


def p_value(value: float | None) -> str:
    """0.031; < 0.001."""
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    return "< 0.001" if value < 0.001 else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"
