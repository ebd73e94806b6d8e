"""A drafted policy: valid whatever was measured, with reasons, and with nothing in it that is private."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seatrial.gates.drafting.page import Repository, page
from seatrial.gates.drafting.seen import Column, Part, Seen
from seatrial.policy import parse
from seatrial.policy.model import Policy

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HERE = Repository("flight-delay")


def column(name: str, type: str = "number", rows: int = 1_000, **part: Any) -> Column:
    """A column of train alone."""
    zone, personal = part.pop("zone", None), part.pop("personal", ())
    return Column(name, type, {"train": Part(rows, **part)}, personal, zone)


def counted(**rows: int) -> dict[str, Any]:
    return {"classes": tuple(rows.items()), "distinct": len(rows)}


def seen(*columns: Column, **given: Any) -> Seen:
    return Seen(
        **{"files": {"train": "data/train.csv"}, "rows": {"train": 1_000}, "columns": columns, **given}
    )


def drafted(found: Seen, here: Repository = HERE) -> tuple[str, Policy]:
    text = page(found, here, NOW)
    return text, parse(text)


def line_of(text: str, start: str) -> str:
    return next(line.strip() for line in text.splitlines() if line.strip().startswith(start))


def test_a_column_without_a_name_is_told_by_its_place() -> None:
    text, policy = drafted(seen(column("a"), column("", "string", personal=("email",)), column("b")))
    assert list(policy.data.columns) == ["a", "b"]
    assert (
        line_of(text, "# Names")
        == "# Names that no policy can hold, so not named: column 2 (its name is blank)"
    )
    assert '# found in ""; where' in text


def test_each_kind_of_column_gets_its_rule_and_the_reason() -> None:
    text, _ = drafted(
        seen(
            column("flight_id", "string"),
            column("distance", extremes=(17.0, 4_983.0)),
            column(
                "hour", "integer", extremes=(0, 23), classes=tuple((h, 9) for h in range(24)), distinct=24
            ),
            column("arrival_hour", "integer", extremes=(5, 22)),
            column("minute", "integer", extremes=(0, 720)),
            column("zip", "integer", extremes=(501, 99_950)),
            column("carrier", "string", nulls=20, **counted(UA=500, AA=480)),
            column("note", "string", **counted(late=996, odd=4)),
            column("ratio", nan=3, infinite=1, extremes=(0.0, float("inf"))),
            column(
                "scheduled_at",
                "timestamp",
                zone="UTC",
                extremes=("2013-03-01T05:15:00Z", "2026-05-03T01:00:00Z"),
            ),
            column("empty", "any", nulls=1_000),
            column("flag", "boolean"),
            key=("flight_id",),
        )
    )
    rules = {name: line_of(text, f"{name}:").partition("{")[2] for name in ("distance", "hour", "carrier")}
    assert rules["distance"].startswith("type: number, min: 0, max: 5500}")
    assert rules["distance"].endswith("# 17 to 4983 now")
    assert rules["hour"].startswith("type: integer, min: 0, max: 23}")
    assert rules["hour"].endswith("# hours, by their range")
    assert "min: 0, max: 23}" in line_of(text, "arrival_hour:")
    assert "min: 0, max: 800}" in line_of(text, "minute:")
    assert rules["carrier"].startswith("type: string, one_of: [AA, UA], nulls: {max: 3%}}")
    assert rules["carrier"].endswith("# 2.0 % missing now")
    assert line_of(text, "flight_id:") == "flight_id:    {type: string}"
    assert line_of(text, "zip:") == "zip:          {type: integer}"
    assert line_of(text, "note:") == "note:         {type: string}"
    assert "{type: number, nan: {max: 0.5%}, infinite: {max: 0.2%}}" in line_of(text, "ratio:")
    assert '{type: timestamp, zone: UTC, min: "2013-01-01T00:00:00Z"}' in line_of(text, "scheduled_at:")
    assert "{type: any, nulls: {max: 100%}}" in line_of(text, "empty:")
    assert line_of(text, "key:").startswith("key: [flight_id]")
    assert line_of(text, "rows:").startswith("rows: {min: 800}")
    assert line_of(text, "fresh:").startswith("fresh: {column: scheduled_at, within: 7d}")


def test_a_column_with_infinities_gets_no_bound_that_they_would_pass() -> None:
    _, policy = drafted(
        seen(column("ratio", infinite=3, extremes=(0.5, 2.0)), column("x", extremes=(0.5, 2.0)))
    )
    ratio, x = policy.data.columns["ratio"], policy.data.columns["x"]
    assert (ratio.min, ratio.max) == (None, None)
    assert x.min is not None and x.max is not None


def test_a_range_is_told_in_numbers_however_small_they_are() -> None:
    text, _ = drafted(seen(column("x", extremes=(-3.0, 5.5878e-154))))
    assert "# -3 to 5.588e-154 now" in text


def test_what_looks_personal_is_hidden_and_none_of_its_values_are_written() -> None:
    text, policy = drafted(
        seen(
            column(
                "contact",
                "string",
                personal=("email",),
                **counted(**{"ann@example.org": 600, "bo@example.org": 400}),
            ),
            column("surname", "string", **counted(Miller=600, Smith=400)),
            column("date_of_birth", "date", extremes=("1931-07-09", "2008-02-29")),
        )
    )
    assert all(policy.data.columns[name].hide for name in ("contact", "surname", "date_of_birth"))
    assert not any(value in text for value in ("ann", "Miller", "Smith", "1931", "2008"))
    assert "looks personal (email): values are never shown" in text
    assert policy.data.personal is not None
    assert policy.data.personal.action == "warn"


def test_the_label_makes_the_task_the_classes_and_the_balance() -> None:
    label = Column(
        "late",
        "string",
        {"train": Part(1_000, **counted(yes=210, no=790)), "test": Part(500, **counted(yes=90, no=410))},
    )
    both = {"files": {"train": "a.csv", "test": "b.csv"}, "rows": {"train": 1_000, "test": 500}}
    here = Repository("m", model="build/model.onnx")
    text, policy = drafted(seen(label, label="late", task="binary", told={"x": 0.42}, **both), here)
    assert policy.evaluate is not None
    assert policy.evaluate.positive == "yes"
    assert policy.evaluate.metrics["roc_auc"].min == 0.5
    assert policy.data.balance is not None
    assert policy.data.balance.min == 0.09
    assert policy.data.columns["late"].one_of == ("no", "yes")
    assert policy.data.leakage is not None
    assert policy.data.leakage.target_correlation is not None
    assert "x tells 0.42 of late" in text


def test_a_column_that_gives_the_label_away_is_told_and_no_limit_excuses_it() -> None:
    label = column("late", "integer", extremes=(0, 1), classes=((0, 500), (1, 500)), distinct=2)
    text, policy = drafted(seen(label, label="late", task="binary", told={"arrival_delay": 0.99}))
    assert policy.data.leakage is None
    assert "arrival_delay tells 0.99 of late: a column that gives the label away is a leak" in text


def test_train_before_test_keys_apart_and_rows_apart_are_kept_where_they_are_so() -> None:
    time = Column(
        "at",
        "date",
        {
            "train": Part(9, extremes=("2026-01-01", "2026-03-31")),
            "test": Part(9, extremes=("2026-04-01", "2026-04-30")),
        },
    )
    both = {"files": {"train": "a.csv", "test": "b.csv"}, "rows": {"train": 9, "test": 9}}
    _, apart = drafted(seen(time, shared_rows=0, repeated={"train": 0, "test": 0}, **both))
    assert apart.data.split is not None
    assert apart.data.leakage is not None
    assert apart.data.leakage.rows is not None
    assert apart.data.duplicates is not None
    assert apart.data.fresh is not None  # of test alone, since train is old by intent
    assert apart.data.fresh.within == timedelta(days=14)
    text, mixed = drafted(seen(time, shared_rows=3, repeated={"train": 1, "test": 0}, **both))
    assert mixed.data.leakage is None
    assert "3 rows of test stand in train as they are: is that meant?" in text
    assert mixed.data.duplicates is not None
    assert 1 / 9 <= mixed.data.duplicates.max < 1


def test_what_is_missing_for_an_evaluation_is_told_and_an_example_stands_ready() -> None:
    text, policy = drafted(seen(column("x")), Repository("m", training="make train"))
    assert policy.gates == ("data",)
    assert "Still missing: a label (--label COLUMN); data.test" in " ".join(
        line.removeprefix("# ") for line in text.splitlines()
    )
    assert "# train:\n#   full: {run: make train}" in text
    start = text.index("# evaluate:")
    example = "\n".join(line.removeprefix("# ") for line in text[start:].split("\n\n")[0].splitlines())
    head = "version: 1\nmodel: {name: m, task: binary}\ndata: {test: b.csv}\n"
    assert parse(head + example.replace("COLUMN", "late")).gates == ("evaluation",)


def test_the_drift_section_is_valid_once_its_marks_are_gone() -> None:
    text, _ = drafted(seen(column("x")))
    lines = text.splitlines()
    start = lines.index("  # drift:")
    lines[start : start + 3] = [line.replace("# ", "", 1) for line in lines[start : start + 3]]
    policy = parse("\n".join(lines))
    assert policy.data.drift is not None
    assert "seatrial profile data/train.csv --out data/reference.json" in text


def test_data_of_very_many_columns_make_a_policy_that_can_be_read() -> None:
    wide = seen(*(column(f"feature_{i:05}", nulls=1, extremes=(0.0, 1.5)) for i in range(3_000)))
    text, policy = drafted(wide)
    assert len(policy.data.columns) == 1_000
    assert "2,000 more columns are not named" in text


names = st.one_of(
    st.text(max_size=30), st.sampled_from(["no", "<<", "a: b", "# x", "007", "-", "{", "*", "x" * 201])
)
integers = st.integers(-(2**63), 2**63)
floats = st.floats(allow_nan=False)
times = st.datetimes().map(lambda t: t.isoformat())
dates = st.dates().map(lambda d: d.isoformat())
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "integer": integers,
    "number": floats,
    "string": st.text(max_size=12),
    "boolean": st.booleans(),
    "date": dates,
    "timestamp": times,
    "any": st.nothing(),
}


@st.composite
def columns(draw: st.DrawFn) -> Column:
    type_ = draw(st.sampled_from(sorted(CELLS)))
    cells = CELLS[type_]
    parts = {}
    for source in draw(st.sampled_from([("train",), ("test",), ("train", "test")])):
        ends = sorted(draw(st.lists(cells, min_size=2, max_size=2))) if type_ != "any" else []
        values = draw(st.lists(cells, max_size=5, unique=True)) if type_ != "any" else []
        classes = [(value, draw(st.integers(1, 99))) for value in values]
        parts[source] = Part(
            1_000,
            nulls=draw(st.integers(0, 1_000)),
            nan=draw(st.integers(0, 9)) if type_ == "number" else 0,
            extremes=(ends[0], ends[1]) if ends and draw(st.booleans()) else None,
            classes=tuple(classes) if draw(st.booleans()) else None,
            distinct=len(classes) + draw(st.integers(0, 1)),
        )
    return Column(draw(names), type_, parts, draw(st.sampled_from([(), ("email",)])))


@given(st.lists(columns(), min_size=1, max_size=5, unique_by=lambda c: c.name), st.data())
def test_whatever_was_measured_the_policy_is_valid(found: list[Column], data: st.DataObject) -> None:
    label = data.draw(st.one_of(st.none(), st.sampled_from(found)))
    usable = label is not None and label.name.strip() and len(label.name) <= 200 and label.name.isprintable()
    result = seen(
        *found,
        files={"train": "a.csv", "test": "b.csv"},
        rows={"train": 1_000, "test": 10},
        label=label.name if label is not None and usable else None,
        task=data.draw(st.sampled_from([None, "binary", "multiclass", "regression"])),
        repeated={"train": data.draw(st.integers(0, 9)), "test": 0},
        shared_rows=data.draw(st.integers(0, 9)),
        told={found[0].name: data.draw(st.floats(0, 1))},
    )
    here = Repository("m", data.draw(st.sampled_from([None, "model.onnx"])), None, "python train.py")
    text, policy = drafted(result, here)
    assert policy.data.rows is not None
    # 110, and the two of a mark before lines that are ready to be used.
    assert all(len(line) <= 112 for line in text.splitlines() if line.startswith("#"))
