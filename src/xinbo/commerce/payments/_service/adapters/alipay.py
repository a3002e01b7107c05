"""Alipay (支付宝), Chinese mainland: page pay, wap pay, query, close, refund.

Source: opendocs.alipay.com: alipay.trade.page.pay, .wap.pay, .query, .close, .refund,
.fastpay.refund.query; 异步通知说明; 自行实现签名 and 自行实现验签 (RSA2).
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import msgspec

from xinbo.commerce.payments._rules import rsa
from xinbo.commerce.payments._rules.life import BEIJING, RefundStatus
from xinbo.commerce.payments._service.adapters.account import PATIENCE, Account
from xinbo.commerce.payments._service.providers import (
    Answer,
    CallbackRefused,
    Charge,
    News,
    Opened,
    ProviderUnknown,
    RefundAsk,
    Returned,
)
from xinbo.commerce.payments._types import Action, ActionKind, How, Way
from xinbo.engines import web_client
from xinbo.engines.tx import Tx

GATEWAY = "https://openapi.alipay.com/gateway.do"
CURRENCY = "CNY"
OK = "10000"
AWAY = "20000"
LATER = frozenset({"ACQ.SYSTEM_ERROR", "ACQ.SELLER_BALANCE_NOT_ENOUGH", "SYSTEM_ERROR"})
"""Refusals that pass: a fault on their side, a merchant's account to be topped up."""
PAID = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})
STALE = timedelta(hours=26)
"""How old a notice may be. Alipay repeats one for 25 hours, and does not say whether
`notify_time` is of the first try."""
CONTENT = "application/x-www-form-urlencoded;charset=utf-8"
PAGES = {
    Way.PAGE: ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
    Way.WAP: ("alipay.trade.wap.pay", "QUICK_WAP_WAY"),
}


