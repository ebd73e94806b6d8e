"""Random data with what data have at worst, and random policies for them, the same for the same number."""

import json
import math
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

TEXTS = [
    "",
    "a",
    "b",
    "A",
    "bb",
    "ä",
    "e\u0301",
    "\U0001f600",
    "x y",
    "7",
    "NA",
    "a.b",
    'quo"te',
    "two\nlines",
    " ",
]
PERSONS = ["me@example.org", "+49 30 901820", "4111 1111 1111 1111", "4111 1111 1111 1112", "10.0.0.300",
           "192.0.2.7", "DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 01", "::1"]  # fmt: skip
NUMBERS = [0.0, -0.0, 0.1, 1.0, -2.5, 1e308, 5e-324, 3.0, 2.0**53, math.nan, math.inf, -math.inf]
WHOLE = [0, 1, 2, 3, -1, 7, 2**31, 2**53 + 1, 2**63 - 1, -(2**63)]
DAY = date(2026, 3, 28)
NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)
TYPES = {
    "id": "integer", "n": "integer", "x.y": "number", "t": "string", "note": "string", "b": "boolean",
    "d": "date", "at": "timestamp", "seen": "timestamp", "late": "integer",
}  # fmt: skip
RULES = [
    "n >= 0", "`x.y` < n or b", "length(t) <= 2", "d <= date'2026-03-30'", "at < seen", "t in ['a', 'b', '']",
    "not b", "n / 2 >= `x.y`", "abs(n) < 5 and t is not null", "at >= time'2026-03-28T00:00:00Z'",
    "n + 1 > n", "`x.y` == `x.y`", "t != 'a'", "-1 < n <= 3",
]  # fmt: skip
PATTERNS = ["[a-z]*", r"\w+", ".", "(a|b){1,2}", r"\d", r"[^\s]+", "ä|e.", r".*\.b"]


