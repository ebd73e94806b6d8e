from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.policy.units import DURATIONS, SIZES, BadUnit, duration, percentage, size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5ms", 0.005),
        ("250us", 0.00025),
        ("60s", 60),
        ("10m", 600),
        ("1.5h", 5400),
        ("45d", 45 * 86400),
        ("10 m", 600),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "count"),
    [("1B", 1), ("20MB", 20_000_000), ("4GiB", 4 * 2**30), ("1.5KB", 1500), ("0.5 MiB", 2**19)],
)
def test_sizes(text: str, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize(
    ("value", "share"),
    [("0.5%", 0.005), ("95%", 0.95), ("100 %", 1.0), ("-2%", -0.02), (0.25, 0.25), (3, 3.0)],
)
def test_percentages(value: object, share: float) -> None:
    assert percentage(value) == share


@given(st.integers(1, 10**4), st.integers(0, 999), st.sampled_from(sorted(DURATIONS)))
def test_a_duration_is_its_number_times_its_unit(whole: int, thousandths: int, unit: str) -> None:
    if unit == "d":
        whole %= 3000
    expected = (whole * 1000 + thousandths) * int(DURATIONS[unit] * 1_000_000) / 1000
    if expected < 1:
        return
    assert duration(f"{whole}.{thousandths:03}{unit}") == timedelta(microseconds=round(expected))


@given(st.integers(1, 1000), st.sampled_from(sorted(SIZES)))
def test_a_size_is_its_number_times_its_unit(number: int, unit: str) -> None:
    if number * SIZES[unit] <= 2**50:
        assert size(f"{number}{unit}") == number * SIZES[unit]


@given(st.integers(-(10**6), 10**6))
def test_a_percentage_is_the_nearest_number_to_its_hundredth(thousandths: int) -> None:
    assert percentage(f"{thousandths / 1000:.3f}%") == thousandths / 100_000


@given(st.one_of(st.text(), st.none(), st.booleans(), st.floats(), st.integers(), st.lists(st.text())))
def test_anything_else_is_a_bad_unit_on_one_line(value: object) -> None:
    for read in (duration, size, percentage):
        try:
            found = read(value)
        except BadUnit as error:
            assert str(error).isprintable()
            assert len(str(error)) < 400
        else:
            assert isinstance(found, float | int | timedelta)


@pytest.mark.parametrize(
    "text", ["", "5", "ms", "5 5ms", "-5ms", "5e3ms", "\u0665ms", "5ms\n", "9" * 30 + "s"]
)
def test_what_is_no_duration_names_the_units(text: str) -> None:
    with pytest.raises(BadUnit, match=r"us, ms, s, m, h, d"):
        duration(text)


@pytest.mark.parametrize("text", ["0s", "4000d", "0.0000001s"])
def test_durations_out_of_range(text: str) -> None:
    with pytest.raises(BadUnit, match="from 1us to 3650d"):
        duration(text)


@pytest.mark.parametrize("text", ["0B", "0.1B", "2000TiB"])
def test_sizes_out_of_range(text: str) -> None:
    with pytest.raises(BadUnit, match="from 1B to 1024TiB"):
        size(text)


def test_a_unit_in_the_wrong_case_is_named() -> None:
    with pytest.raises(BadUnit, match="write 20MB"):
        size("20mb")
    with pytest.raises(BadUnit, match="write 5ms"):
        duration("5MS")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, None, "0.95", [0.5]])
def test_what_is_no_share(value: object) -> None:
    with pytest.raises(BadUnit, match="expected a"):
        percentage(value)


def test_a_number_in_quotes_is_told_to_lose_them() -> None:
    with pytest.raises(BadUnit, match="without quotes"):
        percentage("0.95")
