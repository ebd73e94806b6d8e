"""Decisions of the data gate as they come from real trials: flights, twenty-five columns, a reference."""

from itertools import pairwise

from late_flights import decision

from seatrial.decision import Check, DataFile, Interval, Limit, Outcome, Place, WaiverUsed

TRAIN, TEST = 252_584, 84_192
TYPES = {
    "flight_id": "integer",
    "scheduled_at": "timestamp",
    "carrier": "string",
    "tail_number": "string",
    "origin": "string",
    "destination": "string",
    "distance": "number",
    "dep_hour": "integer",
    "dep_delay": "number",
    "taxi_out": "number",
    "temperature": "number",
    "dew_point": "number",
    "humidity": "number",
    "wind_dir": "number",
    "wind_speed": "number",
    "wind_gust": "number",
    "precipitation": "number",
    "pressure": "number",
    "visibility": "number",
    "seats": "integer",
    "engines": "integer",
    "year_built": "integer",
    "holiday": "boolean",
    "remark": "string",
    "late": "boolean",
}


def part(data, rows, count=0, at=(), **more):
    return {"data": data, "rows": rows, "count": count, **({"at": list(at)} if at else {}), **more}


def faults(column, metric, *, train=0, test=0, accepted=0.0, at=(), line=20, words=None, **evidence):
    """A check that counts rows, with its outcome as the gate would find it."""
    counts = {"train": (train, TRAIN), "test": (test, TEST)}
    over = [name for name, (count, of) in counts.items() if count > accepted * of]
    parts = [part(name, of, count, at if name in over else ()) for name, (count, of) in counts.items()]
    named = f" (rows {', '.join(str(row) for row in at)}, …)" if at else ""
    said = "; ".join(
        f"{counts[n][0]:,} of {counts[n][1]:,} rows of {n} {words or 'break the rule'}{named}" for n in over
    )
    warn = bool(over) and evidence.get("action") == "warn"
    return Check(
        id=f"data/{column}/{metric}" if column else f"data/{metric}",
        metric=metric,
        column=column,
        outcome=Outcome.FAILED if over and not warn else Outcome.PASSED,
        warn=warn,
        reason=said or None,
        value=max(count / of for count, of in counts.values()),
        n=TRAIN + TEST,
        limit=Limit(kind="max", value=accepted),
        location=Place(file="seatrial.yml", line=line, column=5),
        evidence={"shape": "faults", "action": "fail", "parts": parts, **evidence},
    )


def drifted(column, value, half, bins, *, metric="psi", most=0.25, warn=0.1, line=60, mend=None, **more):
    low, high = max(0.0, round(value - half, 4)), round(value + half, 4)
    outcome = Outcome.FAILED if low > most else Outcome.PASSED if high <= most else Outcome.INCONCLUSIVE
    warned = outcome is Outcome.PASSED and value > warn
    return Check(
        **{
            "id": f"data/{column}/{metric}",
            "metric": metric,
            "column": column,
            "outcome": outcome,
            "warn": warned,
            "reason": f"{value}: beyond the warning at {warn}" if warned else None,
            "value": value,
            "interval": Interval(low=low, high=high),
            "level": 0.95,
            "n": TRAIN,
            "limit": Limit(kind="max", value=most),
            "location": Place(file="seatrial.yml", line=line, column=5),
            "evidence": {"shape": "drift", "distance": metric, "alpha": 0.05, "warn": warn, **bins}
            | ({"mend": mend} if mend else {}),
            **more,
        }
    )


def numbers_bins(edges, current, missing=(0, 0)):
    """Ten bins of numbers: nine bounds, all of the reference alike."""
    labels = [f"to {edges[0]:g}", *(f"{a:g} to {b:g}" for a, b in pairwise(edges)), f"over {edges[-1]:g}"]
    counts = {"reference": [24_000] * len(current) + [missing[0]], "current": [*current, missing[1]]}
    return {"labels": [*labels, "missing"], **counts}