class Draw:
    """One case: files of train and test below a folder, and a policy."""

    def __init__(self, number: int, root: Path) -> None:
        self.random = random.Random(number)
        self.number, self.root = number, root
        self.form = self.random.choice(["parquet", "parquet", "csv"])
        self.zoned = self.random.random() < 0.5
        self.path = {name: self._write(name) for name in ("train", "test")}

    def _write(self, name: str) -> str:
        """One file or several, some of them in folders that name a column."""
        r = self.random
        rows = r.choice([0, 1, 3, 20, 60] if self.form == "parquet" else [1, 3, 20, 60])
        frame = self._frame(rows)
        folder = self.root / name
        split = r.choice([1, 1, 2, 3])
        cut = sorted(r.randint(0, rows) for _ in range(split - 1))
        for part, (begin, end) in enumerate(zip([0, *cut], [*cut, rows], strict=True)):
            piece = frame[begin:end]
            if split == 1:
                path = self.root / f"{name}.{self.form}"
            else:
                path = folder / f"part={'ab'[part % 2]}" / f"{part} of [{split}].{self.form}"
            path.parent.mkdir(parents=True, exist_ok=True)
            piece.write_parquet(path) if self.form == "parquet" else self._csv(piece, path)
        return f"{name}.{self.form}" if split == 1 else name

    def _frame(self, rows: int) -> pl.DataFrame:
        r = self.random
        gaps = r.choice([0.0, 0.0, 0.3])

        def column(draw: Any) -> list[Any]:
            return [None if r.random() < gaps else draw() for _ in range(rows)]

        whole = WHOLE if r.random() < 0.3 else WHOLE[:6]
        numbers = NUMBERS if r.random() < 0.5 else NUMBERS[:5]
        start = datetime(2026, 3, 28)
        moments = [start + timedelta(minutes=30 * k, microseconds=k % 3) for k in range(110)]
        unit = r.choice(["us", "us", "ms", "ns"])
        zone = "UTC" if self.zoned else None
        floating = self.form == "parquet" and r.random() < 0.3
        return pl.DataFrame(
            {
                "id": pl.Series(range(rows), dtype=pl.Int32),
                "n": pl.Series(column(lambda: r.choice([0.0, 1.0, 2.5, math.nan])), dtype=pl.Float64)
                if floating
                else pl.Series(column(lambda: r.choice(whole)), dtype=pl.Int64),
                "x.y": pl.Series(column(lambda: r.choice(numbers)), dtype=pl.Float64),
                "t": pl.Series(column(lambda: r.choice(TEXTS)), dtype=pl.String),
                "note": pl.Series(column(lambda: r.choice(PERSONS + TEXTS)), dtype=pl.String),
                "b": pl.Series(column(lambda: r.random() < 0.7), dtype=pl.Boolean),
                "d": pl.Series(column(lambda: DAY + timedelta(r.randint(0, 4))), dtype=pl.Date),
                "at": pl.Series(column(lambda: r.choice(moments)), dtype=pl.Datetime(unit, zone)),
                "seen": pl.Series(column(lambda: r.choice(moments)), dtype=pl.Datetime("us", zone)),
                "late": pl.Series([r.choice([0, 0, 1]) for _ in range(rows)], dtype=pl.Int8),
            }
        )

    def _csv(self, frame: pl.DataFrame, path: Path) -> None:
        """With some cells that are not of their type."""
        r = self.random
        zone = "Z" if self.zoned else ""
        times = [pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.6f" + zone) for name in ("at", "seen")]
        text = frame.with_columns(times).with_columns(pl.all().cast(pl.String))
        rows = [list(row) for row in text.rows()]
        for row in rows:
            if r.random() < 0.1:
                row[r.randrange(1, 9)] = r.choice(["x", "1.5", "TRUE", "2026-02-30", "1,5", " 3 ", "3.0"])
        broken = pl.DataFrame(rows, schema=dict.fromkeys(text.columns, pl.String), orient="row")
        broken.write_csv(path, separator=";", line_terminator=r.choice(["\n", "\r\n"]))

    def policy(self) -> str:
        """YAML, which JSON is."""
        r = self.random
        data: dict[str, Any] = {
            **self.path,
            "columns": {name: self._rule(name) for name in TYPES if name == "id" or r.random() < 0.8},
            "show": {"rows": r.choice([0, 3, 100]), "values": r.random() < 0.7},
            "extra": r.choice(["allow", "warn", "fail"]),
            "label": "late",
            "drift": self._drift(),
            "leakage": {"keys": ["id"]} if r.random() < 0.5 else {"rows": {"max": 0}},
        }
        if self.form == "csv":
            data["csv"] = {"delimiter": ";", "nulls": r.choice([[""], ["", "NA"]])}
        if r.random() < 0.5:
            data["leakage"]["target_correlation"] = {"max": 0.9}
        if self.number % 2 == 0:
            data["leakage"]["known_by"] = {"event": "at", "columns": ["seen"]}
        for key, value in (
            ("key", r.choice([["id"], ["t", "d"], ["x.y"]])),
            ("rows", {"min": 3, "max": 50}),
            ("fresh", {"column": "seen", "within": "2d"}),
            ("duplicates", {"max": 0}),
            ("rules", {f"rule{k}": rule for k, rule in enumerate(r.sample(RULES, 3))}),
            ("balance", {"min": 0.2}),
            ("split", {"time": "at"}),
            (
                "personal",
                {
                    "action": r.choice(["warn", "fail"]),
                    "kinds": r.choice([["email", "card"], ["email", "phone", "card", "iban", "ip"]]),
                    **r.choice([{}, {"allowed_in": ["t"]}]),
                },
            ),
        ):
            if r.random() < 0.6:
                data[key] = value
        whole = {"version": 1, "model": {"name": "m", "task": "binary"}, "data": data}
        return json.dumps(whole, ensure_ascii=True)

    def _drift(self) -> dict[str, Any]:
        """Every distance, with limits among which some are met."""
        r = self.random
        distances = {name: {"max": r.choice([0.01, 0.2, 0.5])} for name in ("psi", "ks", "js", "wasserstein")}
        if r.random() < 0.3:
            del distances["wasserstein"]
        columns = r.choice([{}, {"columns": ["d", "at", "x.y", "t", "b"]}, {"ignore": ["n"]}])
        return {
            "against": self.path["test"],
            "new_categories": {"max": r.choice([0, 0.1])},
            **distances,
            **columns,
        }

    def _rule(self, name: str) -> dict[str, Any]:
        r, rule = self.random, self._own_rule(name)
        limited = rule["type"] != "any" or rule.keys() & {"min", "one_of", "pattern", "length"}
        return rule | {"unlike": {"max": 0.1}} if limited and r.random() < 0.3 else rule

    def _own_rule(self, name: str) -> dict[str, Any]:
        r, type_ = self.random, TYPES[name]
        given = [type_] if type_ == "timestamp" else [type_, type_, "any"]
        rule: dict[str, Any] = {"type": r.choice(given)}
        if name in ("n", "note") and r.random() < 0.2:
            rule["type"] = "number" if name == "n" else "integer"
        if r.random() < 0.3:
            rule["nulls"] = {"max": r.choice([0.1, 1])}
        if r.random() < 0.2:
            rule["hide"] = True
        if r.random() < 0.3:
            rule["unique"] = True
        if rule["type"] != type_:
            return rule
        if type_ in ("integer", "number") and r.random() < 0.7:
            rule |= {"min": 0, "max": r.choice([1, 3, 7])}
        if name == "n" and r.random() < 0.3:
            rule["one_of"] = [0, 1, 2]
        if type_ in ("date", "timestamp") and r.random() < 0.5:
            rule |= {"min": "2026-03-29", "max": "2026-03-31"}
        if type_ == "timestamp" and not self.zoned and r.random() < 0.5:
            rule["zone"] = "Europe/Berlin"
        if type_ == "string" and r.random() < 0.7:
            rule |= r.choice(
                [{"one_of": TEXTS[1:6]}, {"pattern": r.choice(PATTERNS)}, {"length": {"min": 1, "max": 3}}]
            )
        return rule
