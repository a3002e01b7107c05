"""Tax ids, tried on every case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.invoices import InvoiceSettled, InvoiceState, valid_tax_id
from xinbo.commerce.invoices._rules import check_letter, move, tax_id

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
codes = st.tuples(
    st.text(LETTERS, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(LETTERS, min_size=9, max_size=9),
).map("".join)


@pytest.mark.parametrize(
    "code",
    [
        "91440300708461136T",  # Tencent Computer Systems, as its own site prints it
        "914403001922038216",  # Huawei Technologies, as its own site prints it
        " 91440300 708461136t ",
        "９１４４０３００７０８４６１１３６Ｔ",
    ],
)
def test_codes_of_the_register_are_valid(code: str) -> None:
    assert valid_tax_id(code)


@pytest.mark.parametrize(
    "code", ["", "91440300708461136X", "9144030070846113", "IOSVZ0300708461136", "税号"]
)
def test_what_is_no_code_is_not(code: str) -> None:
    assert not valid_tax_id(code)


@given(codes)
def test_of_31_last_letters_one_is_right(code: str) -> None:
    right = [letter for letter in LETTERS if valid_tax_id(code + letter)]
    assert right == [check_letter(code)]


@given(codes, st.integers(0, 16), st.sampled_from(LETTERS))
def test_one_mistyped_letter_is_noticed(code: str, at: int, letter: str) -> None:
    whole = code + check_letter(code)
    if letter != whole[at]:
        assert not valid_tax_id(whole[:at] + letter + whole[at + 1 :])


def test_older_ids_have_no_check_letter() -> None:
    assert valid_tax_id("330106123456789")
    assert valid_tax_id("33010612345678901234")


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert valid_tax_id(text) == valid_tax_id(tax_id(text))


def test_what_is_settled_stays_so() -> None:
    for state in (InvoiceState.REFUSED, InvoiceState.RED, InvoiceState.WITHDRAWN):
        for to in InvoiceState:
            with pytest.raises(InvoiceSettled):
                move(state, to)