def quiet(column, kind, line):
    """A column with nothing the matter."""
    found = [
        faults(column, "nulls", train=12 if kind == "number" else 0, accepted=0.001, line=line),
        faults(column, "type", line=line, wanted=kind),
    ]
    if kind == "number":
        found += [faults(column, "nan", line=line), faults(column, "infinite", line=line)]
    if kind in ("number", "integer"):
        found.append(faults(column, "min", line=line))
    return found


def checks():
    """All that the policy asks, with nothing the matter."""
    found = []
    for i, (column, kind) in enumerate(TYPES.items()):
        found += quiet(column, kind, 20 + i)
        if kind == "number":
            edges = [10.0 * k for k in range(1, 10)]
            found.append(
                drifted(column, 0.004, 0.003, numbers_bins(edges, [24_000 + 60 * k for k in range(10)]))
            )
    found += [
        faults(None, "duplicates", line=80),
        amount("rows_min", "rows/min", 84_192.0, "min", 10_000.0),
        amount("fresh", "fresh", 3.2 * 86_400.0, "max", 45 * 86_400.0),
        amount("balance", "balance", 0.228, "min", 0.05),
        faults(None, "rule", accepted=0.0001, train=3, line=84).model_copy(
            update={"id": "data/rules/arrives"}
        ),
        faults(None, "split", line=88),
    ]
    return found


def amount(metric, path, value, kind, limit, **more):
    fields = {
        "id": f"data/{path}",
        "metric": metric,
        "outcome": Outcome.PASSED,
        "value": value,
        "limit": Limit(kind=kind, value=limit),
        "location": Place(file="seatrial.yml", line=81, column=3),
        "evidence": {"shape": metric.split("_")[0], "action": "fail", "parts": [part("train", TRAIN, TRAIN)]},
    }
    return Check(**(fields | more))


def personal(column, count):
    said = f"{count:,} of {TRAIN:,} rows of train hold an e-mail address"
    parts = [{"data": "train", "rows": TRAIN, "kinds": {"email": count}}]
    mend = {"path": ["data", "personal", "allowed_in"], "value": [column]}
    return Check(
        id=f"data/{column}/personal",
        metric="personal",
        column=column,
        outcome=Outcome.PASSED,
        warn=True,
        reason=said,
        value=count / TRAIN,
        n=TRAIN,
        location=Place(file="seatrial.yml", line=44, column=3),
        evidence={"shape": "personal", "action": "warn", "parts": parts, "mend": mend},
    )


CARRIERS = ["9E", "AA", "AS", "B6", "DL", "EV", "UA", "US", "WN"]


def loud():
    """Four failed, three drifted (two of them too far), two warnings."""
    mended = {"path": ["data", "columns", "carrier", "one_of"], "value": [*CARRIERS, "VX", "F9"]}
    edges = [184.0, 229.0, 427.0, 529.0, 762.0, 872.0, 1_023.0, 1_147.0, 1_587.0]
    moved = [9_800, 11_200, 14_000, 17_500, 21_000, 26_000, 29_800, 33_000, 36_700, 53_584]
    carriers = {
        "labels": ["UA", "B6", "EV", "DL", "AA", "MQ", "US", "other", "new", "missing"],
        "reference": [43_000, 41_000, 40_600, 36_000, 24_500, 19_800, 15_000, 32_684, 0, 0],
        "current": [68_000, 21_000, 12_600, 51_000, 37_500, 9_800, 16_000, 24_338, 12_346, 0],
    }
    gusts = [19_000, 20_000, 21_000, 22_500, 24_000, 25_500, 27_000, 29_000, 31_000, 33_584]
    return [
        faults("carrier", "one_of", train=12_346, test=2_011, at=(5, 17, 23, 31, 60), line=22,
               words="hold a value that is not in the set", mend=mended),
        faults("distance", "nulls", train=1_234, accepted=0.001, at=(1_402, 1_403, 9_870), line=27,
               words="have no value",
               mend={"path": ["data", "columns", "distance", "nulls", "max"], "value": 0.005}),
        drifted("distance", 0.412, 0.021, numbers_bins(edges, moved),
                mend={"path": ["data", "drift", "ignore"], "value": ["distance"]}),
        drifted("carrier", 0.318, 0.014, carriers),
        drifted("wind_gust", 0.131, 0.011, numbers_bins(list(range(4, 40, 4)), gusts, (2_000, 9_000))),
        personal("remark", 318),
    ]  # fmt: skip


