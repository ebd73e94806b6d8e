"""What is wrong with rows, in words for people."""

from collections.abc import Mapping

from pydantic import JsonValue

from seatrial.text import counted, shown

ROWS_SHOWN = 5
ROUNDING = 1e-9  # of a row: 29% of 100 rows are 28.999999999999996 to a computer

_SAY: Mapping[str, str] = {
    "nulls": "have no value",
    "type": "hold no {wanted}",
    "nan": "are NaN",
    "infinite": "are infinite",
    "min": "are below {wanted}",
    "max": "are above {wanted}",
    "one_of": "hold another value",
    "pattern": "do not match the pattern",
    "shortest": "have fewer than {wanted}",
    "longest": "have more than {wanted}",
    "unique": "hold a value that stands before",
    "key": "have a key that stands before",
    "duplicates": "stand before as they are",
    "rule": "break the rule {wanted}",
    "known_by": "are later than {wanted}",
    "split": "do not come before the first of test",
    "leakage_keys": "have a key that stands in train",
    "leakage_rows": "stand in train as they are",
}
KINDS: Mapping[str, str] = {
    "email": "an e-mail address",
    "phone": "a phone number",
    "card": "a card number",
    "iban": "an IBAN",
    "ip": "an IP address",
}


def faults(rule: str, wanted: JsonValue, part: Mapping[str, JsonValue], accepted: float) -> str:
    """Such as: 12 of 10,000 rows of train are below 0 (rows 5, 17, 230, …)."""
    count, rows = part["count"], part["rows"]
    if "is" in part:
        return f"in {part['data']} the column is {part['is']}, not {shown(wanted)}"
    told = shown(wanted)
    if rule in ("shortest", "longest") and isinstance(wanted, int):
        told = counted(wanted, "character")
    what = _SAY[rule].format(wanted=told)
    more = f", more than {percent(accepted)}" if accepted else ""
    return f"{count:,} of {rows:,} rows of {part['data']} {what}{more}{_which(part)}"


def _which(part: Mapping[str, JsonValue]) -> str:
    at, values = part.get("at"), part.get("values")
    if not isinstance(at, list):
        return ""
    numbers, mark = [f"{number:,}" for number in at[:ROWS_SHOWN]], ", "
    if isinstance(values, list) and len(values) == len(at):
        numbers = [f"{number}: {shown(value, 40)}" for number, value in zip(numbers, values, strict=False)]
        mark = "; "
    more = f"{mark}…" if len(at) > ROWS_SHOWN or len(at) != part["count"] else ""
    return f" ({'row' if len(at) == 1 and not more else 'rows'} {mark.join(numbers)}{more})"


def percent(share: float) -> str:
    """The share as a percentage of three digits."""
    return f"{float(f'{share * 100:.3g}'):g}%"


def span(seconds: float) -> str:
    """A time for people, in its two largest units: 3 d 4 h."""
    left, told = int(seconds), []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            told.append(f"{count:,} {unit}")
    return " ".join(told[:2]) or "0 s"
