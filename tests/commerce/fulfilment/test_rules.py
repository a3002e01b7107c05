"""Numbers, events and cells, tried on every case."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.fulfilment import CarrierCode, TrackEvent, TrackKind
from xinbo.commerce.fulfilment._rules import sheets
from xinbo.commerce.fulfilment._rules.carriers import (
    CARRIERS,
    canonical,
    find,
    looks_right,
    possible,
)
from xinbo.commerce.fulfilment._rules.sheets import HEADINGS, Column
from xinbo.commerce.fulfilment._rules.tracking import in_order, standing

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)

events = st.lists(
    st.builds(
        TrackEvent,
        ref=st.text("abcdef", min_size=1, max_size=3),
        at=st.integers(0, 20).map(lambda hours: NOON + timedelta(hours=hours)),
        kind=st.sampled_from(TrackKind),
        text=st.just(""),
        place=st.just(""),
    ),
    max_size=8,
    unique_by=lambda event: event.ref,
)


@pytest.mark.parametrize(
    ("carrier", "number"),
    [
        ("sf", "SF1234567890123"),
        ("sf", "123456789012"),
        ("yto", "YT7412345678901"),
        ("zto", "78123456789012"),
        ("sto", "773123456789012"),
        ("yunda", "4312345678901"),
        ("jtexpress", "JT5123456789012"),
        ("jd", "JDVA12345678901"),
        ("ems", "EA123456789CN"),
        ("ems", "1234567890123"),
        ("deppon", "DPK202612345678"),
        ("dhl", "1234567890"),
        ("fedex", "123456789012"),
        ("ups", "1Z999AA10123456784"),
        ("other", "ABC12345"),
    ],
)
def test_numbers_as_carriers_print_them_look_right(carrier: str, number: str) -> None:
    assert looks_right(CarrierCode(carrier), number)


def test_a_number_of_another_carrier_is_warned_of_and_not_refused() -> None:
    assert not looks_right(CarrierCode.EMS, "SF1234567890123")
    assert possible("SF1234567890123")
    assert not possible("运单号")
    assert not possible("1234")


def test_numbers_are_read_as_people_paste_them() -> None:
    assert canonical(" sf 1234-5678 90123\t") == "SF1234567890123"
    assert canonical("ＳＦ１２３４５６７８９０１２３") == "SF1234567890123"


@pytest.mark.parametrize("code", CarrierCode)
def test_carriers_are_known_by_code_and_both_names(code: CarrierCode) -> None:
    facts = CARRIERS[code]
    assert {find(code.value), find(facts.name), find(facts.english)} == {code}


def test_carriers_are_known_by_what_merchants_call_them() -> None:
    assert find("顺丰") is CarrierCode.SF
    assert find("申通快递有限公司") is CarrierCode.STO
    assert find("京东物流") is CarrierCode.JD
    assert find("邮政") is CarrierCode.EMS
    assert find("鸽子") is None


@given(events, st.randoms())
def test_where_a_parcel_stands_does_not_depend_on_the_order_of_news(
    some: list[TrackEvent], chance: object
) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_order(shuffled) == in_order(some)
    assert standing(shuffled) is standing(some)


@given(events)
def test_the_timeline_goes_forward(some: list[TrackEvent]) -> None:
    times = [event.at for event in in_order(some)]
    assert times == sorted(times)


def test_of_one_moment_delivery_is_the_later() -> None:
    both = [
        TrackEvent(ref=kind, at=NOON, kind=kind, text="", place="")
        for kind in (TrackKind.DELIVERED, TrackKind.OUT_FOR_DELIVERY)
    ]
    assert standing(both) is TrackKind.DELIVERED


def test_columns_are_found_by_chinese_and_english_names_in_any_order() -> None:
    assert sheets.recognise(["快递单号", "备注", "订单编号", "快递公司"]) == {
        Column.NUMBER: 0,
        Column.ORDER: 2,
        Column.CARRIER: 3,
    }
    english = ["Order Number", "Carrier", "Tracking No.", "SKU", "Quantity"]
    assert sheets.recognise(english) == {column: at for at, column in enumerate(Column)}
    assert sheets.recognise(["订单号", "物流公司"]) is None
    assert sheets.recognise(list(HEADINGS.values())) is not None


def test_cells_are_read_as_spreadsheets_leave_them() -> None:
    line, faults = sheets.read(
        2,
        {
            Column.ORDER: '="261111000000000001"',
            Column.CARRIER: " 顺丰 ",
            Column.NUMBER: "SF1234567890123",
            Column.SKU: "A-1",
            Column.QUANTITY: "2.0",
        },
    )
    assert faults == []
    assert line == (2, "261111000000000001", "顺丰", "SF1234567890123", "A-1", 2)


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({Column.ORDER: "2.61111E+17"}, "OrderNumberWrong"),
        ({Column.NUMBER: " "}, "NumberMissing"),
        ({Column.CARRIER: ""}, "CarrierMissing"),
        ({Column.SKU: "A", Column.QUANTITY: "0"}, "QuantityWrong"),
        ({Column.SKU: "A", Column.QUANTITY: "两"}, "QuantityWrong"),
        ({Column.SKU: "A", Column.QUANTITY: "1000"}, "QuantityWrong"),
        ({Column.QUANTITY: "1"}, "QuantityWithoutSku"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_by_name(cells: dict[Column, str], error: str) -> None:
    right = {
        Column.ORDER: "261111000000000001",
        Column.CARRIER: "顺丰",
        Column.NUMBER: "SF1234567890123",
    }
    line, faults = sheets.read(7, right | cells)
    assert line is None
    assert [(fault.row, fault.error) for fault in faults] == [(7, error)]


@given(st.dictionaries(st.sampled_from(Column), st.text()))
def test_any_text_is_read_or_refused_and_never_breaks(cells: dict[Column, str]) -> None:
    line, faults = sheets.read(2, cells)
    assert (line is None) is bool(faults)
