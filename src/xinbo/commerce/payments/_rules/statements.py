"""A provider's file of a day, in one shape whoever wrote it.

Source: Alipay 业务明细 (GBK, `#` comments, yuan); WeChat Pay 交易账单 ALL (back quotes, yuan,
a summary at the end); Stripe's balance export with the columns of our metadata; the sandbox's own.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from msgspec import Struct

from xinbo.kit.errors import Invalid

LARGEST = 5_000_000
LONGEST = 20_000
ENCODINGS = ("utf-8-sig", "gb18030")
WHOLE = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF", "XPF", "PYG", "RWF"})
"""Currencies without a smaller unit."""
FEN = 100


class StatementRefused(Invalid):
    """Raised when a file is not one of that provider's (`reason`, and `row` where it fails)."""


class EntryKind(StrEnum):
    """Which way money went."""

    PAYMENT = "payment"
    REFUND = "refund"


class Line(Struct, frozen=True, kw_only=True):
    """One movement of money, as the provider tells it. Amounts are in minor units, positive."""

    row: int
    """Its row in the file, counted from 1."""
    kind: EntryKind
    our_id: str
    """Our payment's or refund's id, 32 hex digits; empty where the provider knows none."""
    ref: str
    """The provider's own name for the payment."""
    amount: int
    fee: int
    currency: str
    done: bool
    """Whether the money has moved."""


type Fields = Mapping[str, str]


def read(provider: str, content: bytes) -> list[Line]:
    """Read a provider's file. Raises `StatementRefused`."""
    if provider not in READERS:
        raise StatementRefused(reason="provider")
    if len(content) > LARGEST:
        raise StatementRefused(reason="too_large", most=LARGEST)
    needed, reader = READERS[provider]
    lines: list[Line] = []
    for row, fields in _rows(_text(content), needed):
        try:
            line = reader(row, fields)
        except (ValueError, InvalidOperation, KeyError):
            raise StatementRefused(reason="row", row=row) from None
        if line is not None:
            lines.append(line)
        if len(lines) > LONGEST:
            raise StatementRefused(reason="too_long", most=LONGEST)
    return lines


def minor(text: str, currency: str = "CNY") -> int:
    """Read an amount in major units, exactly. Raises `ValueError` where it has a finer part."""
    amount = Decimal(text.replace(",", "") or "0")
    if not amount.is_finite():
        raise ValueError(text)
    exact = amount if currency in WHOLE else amount * FEN
    if exact != exact.to_integral_value():
        raise ValueError(text)
    return int(exact)


def _text(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise StatementRefused(reason="encoding")


def _rows(text: str, needed: frozenset[str]) -> Iterator[tuple[int, Fields]]:
    """Find the header, then yield every row below it up to comments or a summary."""
    if "\x00" in text:
        raise StatementRefused(reason="encoding")
    header: list[str] | None = None
    reader = csv.reader(io.StringIO(text))
    try:
        for cells in reader:
            clean = [cell.strip().lstrip("`").strip() for cell in cells]
            if not any(clean) or clean[0].startswith("#"):
                continue
            if header is None:
                header = clean if needed <= set(clean) else None
                continue
            if clean[0].startswith("总交易单数"):
                return
            yield reader.line_num, dict(zip(header, clean, strict=False))
    except csv.Error:
        raise StatementRefused(reason="row", row=reader.line_num) from None
    if header is None:
        raise StatementRefused(reason="columns", needed=sorted(needed))


def _sandbox(row: int, fields: Fields) -> Line:
    return Line(
        row=row,
        kind=EntryKind(fields["type"]),
        our_id=fields["id"],
        ref=fields["ref"],
        amount=int(fields["amount"]),
        fee=int(fields["fee"]),
        currency=fields["currency"],
        done=fields["status"] == "done",
    )


def _alipay(row: int, fields: Fields) -> Line | None:
    kinds = {"交易": EntryKind.PAYMENT, "退款": EntryKind.REFUND}
    kind = kinds.get(fields["业务类型"])
    if kind is None:
        return None
    of_refund = kind is EntryKind.REFUND
    return Line(
        row=row,
        kind=kind,
        our_id=fields["退款批次号/请求号"] if of_refund else fields["商户订单号"],
        ref=fields["支付宝交易号"],
        amount=abs(minor(fields["订单金额（元）"])),
        fee=-minor(fields["服务费（元）"]),
        currency="CNY",
        done=True,
    )


def _wechatpay(row: int, fields: Fields) -> Line:
    of_refund = fields["交易状态"] in {"REFUND", "REVOKED"}
    amount = fields["申请退款金额"] if of_refund else fields["订单金额"]
    return Line(
        row=row,
        kind=EntryKind.REFUND if of_refund else EntryKind.PAYMENT,
        our_id=fields["商户退款单号"] if of_refund else fields["商户订单号"],
        ref=fields["微信订单号"],
        amount=minor(amount),
        fee=round(Decimal(fields["手续费"] or "0") * FEN),
        currency=fields["货币种类"],
        done=not of_refund or fields["退款状态"] == "SUCCESS",
    )


def _stripe(row: int, fields: Fields) -> Line | None:
    kinds = {
        "charge": EntryKind.PAYMENT,
        "payment": EntryKind.PAYMENT,
        "refund": EntryKind.REFUND,
        "payment_refund": EntryKind.REFUND,
    }
    kind = kinds.get(fields["Type"])
    if kind is None:
        return None
    currency = fields["Currency"].upper()
    name = "payment_id" if kind is EntryKind.PAYMENT else "refund_id"
    return Line(
        row=row,
        kind=kind,
        our_id=fields[f"{name} (metadata)"].replace("-", ""),
        ref=fields["Source"],
        amount=abs(minor(fields["Amount"], currency)),
        fee=minor(fields["Fee"], currency),
        currency=currency,
        done=True,
    )


READERS: Mapping[str, tuple[frozenset[str], Callable[[int, Fields], Line | None]]] = {
    "sandbox": (
        frozenset({"type", "id", "ref", "amount", "fee", "currency", "status"}),
        _sandbox,
    ),
    "alipay": (
        frozenset(
            {
                "支付宝交易号",
                "商户订单号",
                "业务类型",
                "订单金额（元）",
                "退款批次号/请求号",
                "服务费（元）",
            }
        ),
        _alipay,
    ),
    "wechatpay": (
        frozenset(
            {
                "微信订单号",
                "商户订单号",
                "交易状态",
                "货币种类",
                "商户退款单号",
                "退款状态",
                "手续费",
                "订单金额",
                "申请退款金额",
            }
        ),
        _wechatpay,
    ),
    "stripe": (
        frozenset(
            {
                "Type",
                "Source",
                "Amount",
                "Fee",
                "Currency",
                "payment_id (metadata)",
                "refund_id (metadata)",
            }
        ),
        _stripe,
    ),
}
