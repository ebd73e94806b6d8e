"""A Decision may come from anyone: whatever its evidence holds, every surface shows it."""

import late_data as flights
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial.decision import Interval, Limit, Outcome
from seatrial.report import annotations, html, junit, markdown, terminal

METRICS = ["nulls", "type", "one_of", "rule", "psi", "ks", "js", "wasserstein", "new_categories", "drift"]
METRICS += ["rows_min", "rows_change", "fresh", "balance", "personal", "required", "constant", "extra"]
SHAPES = ["faults", "drift", "personal", "rows", "fresh", "required", None]
NUMBERS = st.integers(-3, 3) | st.just(2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=8)
KEYS = st.sampled_from(["path", "value", "data", "rows", "count", "problem", "a", "", "max", "\u202e"])
ANY = st.recursive(SCALARS, lambda x: st.lists(x, max_size=4) | st.dictionaries(KEYS, x, max_size=4))
COUNTS = st.lists(st.integers(-1, 9) | st.just(2**53 - 1), max_size=4)
MENDS = st.fixed_dictionaries({"path": st.lists(KEYS | ANY, max_size=4), "value": ANY})
EVIDENCE = st.fixed_dictionaries(
    {"shape": st.sampled_from(SHAPES)},
    optional={
        "parts": ANY | st.lists(st.dictionaries(KEYS, ANY, max_size=5), max_size=3),
        "labels": ANY | st.lists(SCALARS, max_size=4),
        "reference": ANY | COUNTS,
        "current": ANY | COUNTS,
        "mend": ANY | MENDS,
        "wanted": ANY,
        "warn": ANY,
        "action": ANY,
    },
)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def checks(draw):
    metric, column = draw(st.sampled_from(METRICS)), draw(st.none() | st.sampled_from(["x", "y", "", "|"]))
    base = flights.faults(column, metric, train=1)
    ends = draw(st.none() | st.tuples(st.none() | FINITE, st.none() | FINITE))
    changed = {
        "outcome": draw(st.sampled_from(Outcome)),
        "warn": draw(st.booleans()),
        "reason": draw(st.none() | st.text(max_size=20)),
        "value": draw(st.none() | FINITE),
        "interval": None if ends is None else Interval(low=ends[0], high=ends[1]),
        "limit": draw(
            st.none() | st.builds(Limit, kind=st.sampled_from(["min", "max", "margin"]), value=FINITE)
        ),
        "needed": draw(st.none() | st.integers(1, 10**9)),
        "evidence": draw(EVIDENCE),
    }
    return base.model_copy(update=changed)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(checks(), max_size=4))
def test_every_surface_shows_it(found):
    decision = flights.trial(found)
    body = markdown.comment([decision])
    assert body.startswith("## ") and "### Data: " in body
    assert "<h2" in html.page([decision])
    assert terminal.table([decision], groups=True).startswith(decision.verdict.value.upper())
    assert junit.junit([decision]).startswith(b"<?xml")
    assert len(annotations.annotations([decision])) <= 30
