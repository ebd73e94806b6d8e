"""The data gate in a terminal and in a log: what stands out, with what was found below it."""

import late_data as flights
import late_flights
import pytest
from hostile_strings import HOSTILE

from seatrial.report import terminal


def lines(*decisions, **how):
    return terminal.table(decisions, **how).replace("\u00a0", " ").split("\n")


def test_what_stands_out_and_what_was_found():
    shown = lines(flights.failed())
    assert shown[0] == "FAILED  flight-delay"
    at = shown.index("Data: failed (4 failed, 2 passed with a warning, 106 passed)")
    assert shown[at + 1 : at + 4] == [
        "  column     check     limit          verdict",
        "  distance   nulls     ≤ 0.1 %        failed",
        "    0.49 %: 1,234 of 252,584 rows of train have no value (rows 1402, 1403, 9870, …)",
    ]
    assert "  columns: 2 failed, 2 passed with a warning, 21 passed" in shown
    assert not any("tail_number" in line for line in shown)


def test_in_a_log_every_column_is_folded():
    shown = lines(flights.failed(), groups=True)
    start = shown.index("::group::columns: 2 failed, 2 passed with a warning, 21 passed")
    end = shown.index("::endgroup::")
    assert len(shown[start + 1 : end]) == len(flights.TYPES)
    assert any("tail_number" in line for line in shown[start:end])


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_stay_within_the_width(width):
    named = flights.faults("a_column_with_a_name_that_goes_on_" * 4, "nulls", train=3, words="have no value")
    for decision in (flights.failed(), flights.many(), flights.trial([named])):
        shown = terminal.table([decision], width=width, groups=True).split("\n")
        assert max(terminal.width_of(line) for line in shown if not line.startswith("::")) <= width


def test_hundreds_of_failing_checks_are_cut_and_counted():
    shown = lines(flights.many())
    assert "  20 more: the report names them" in shown and len(shown) < 230


def test_an_undecided_check_says_what_would_decide_it():
    undecided = flights.drifted("x", 0.25, 0.1, {}, needed=6_353)
    assert any(
        "Needs about 6,400 rows; there are 252,584." in line for line in lines(flights.trial([undecided]))
    )


def test_two_gates_one_below_the_other():
    shown = lines(flights.passed(), late_flights.failed())
    assert shown[0] == "FAILED  flight-delay" and shown[1].startswith("roc_auc lost 0.012")
    assert shown.index("Data: passed (109 passed)") < next(
        i for i, s in enumerate(shown) if "Evaluation" in s
    )


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_hostile_data_neither_command_nor_colour(value):
    for line in terminal.table([flights.hostile(value)]).split("\n"):
        assert line.isprintable()
        assert not line.strip().startswith("::") and "##[" not in line
