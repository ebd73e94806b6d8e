"""Limits with room: what was seen always keeps them, and they are what a person would write."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from seatrial.gates.drafting import room

numbers = st.floats(allow_nan=False, allow_infinity=False)
integers = st.integers(-(2**63), 2**64)


@given(st.one_of(st.tuples(numbers, numbers), st.tuples(integers, integers)))
def test_no_bound_cuts_off_what_was_seen(ends: tuple[float, float]) -> None:
    least, largest = sorted(ends)
    found = room.bounds(least, largest)
    if found is None:
        assert least == largest
        return
    assert found[0] <= least
    assert found[1] >= largest
    assert all(isinstance(bound, int) for bound in found) == isinstance(least, int)
    assert not (least >= 0 > found[0])
    assert not (largest <= 0 < found[1])


def test_bounds_are_round_and_lie_a_tenth_of_the_range_beyond() -> None:
    assert room.bounds(17, 4_983) == (0, 5_500)
    assert room.bounds(-43.0, 1_301.0) == (-200.0, 1_500.0)
    assert room.bounds(12.74, 100.0) == (4.0, 100.0)
    assert room.bounds(0.0, 1.0) == (0.0, 1.0)
    assert room.bounds(1_956, 2_013) == (1_950, 2_019)
    assert room.bounds(0, 23) == (0, 26)
    assert room.bounds(5, 5) is None
    assert room.bounds(0.0, float("inf")) is None


@given(st.integers(1, 10**12), st.data())
def test_the_tolerated_share_covers_what_was_seen_and_never_all_of_it(rows: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, rows))
    share = room.tolerated(count, rows)
    assert count <= share * rows * (1 + 1e-12)
    assert (share == 0) == (count == 0)
    if share == 1:
        assert count / rows > 0.98
    assert share <= 1


def test_tolerated_shares_are_round() -> None:
    assert [room.tolerated(count, 1_000) for count in (0, 1, 14, 139, 500, 800, 1_000)] == [
        0.0,
        0.002,
        0.03,
        0.21,
        0.75,
        0.9,
        1.0,
    ]


@given(st.integers(0, 10**12))
def test_counts_of_rows_have_room_both_ways(rows: int) -> None:
    assert room.fewest(rows) <= rows <= room.most(rows)
    assert (room.fewest(rows) == 0) == (rows == 0)


def test_counts_of_rows_are_round() -> None:
    assert [room.fewest(rows) for rows in (82_609, 1_000, 7, 1)] == [66_000, 800, 5, 1]
    assert [room.most(rows) for rows in (82_609, 1_000, 7)] == [110_000, 1_300, 9]


@given(st.floats(1e-12, 1))
def test_the_rarest_class_may_get_rarer(share: float) -> None:
    assert 0 < room.rarest(share) <= share / 2


def test_the_newest_row_may_become_twice_as_old_and_a_day_more() -> None:
    ages = (timedelta(hours=1), timedelta(days=1), timedelta(days=20), timedelta(days=300))
    assert [room.within(age) for age in ages] == [2, 7, 60, None]
    for hours in range(24 * 200):
        days = room.within(timedelta(hours=hours))
        assert days is None or days * 24 >= 2 * hours
