"""Decisions as they come from real trials: late flights, sixteen carriers."""

from seatrial.decision import (
    Check,
    DataFile,
    Decision,
    Interval,
    Limit,
    Model,
    Outcome,
    Place,
    PolicySource,
    Subject,
    WaiverUsed,
    verdict_of,
)

CARRIERS = {
    "UA": (12_412, 0.006),
    "B6": (11_950, 0.004),
    "EV": (11_208, -0.001),
    "DL": (10_122, 0.003),
    "AA": (7_011, 0.002),
    "MQ": (5_318, 0.0),
    "US": (4_303, 0.005),
    "9E": (3_966, -0.006),
    "WN": (2_646, -0.004),
    "VX": (1_138, 0.008),
    "FL": (702, -0.011),
    "AS": (164, 0.021),
    "F9": (151, -0.017),
    "YV": (120, 0.03),
    "HA": (72, -0.02),
    "OO": (9, None),
}
SHA = "5f2c9d1e7a64b8034c1d2e9f60718293a4b5c6d7"
BASE = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"


def check(
    metric="roc_auc",
    kind="margin",
    limit=0.005,
    *,
    outcome=Outcome.PASSED,
    value=0.742,
    baseline=0.740,
    low=-0.001,
    high=0.005,
    n=84_192,
    slice=None,
    line=12,
    direction=None,
    p=None,
    **more,
):
    direction = direction or ("lower" if metric in ("log_loss", "latency_p95", "size", "ece") else "higher")
    name = f"evaluate/{metric}/{kind}" + (f"/{slice}" if slice else "")
    evidence = {"direction": direction, "alpha": 0.05}
    if p is not None:
        evidence |= {"family": metric, "p": p / 4, "p_adjusted": p}
    difference = None if value is None or baseline is None else round(value - baseline, 9)
    fields = {
        "id": name,
        "metric": metric,
        "slice": slice,
        "outcome": outcome,
        "value": value,
        "baseline": baseline,
        "difference": difference,
        "interval": None if low is None and high is None else Interval(low=low, high=high),
        "level": 0.9,
        "n": n,
        "limit": Limit(kind=kind, value=limit),
        "evidence": evidence,
        "location": Place(file="seatrial.yml", line=line, column=5),
    }
    return Check(**(fields | more))


def unmeasured(metric, kind, limit, outcome, reason, **more):
    return check(
        metric,
        kind,
        limit,
        outcome=outcome,
        value=None,
        baseline=None,
        low=None,
        high=None,
        reason=reason,
        **({"n": None, "level": None, "evidence": {}} | more),
    )


def slices(failing=(), kind="margin", limit=0.02):
    found = []
    for carrier, (n, shift) in CARRIERS.items():
        if shift is None:
            found.append(
                unmeasured(
                    "roc_auc",
                    kind,
                    limit,
                    Outcome.SKIPPED,
                    f"{n} rows, fewer than min_rows 50",
                    slice=f"carrier={carrier}",
                    n=n,
                    line=15,
                )
            )
            continue
        half = round(0.55 / n**0.5, 4)
        difference = -0.061 if carrier in failing else shift
        low, high = difference - half, difference + half
        outcome = (
            Outcome.PASSED if low >= -limit else Outcome.FAILED if high < -limit else Outcome.INCONCLUSIVE
        )
        more = (
            {"needed": int((half / max(abs(limit + difference), 0.004)) ** 2 * n * 2.3)}
            if (outcome is Outcome.INCONCLUSIVE)
            else {}
        )
        found.append(
            check(
                "roc_auc",
                kind,
                limit,
                outcome=outcome,
                value=round(0.72 + difference, 6),
                baseline=0.72,
                low=low,
                high=high,
                n=n,
                slice=f"carrier={carrier}",
                line=15,
                p=0.0004 if outcome is Outcome.FAILED else 0.31,
                resolvable=half * 1.5,
                **more,
            )
        )
    return found


def decision(checks, *, waivers=(), gate="evaluate", name="flight-delay", changed=False, **more):
    waived = frozenset(w.check for w in waivers)
    return Decision(
        gate=gate,
        verdict=verdict_of(checks, waived),
        model=Model(name=name, digest="9c" * 32),
        subject=Subject(
            repository="acme/flights",
            pull_request=42,
            head=SHA,
            base=BASE,
            run="https://github.com/acme/flights/actions/runs/811",
            attempt=1,
        ),
        policy=PolicySource(ref=BASE, sha256="ab" * 32, changed=changed),
        data=(
            DataFile(path="data/test.parquet", sha256="cd" * 32, rows=84_192),
            DataFile(path="build/predictions.parquet", sha256="ef" * 32, rows=84_192),
        ),
        tool="seatrial 0.1.0",
        seed=7,
        checks=tuple(checks),
        waivers=tuple(waivers),
        **more,
    )


def overall_checks(**first):
    return [
        check(**first),
        check("roc_auc", "min", 0.70, low=0.738, high=0.746, line=12),
        check("log_loss", "max", 0.62, value=0.4412, baseline=0.4433, low=0.4371, high=0.4454, line=13),
        check("ece", "max", 0.03, value=0.0121, baseline=0.0135, low=0.0094, high=0.0149, line=14),
        check(
            "latency_p95",
            "max",
            0.005,
            value=0.00184,
            baseline=None,
            low=0.00171,
            high=0.00202,
            n=2_000,
            line=17,
            level=0.95,
        ),
        check(
            "size",
            "max",
            20e6,
            value=1_431_002,
            baseline=None,
            low=None,
            high=None,
            n=None,
            level=None,
            line=17,
        ),
    ]


def passed():
    few = [c for c in slices() if c.outcome in (Outcome.PASSED, Outcome.SKIPPED)]
    return decision(overall_checks() + few)


def failed():
    first = {"outcome": Outcome.FAILED, "value": 0.728, "low": -0.018, "high": -0.006, "resolvable": 0.009}
    found = overall_checks(**first) + slices(failing=("EV",))
    found.append(unmeasured("mcc", "min", 0.3, Outcome.ERROR, "nothing is predicted positive at cut 0.5"))
    return decision(found)


def inconclusive(**more):
    first = {
        "outcome": Outcome.INCONCLUSIVE,
        "value": 0.737,
        "low": -0.0183,
        "high": 0.0042,
        "n": 2_000,
        "needed": 6_353,
        "resolvable": 0.01214,
    }
    skip = unmeasured("f1", "margin", 0.01, Outcome.SKIPPED, "no baseline: this is the first release")
    return decision([check(**first), *overall_checks()[1:], skip], **more)


def waived(**more):
    first = {"outcome": Outcome.FAILED, "value": 0.728, "low": -0.018, "high": -0.006}
    waiver = WaiverUsed(check="evaluate/roc_auc/margin", reason="B6 joins in March", until="2027-03-31")
    return decision(overall_checks(**first), waivers=[waiver], **more)


def advisory():
    return failed().model_copy(update={"mode": "advisory"})


def many(count=5_000):
    """A family of slices far past any comment's size."""
    found = overall_checks(outcome=Outcome.FAILED, value=0.728, low=-0.018, high=-0.006)
    for i in range(count):
        outcome = Outcome.FAILED if i % 10 == 0 else Outcome.PASSED
        found.append(
            check(
                "roc_auc",
                "margin",
                0.02,
                outcome=outcome,
                slice=f"tail_number=N{i:05d}",
                p=0.01,
                value=0.70 if i % 10 == 0 else 0.74,
                low=-0.06 if i % 10 == 0 else -0.01,
                high=-0.03 if i % 10 == 0 else 0.01,
                n=600,
            )
        )
    return decision(found)