class Alipay:
    """Alipay by public keys (公钥模式)."""

    name = "alipay"
    sandbox = False
    ways = (Way.WAP, Way.PAGE)
    gives_statements = False
    heard = Answer(body=b"success")

    def __init__(self, account: Account) -> None:
        self._account = account
        self.fee_rate = account.fee_rate
        self._app_id = account.need("app_id")
        self._seller_id = account.values.get("seller_id")
        self._key = rsa.private_key(account.file("private_key"))
        self._theirs = rsa.public_key(account.file("public_key"))
        self._gateway = account.values.get("url", GATEWAY)

    async def open(self, tx: Tx, charge: Charge, how: How) -> Opened:
        """Sign the address of the till. Alipay hears of the trade when the shopper is there."""
        if charge.currency != CURRENCY:
            raise ProviderUnknown(provider=self.name, currency=charge.currency)
        method, product = PAGES[how.way or self.ways[0]]
        content = {
            "out_trade_no": charge.payment_id.hex,
            "total_amount": yuan(charge.amount),
            "subject": f"订单 {charge.order_id.hex[-12:]}",
            "product_code": product,
            "time_expire": f"{charge.expires_at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}",
        }
        back = self._account.public_url + charge.back
        asked = self._signed(method, content, tx.now, return_url=back)
        url = f"{self._gateway}?{urlencode(asked)}"
        return Opened(action=Action(kind=ActionKind.REDIRECT, url=url, params={}))

    async def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> News | None:
        """Read a form-encoded notice. Signed is all of it but `sign` and `sign_type`."""
        del headers
        try:
            said = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
        except ValueError:
            raise CallbackRefused(reason="body") from None
        signature = said.pop("sign", "")
        if said.pop("sign_type", "RSA2") != "RSA2":
            raise CallbackRefused(reason="signature")
        if not rsa.genuine(self._theirs, plain(said), signature):
            raise CallbackRefused(reason="signature")
        if said.get("app_id") != self._app_id:
            raise CallbackRefused(reason="account")
        if self._seller_id is not None and said.get("seller_id") != self._seller_id:
            raise CallbackRefused(reason="account")
        try:
            sent = datetime.strptime(f"{said['notify_time']}+0800", "%Y-%m-%d %H:%M:%S%z")
            if abs(now - sent) > STALE:
                raise CallbackRefused(reason="stale")
            return _news(said, fen(said["total_amount"]))
        except (KeyError, ValueError, InvalidOperation):
            raise CallbackRefused(reason="body") from None

    async def look(self, tx: Tx, charge: Charge) -> News | None:
        """Ask how a trade stands. One that nobody has come to pay does not exist there yet."""
        content = {"out_trade_no": charge.payment_id.hex}
        said = await self._call("alipay.trade.query", content, tx.now)
        if said.get("code") != OK:
            return None
        return _news(said, fen(said["total_amount"]))

    async def close(self, tx: Tx, charge: Charge) -> None:
        """Close the trade, if there is one."""
        await self._call("alipay.trade.close", {"out_trade_no": charge.payment_id.hex}, tx.now)

    async def refund(self, tx: Tx, charge: Charge, ask: RefundAsk) -> Returned:
        """Refund, once per `out_request_no`; where no money moved, ask whether it had before."""
        which = {"out_trade_no": charge.payment_id.hex, "out_request_no": ask.refund_id.hex}
        wanted = which | {"refund_amount": yuan(ask.amount), "refund_reason": ask.reason[:256]}
        said = await self._call("alipay.trade.refund", wanted, tx.now)
        if said.get("code") != OK:
            why = said.get("sub_code") or said.get("code", "")
            later = said.get("code") == AWAY or why in LATER
            return Returned(status=RefundStatus.PENDING if later else RefundStatus.FAILED, why=why)
        if said.get("fund_change") == "Y":
            return Returned(status=RefundStatus.SENT)
        found = await self._call("alipay.trade.fastpay.refund.query", which, tx.now)
        if found.get("code") == OK and found.get("refund_status") == "REFUND_SUCCESS":
            return Returned(status=RefundStatus.SENT)
        return Returned(status=RefundStatus.PENDING, why="no fund change")

    async def statement(self, tx: Tx, day: date) -> bytes | None:
        """Leave it to be brought by hand."""
        del tx, day

    def _signed(
        self, method: str, content: Mapping[str, str], now: datetime, *, return_url: str = ""
    ) -> dict[str, str]:
        asked = {
            "app_id": self._app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": f"{now.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}",
            "version": "1.0",
            "biz_content": msgspec.json.encode(content).decode(),
        }
        if return_url:
            asked |= {"return_url": return_url, "notify_url": self._account.notify_url}
        return asked | {"sign": rsa.sign(self._key, plain(asked))}

    async def _call(self, method: str, content: Mapping[str, str], now: datetime) -> dict[str, str]:
        """Call the gateway, and check the signature over the raw text of its answer."""
        body = urlencode(self._signed(method, content, now)).encode()
        headers = {"content-type": CONTENT}
        reply = await web_client.exchange("POST", self._gateway, body, headers, patience=PATIENCE)
        try:
            parts = msgspec.json.decode(reply.body, type=dict[str, msgspec.Raw])
            said = parts[f"{method.replace('.', '_')}_response"]
            signature = msgspec.json.decode(parts["sign"], type=str)
        except (KeyError, msgspec.DecodeError, UnicodeDecodeError):
            raise web_client.ThirdPartyAway(fault=f"alipay answered {reply.status}") from None
        if not rsa.genuine(self._theirs, bytes(said), signature):
            raise web_client.ThirdPartyAway(fault="alipay's answer is not signed by it")
        fields: dict[str, Any] = msgspec.json.decode(said)
        return {name: value for name, value in fields.items() if isinstance(value, str)}


def plain(fields: Mapping[str, str]) -> bytes:
    """Write fields as they are signed: sorted by name, not escaped."""
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields)).encode()


def yuan(amount: int) -> str:
    """Write fen as Alipay reads them: 9900 is `99.00`."""
    return f"{amount // 100}.{amount % 100:02}"


def fen(amount: str) -> int:
    """Read `99.00` as 9900, or raise `ValueError`: money is never rounded."""
    if not re.fullmatch(r"[0-9]{1,11}(\.[0-9]{1,2})?", amount):
        raise ValueError(amount)
    return int(Decimal(amount) * 100)


def _news(said: Mapping[str, str], amount: int) -> News | None:
    status = said.get("trade_status")
    if status not in PAID and status != "TRADE_CLOSED":
        return None
    return News(
        payment_id=UUID(said["out_trade_no"]),
        ref=said.get("trade_no", ""),
        succeeded=status in PAID,
        amount=amount,
        currency=CURRENCY,
    )