def failed(**more):
    found = {check.id: check for check in checks()}
    for check in loud():
        known = found.get(check.id)
        found[check.id] = (
            check
            if known is None
            else check.model_copy(update={"location": known.location, "evidence": {**check.evidence}})
        )
    return trial(list(found.values()), **more)


def trial(found, **more):
    """A Decision of the data gate over these checks."""
    made = decision(found, gate="data", **more)
    data = (
        DataFile(path="data/train.parquet", sha256="cd" * 32, rows=TRAIN),
        DataFile(path="data/test.parquet", sha256="ef" * 32, rows=TEST),
    )
    return made.model_copy(update={"data": data})


def passed(**more):
    return trial(checks(), **more)


def warned():
    found = {check.id: check for check in checks()}
    found |= {check.id: check for check in loud() if check.warn}
    return trial(list(found.values()))


def waived():
    found = {check.id: check for check in checks()} | {loud()[0].id: loud()[0]}
    waiver = WaiverUsed(check="data/carrier/one_of", reason="B6 joins in March", until="2027-03-31")
    return trial(list(found.values()), waivers=[waiver])


def many(columns=250, failing=60):
    """More columns than anyone reads one by one."""
    found = []
    for i in range(columns):
        name, line = f"sensor_{i:03d}", 20 + i
        found += [
            faults(name, "nulls", train=77 * (i + 1) if i < failing else 0, at=(3, 9), line=line,
                   words="have no value"),
            faults(name, "type", line=line),
            faults(name, "min", line=line),
            drifted(name, 0.3 if i < failing else 0.01, 0.004, numbers_bins(
                [float(k) for k in range(1, 10)], [20_000 + 900 * k for k in range(10)]), line=line),
        ]  # fmt: skip
    return trial(found)


def hostile(value):
    """A Decision with the same hostile string in every place of a data check that takes one."""
    value = value.encode("utf-8", "replace").decode()[:1_900]
    mend = {"path": ["data", "columns", value, "one_of"], "value": [value, "AA"]}
    labels = {
        "labels": [value, value, "other", "missing"],
        "reference": [9, 9, 1, 0],
        "current": [1, 9, 9, 0],
    }
    base = faults("x", "one_of", train=3)
    found = [
        base.model_copy(update={"id": f"data/{value}/a"[:2_000], "column": value, "reason": value,
                                "evidence": {**base.evidence, "mend": mend, "wanted": value}}),
        base.model_copy(update={"id": f"data/rules/{value}"[:2_000], "column": None, "reason": value}),
        base.model_copy(update={"id": "data/b", "metric": value, "column": value, "warn": True,
                                "outcome": Outcome.PASSED, "reason": value}),
        base.model_copy(update={"id": "data/c", "column": value, "outcome": Outcome.ERROR, "reason": value}),
        base.model_copy(update={"id": "data/d", "column": value, "outcome": Outcome.SKIPPED,
                                "reason": value}),
        faults(value[:900], "type", wanted=value, mend=mend),
        drifted(value[:900], 0.4, 0.01, labels),
        drifted(value[:900], 0.12, 0.01, labels, metric="js"),
        faults("x", "nulls", parts=[{"data": value, "rows": 3, "count": 1}], train=1, accepted=0.5),
    ]  # fmt: skip
    waiver = WaiverUsed(check="data/c", reason=value, until=value)
    return trial(found, waivers=[waiver], notes=(value,), name=value)
