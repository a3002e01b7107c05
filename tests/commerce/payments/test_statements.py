"""Every provider's file of a day is read into the same lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.payments._rules.statements import (
    LARGEST,
    READERS,
    EntryKind,
    Line,
    StatementRefused,
    minor,
    read,
)

OUR, REFUND = "01a2008a45987a6d9926da63d48e79c6", "01a2008a42407fa9a97e9451be9dfe75"

TEXTS = {
    file.stem: file.read_bytes().decode()
    for file in (Path(__file__).parent / "files").glob("*.csv")
}
FILES = {
    "alipay": TEXTS["alipay"].encode("gbk"),
    "wechatpay": TEXTS["wechatpay"].encode("utf-8-sig"),
    "stripe": TEXTS["stripe"].encode(),
    "sandbox": TEXTS["sandbox"].encode(),
}


@pytest.mark.parametrize("provider", FILES)
def test_a_file_tells_of_a_payment_and_its_refund(provider: str) -> None:
    paid, back, *_ = read(provider, FILES[provider])

    assert (paid.kind, paid.our_id, paid.amount, paid.fee) == (EntryKind.PAYMENT, OUR, 12_345, 74)
    assert (back.kind, back.our_id, back.amount) == (EntryKind.REFUND, REFUND, 2_000)
    assert paid.done
    assert back.done
    assert {paid.currency, back.currency} == {"CNY"}


def test_a_refund_that_is_under_way_has_not_moved() -> None:
    (*_, last) = read("wechatpay", FILES["wechatpay"])
    assert (last.kind, last.amount, last.done) == (EntryKind.REFUND, 500, False)


def test_payouts_are_no_sales() -> None:
    assert len(read("stripe", FILES["stripe"])) == 2


@pytest.mark.parametrize("provider", ["alipay", "wechatpay"])
def test_either_encoding_will_do(provider: str) -> None:
    text = TEXTS[provider]
    assert read(provider, text.encode("utf-8")) == read(provider, text.encode("gb18030"))


@pytest.mark.parametrize("provider", FILES)
def test_a_file_of_someone_else_is_refused(provider: str) -> None:
    for other, content in FILES.items():
        if other != provider:
            with pytest.raises(StatementRefused) as refusal:
                read(provider, content)
            assert refusal.value.facts["reason"] == "columns"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "columns"),
        (b"\x00\x01", "encoding"),
        (b"\xff\xff\xff", "encoding"),
        (TEXTS["sandbox"].replace("12345", "12.345").encode(), "row"),
        (TEXTS["sandbox"].replace("payment,", "loan,").encode(), "row"),
        (b"x" * (LARGEST + 1), "too_large"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(StatementRefused) as refusal:
        read("sandbox", content)
    assert refusal.value.facts["reason"] == reason


@pytest.mark.parametrize("provider", READERS)
@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(provider: str, content: bytes) -> None:
    header = FILES[provider].split(b"\n")[0] + b"\n"
    for each in (content, header + content):
        try:
            lines = read(provider, each)
        except StatementRefused:
            continue
        assert all(isinstance(line, Line) for line in lines)


@given(st.integers(-(10**12), 10**12))
def test_amounts_are_read_exactly(fen: int) -> None:
    sign = "-" if fen < 0 else ""
    assert minor(f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02}") == fen
    assert minor(f"{fen:,}", "JPY") == fen


@pytest.mark.parametrize("text", ["0.001", "NaN", "Infinity"])
def test_money_is_never_rounded(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 # which one does not matter
        minor(text)
