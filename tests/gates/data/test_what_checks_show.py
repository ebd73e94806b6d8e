"""What a check shows of rows and columns, and what it is called."""

from plain_data import BOTH, HEAD, column, decide

from seatrial.decision import Outcome
from seatrial.gates.data.judging import judged
from seatrial.gates.data.measures import Answer

PASSED, FAILED, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED


def test_values_are_shown_where_the_policy_says_so_and_never_of_hidden_columns() -> None:
    show = "  show: {values: true}\n"
    assert (
        column("{min: 5}", 3, type_="integer")["data/c/min"].reason
        == "1 of 1 rows of train are below 5 (row 1)"
    )
    told = column("{min: 5}", 3, type_="integer", show=show)["data/c/min"]
    assert told.reason == "1 of 1 rows of train are below 5 (row 1: 3)"
    hidden = column("{pattern: '[a-z]+', hide: true}", "SECRET", show=show)
    assert "SECRET" not in "".join(check.model_dump_json() for check in hidden.values())
    assert hidden["data/c/pattern"].outcome is FAILED


def test_no_value_is_anywhere_without_leave() -> None:
    policy = BOTH + (
        "  label: c\n  balance: {min: 40%}\n  duplicates: {max: 0}\n  leakage: {rows: {max: 0}}\n"
        "  columns: {c: {type: string, one_of: [x], pattern: 'x', length: {max: 1}, unique: true}}\n"
    )
    rows = [{"c": "SECRET"}, {"c": "SECRET"}]
    found = decide(policy, train=rows, test=rows)
    assert sum(check.outcome is FAILED for check in found.values()) >= 7
    assert "SECRET" not in "".join(check.model_dump_json() for check in found.values())


def test_rows_that_were_not_read_leave_no_check_passed() -> None:
    found = decide(
        HEAD + "  columns: {c: {type: integer, min: 0}, d: {}}\n",
        train=[{"c": "x", "d": "y"}],
        types={"c": "string"},
        unscanned="its footers refute a rule",
        answers={
            kind: Answer(problem="not read") for kind in ("below", "null", "nan", "infinite", "constant")
        },
    )
    assert found["data/c/type"].outcome is FAILED
    assert found["data/d/nulls"].outcome is SKIPPED
    assert found["data/d/nulls"].reason == "train: the rows were not read, since its footers refute a rule"


def test_names_that_look_alike_have_ids_of_their_own() -> None:
    names = ["x" * 90 + "1", "x" * 90 + "2", "rows"]
    policy = (
        HEAD + f"  rows: {{min: 1}}\n  columns: {{{names[0]}: {{}}, {names[1]}: {{}}, rows: {{min: 0}}}}\n"
    )
    found = decide(policy, train=[dict.fromkeys(names, 1)], types=dict.fromkeys(names, "integer"))
    assert {"data/rows/min", "data/rows/min#2"} <= found.keys()
    assert found["data/rows/min"].column == "rows"
    assert sum("#2" in name for name in found) == 6
    for check in found.values():
        assert judged(check) == check


def test_names_of_any_length_have_checks() -> None:
    name = "n" * 10_000
    policy = HEAD + "  label: y\n  personal: {action: fail}\n  leakage: {target_correlation: {max: 0.5}}\n"
    answers = {
        "personal": Answer(1, detail={name: {"email": 1}}),
        "told": Answer(detail={name: 0.9, name + "2": 0.9}),
    }
    found = decide(policy, train=[{"y": "1", name: "a"}], answers=answers)
    assert [check.outcome for check in found.values()] == [FAILED, FAILED, FAILED, PASSED]
    for check in found.values():
        assert judged(check) == check


def test_so_many_row_numbers_are_told_and_no_more() -> None:
    columns = {f"c{i}": "integer" for i in range(300)}
    policy = HEAD + "  columns:\n" + "".join(f"    {name}: {{type: integer, min: 9}}\n" for name in columns)
    answers = {"below": Answer(1_000, tuple(range(1, 101)))}
    rows = [dict.fromkeys(columns, 1)] * 1_000
    found = decide(policy, train=rows, types=columns, answers=answers).values()
    below = [check for check in found if check.metric == "min"]
    assert {check.outcome for check in below} == {FAILED}
    assert sum("at" in part for check in below for part in check.evidence["parts"]) == 200  # type: ignore[operator,union-attr,misc]
