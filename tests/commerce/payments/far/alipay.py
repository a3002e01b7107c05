"""Alipay's gateway and notices: RSA2 both ways."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from uuid import UUID

import msgspec

from tests.commerce.payments.far.base import (
    MOODS,
    STRAIGHT,
    Ask,
    Books,
    Callback,
    Reply,
    Twist,
    key,
    now,
    private_file,
    public_file,
)
from xinbo.commerce.payments import Payment
from xinbo.commerce.payments._rules import rsa
from xinbo.commerce.payments._rules.life import BEIJING
from xinbo.commerce.payments._service.adapters.account import Account
from xinbo.commerce.payments._service.adapters.alipay import Alipay
from xinbo.engines.tx import Tx

APP = "2021000000000001"
SELLER = "2088000000000001"


class FarAlipay(Books):
    """The gateway."""

    name = "alipay"
    stale = timedelta(hours=30)
    foreign = False

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._shop, self._own, self._thief = key(), key(), key()
        self._folder = folder

    def connect(self, url: str) -> None:
        """Set the account up."""
        values = {
            "app_id": APP,
            "seller_id": SELLER,
            "private_key": private_file(self._folder, self._shop),
            "public_key": public_file(self._folder, self._own),
            "url": f"{url}/gateway.do",
        }
        self.provider = Alipay(Account("alipay", values, "https://shop.example"))

    async def pay(self, _tx: Tx, payment: Payment, mood: str = "") -> None:
        """Open the till's page as the shopper's browser does, and pay what it says."""
        assert payment.action.url is not None
        asked = dict(parse_qsl(urlsplit(payment.action.url).query))
        self._check(asked)
        wanted = msgspec.json.decode(asked["biz_content"], type=dict[str, str])
        assert wanted["total_amount"] == f"{payment.amount / 100:.2f}"
        assert asked["notify_url"] == "https://shop.example/api/v1/hooks/payments/alipay"
        no = wanted["out_trade_no"]
        assert UUID(no) == payment.id
        self.paid[no] = payment.amount
        self.moods[no] = list(MOODS[mood])

    def callback(self, payment: Payment, twist: Twist = STRAIGHT) -> Callback:
        """Write a notice."""
        amount = payment.amount if twist.amount is None else twist.amount
        said = {
            "app_id": APP if twist.ours else "2021000000009999",
            "auth_app_id": APP,
            "seller_id": SELLER,
            "charset": "utf-8",
            "version": "1.0",
            "notify_type": "trade_status_sync",
            "notify_id": "2026112100222",
            "notify_time": f"{now(twist).astimezone(BEIJING):%Y-%m-%d %H:%M:%S}",
            "out_trade_no": twist.payment or payment.id.hex,
            "trade_no": f"2026{payment.id.int % 10**24:024}",
            "trade_status": "TRADE_SUCCESS" if twist.succeeded else "TRADE_CLOSED",
            "subject": "订单 & 测试=1",
            "total_amount": f"{amount / 100:.2f}",
        }
        text = "&".join(f"{name}={said[name]}" for name in sorted(said)).encode()
        signer = self._thief if twist.forged else self._own
        said |= {"sign_type": "RSA2", "sign": rsa.sign(signer, text)}
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        return headers, urlencode(said).encode()

    async def sent(self, _tx: Tx, payment: Payment) -> int:
        """Say how much went back."""
        return self.sent_of(payment.id.hex)

    async def answer(self, ask: Ask) -> Reply:
        """Serve the gateway."""
        if self.away:
            return Reply(502, b"<html>bad gateway</html>")
        asked = {name: values[0] for name, values in parse_qs(ask.body.decode()).items()}
        self._check(asked)
        method = asked["method"]
        wanted = msgspec.json.decode(asked["biz_content"], type=dict[str, Any])
        serve = {
            "alipay.trade.query": self._query,
            "alipay.trade.close": self._close,
            "alipay.trade.refund": self._refund,
            "alipay.trade.fastpay.refund.query": self._refunded,
        }[method]
        said = serve(wanted)
        if said is None:
            return Reply(500, b"lost")
        text = msgspec.json.encode(said).decode()
        sign = rsa.sign(self._own, text.encode())
        name = f"{method.replace('.', '_')}_response"
        return Reply(200, f'{{"{name}":{text},"sign":"{sign}"}}'.encode())

    def _check(self, asked: dict[str, str]) -> None:
        fields = {name: value for name, value in asked.items() if name != "sign"}
        text = "&".join(f"{name}={fields[name]}" for name in sorted(fields)).encode()
        assert rsa.genuine(self._shop.public_key(), text, asked["sign"])
        stamp = datetime.strptime(f"{asked['timestamp']}+0800", "%Y-%m-%d %H:%M:%S%z")
        assert abs(datetime.now(UTC) - stamp) < timedelta(days=400)

    def _query(self, wanted: dict[str, Any]) -> dict[str, str]:
        no = wanted["out_trade_no"]
        if no not in self.paid:
            return refused("ACQ.TRADE_NOT_EXIST")
        return {
            "code": "10000",
            "msg": "Success",
            "out_trade_no": no,
            "trade_no": f"2026{UUID(no).int % 10**24:024}",
            "trade_status": "TRADE_SUCCESS",
            "total_amount": f"{self.paid[no] / 100:.2f}",
        }

    def _close(self, wanted: dict[str, Any]) -> dict[str, str]:
        self.closed.add(wanted["out_trade_no"])
        return refused("ACQ.TRADE_NOT_EXIST")

    def _refund(self, wanted: dict[str, Any]) -> dict[str, str] | None:
        no = wanted["out_trade_no"]
        mood = self.mood(no)
        if mood == "busy":
            return refused("ACQ.SYSTEM_ERROR")
        if mood == "refuse":
            return refused("ACQ.TRADE_HAS_FINISHED")
        amount = round(float(wanted["refund_amount"]) * 100)
        if mood == "slow":
            return {"code": "10000", "msg": "Success", "fund_change": "N"}
        moved = self.refund(no, wanted["out_request_no"], amount)
        if mood == "lost":
            return None
        return {"code": "10000", "msg": "Success", "fund_change": "Y" if moved else "N"}

    def _refunded(self, wanted: dict[str, Any]) -> dict[str, str]:
        known = wanted["out_request_no"] in self.refunds
        return {"code": "10000", "msg": "Success"} | (
            {"refund_status": "REFUND_SUCCESS"} if known else {}
        )


def refused(sub_code: str) -> dict[str, str]:
    """Refuse as the gateway does."""
    return {"code": "40004", "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "…"}
