"""The order's life and its number, as properties."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.orders._rules import NEXT, SERIALS, IllegalTransition, Status, move, number
from xinbo.commerce.orders._rules import serial_of as serial_of_number

serials = st.integers(1, SERIALS - 1)
moments = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 # the strategy adds the zone
    datetime(2099, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(st.lists(st.sampled_from(Status)))
def test_an_ended_order_never_moves_again(wishes: list[Status]) -> None:
    now = Status.AWAITING_PAYMENT
    for wish in wishes:
        try:
            arrived = move(now, wish)
        except IllegalTransition:
            continue
        assert NEXT[now]
        now = arrived


@given(serials, moments)
def test_a_number_has_eighteen_digits_and_leads_back_to_its_serial(
    serial: int, at: datetime
) -> None:
    digits = number(serial, at)

    assert len(digits) == 18
    assert digits.isdecimal()
    assert serial_of_number(digits) == serial


def test_a_number_begins_with_the_day_in_china() -> None:
    assert number(1, datetime(2026, 11, 10, 16, tzinfo=UTC)).startswith("261111")
