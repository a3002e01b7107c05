"""WeChat Pay (微信支付) APIv3, direct merchants (直连商户): JSAPI, H5, Native.

Source: pay.weixin.qq.com/doc/v3/merchant: JSAPI下单, H5下单 (4012791834), Native下单, 查询订单,
关闭订单, 申请退款, 查询单笔退款 (4013071041), 支付成功回调通知, 退款结果通知; 如何生成请求签名,
如何验证签名, 如何解密证书和回调报文.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from xinbo.commerce.payments._rules import rsa
from xinbo.commerce.payments._rules.life import BEIJING, RefundStatus
from xinbo.commerce.payments._service.adapters.account import PATIENCE, Account, Incomplete
from xinbo.commerce.payments._service.providers import (
    Answer,
    CallbackRefused,
    Charge,
    News,
    Opened,
    ProviderUnknown,
    RefundAsk,
    RefundNews,
    Returned,
)
from xinbo.commerce.payments._types import Action, ActionKind, How, Way
from xinbo.engines import web_client
from xinbo.engines.tx import Tx
from xinbo.engines.web_client import Reply, ThirdPartyAway
from xinbo.kit.signatures import CLOCKS_DIFFER

URL = "https://api.mch.weixin.qq.com"
KINDS = {Way.JSAPI: "jsapi", Way.WAP: "h5", Way.QR: "native"}
SCHEME = "WECHATPAY2-SHA256-RSA2048"
CURRENCY = "CNY"
PAID = frozenset({"SUCCESS", "REFUND"})
OVER = frozenset({"CLOSED", "REVOKED", "PAYERROR"})
REFUNDS = {
    "SUCCESS": RefundStatus.SENT,
    "PROCESSING": RefundStatus.PENDING,
    "CLOSED": RefundStatus.FAILED,
    "ABNORMAL": RefundStatus.FAILED,
}
LATER = frozenset({"NOT_ENOUGH", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "SYSTEM_ERROR"})
"""Refusals that pass: a merchant's account to be topped up, too many calls, a fault there."""
GOOD = range(200, 300)
BROKEN = 500
UNKNOWN = 404
KEY_LENGTH = 32
KEYS_ANEW = timedelta(minutes=1)
"""How often keys are asked for at most, whoever sends us unknown serial numbers."""


class WeChatPay:
    """WeChat Pay. Their keys are a file (微信支付公钥), or fetched (平台证书)."""

    name = "wechatpay"
    sandbox = False
    gives_statements = False
    heard = Answer(status=204)

    def __init__(self, account: Account) -> None:
        self._account = account
        self.fee_rate = account.fee_rate
        self._app_id = account.need("app_id")
        self._mch_id = account.need("mch_id")
        self._serial = account.need("serial")
        self._key = rsa.private_key(account.file("private_key"))
        self._secret = account.need("api_v3_key").encode()
        if len(self._secret) != KEY_LENGTH:
            raise Incomplete("XINBO_WECHATPAY_API_V3_KEY: 32 characters")
        self._url = account.values.get("url", URL)
        self._theirs: dict[str, rsa.RSAPublicKey] = {}
        if "public_key" in account.values:
            named = account.need("public_key_id")
            self._theirs[named] = rsa.public_key(account.file("public_key"))
        self._asked_at: datetime | None = None
        self.ways = (Way.WAP, Way.QR, Way.JSAPI)

    async def open(self, tx: Tx, charge: Charge, how: How) -> Opened:
        """Place the order there (下单)."""
        way = how.way or self.ways[0]
        if charge.currency != CURRENCY or (way is Way.JSAPI and not how.open_id):
            raise ProviderUnknown(provider=self.name, way=way)
        asked: dict[str, object] = {
            "appid": self._app_id,
            "mchid": self._mch_id,
            "description": f"订单 {charge.order_id.hex[-12:]}",
            "out_trade_no": charge.payment_id.hex,
            "time_expire": charge.expires_at.astimezone(BEIJING).isoformat(timespec="seconds"),
            "notify_url": self._account.notify_url,
            "amount": {"total": charge.amount, "currency": CURRENCY},
        }
        if way is Way.JSAPI:
            asked["payer"] = {"openid": how.open_id}
        if way is Way.WAP:
            client = {"payer_client_ip": tx.actor.address or "127.0.0.1"}
            asked["scene_info"] = client | {"h5_info": {"type": "Wap"}}
        path = f"/v3/pay/transactions/{KINDS[way]}"
        said = _good(await self._call("POST", path, tx.now, asked), _Answered)
        match way:
            case Way.QR:
                action = Action(kind=ActionKind.QR, url=said.code_url, params={})
            case Way.JSAPI:
                params = self._bridge(said.prepay_id, tx.now)
                action = Action(kind=ActionKind.JSAPI, url=None, params=params)
            case _:
                back = {"redirect_url": self._account.public_url + charge.back}
                url = f"{said.h5_url}&{urlencode(back)}"
                action = Action(kind=ActionKind.REDIRECT, url=url, params={})
        return Opened(action=action)

    async def read(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> News | RefundNews | None:
        """Check the signature over the raw body, then open what is sealed in it."""
        if not await self._signed(headers, body, now):
            raise CallbackRefused(reason="signature")
        try:
            notice = msgspec.json.decode(body, type=_Notice)
            text = notice.resource.opened(self._secret)
            if text is None:
                raise CallbackRefused(reason="sealed")
            of_refund = notice.event_type.startswith("REFUND.")
            said = msgspec.json.decode(text, type=_Refund if of_refund else _Transaction)
            if said.mchid != self._mch_id:
                raise CallbackRefused(reason="account")
            if isinstance(said, _Transaction) and said.appid != self._app_id:
                raise CallbackRefused(reason="account")
            return said.news()
        except (ValueError, msgspec.DecodeError):
            raise CallbackRefused(reason="body") from None

    async def look(self, tx: Tx, charge: Charge) -> News | None:
        """Ask how an order stands."""
        query = urlencode({"mchid": self._mch_id})
        path = f"/v3/pay/transactions/out-trade-no/{charge.payment_id.hex}?{query}"
        reply = await self._call("GET", path, tx.now)
        if reply.status == UNKNOWN:
            return None
        return _good(reply, _Transaction).news(charge)

    async def close(self, tx: Tx, charge: Charge) -> None:
        """Close the order; one that is closed or paid stays so."""
        path = f"/v3/pay/transactions/out-trade-no/{charge.payment_id.hex}/close"
        await self._call("POST", path, tx.now, {"mchid": self._mch_id})

    async def refund(self, tx: Tx, charge: Charge, ask: RefundAsk) -> Returned:
        """Ask for a refund, once per `out_refund_no`: asked again, they say how it stands."""
        asked: dict[str, object] = {
            "out_trade_no": charge.payment_id.hex,
            "out_refund_no": ask.refund_id.hex,
            "reason": ask.reason[:80],
            "notify_url": self._account.notify_url,
            "amount": {"refund": ask.amount, "total": charge.amount, "currency": CURRENCY},
        }
        reply = await self._call("POST", "/v3/refund/domestic/refunds", tx.now, asked)
        said = _read(reply, _Answered)
        if reply.status in GOOD:
            found = REFUNDS.get(said.status, RefundStatus.PENDING)
            return Returned(status=found, why="" if found is RefundStatus.SENT else said.status)
        code = said.code or str(reply.status)
        later = reply.status >= BROKEN or code in LATER
        return Returned(status=RefundStatus.PENDING if later else RefundStatus.FAILED, why=code)

    async def statement(self, tx: Tx, day: date) -> bytes | None:
        """Leave it to be brought by hand."""
        del tx, day

    def _bridge(self, prepay_id: str, now: datetime) -> dict[str, str]:
        """Sign what the page hands to `WeixinJSBridge` (JSAPI调起支付)."""
        stamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
        package = f"prepay_id={prepay_id}"
        message = f"{self._app_id}\n{stamp}\n{nonce}\n{package}\n".encode()
        return {
            "appId": self._app_id,
            "timeStamp": stamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": rsa.sign(self._key, message),
        }

    async def _call(
        self, method: str, path: str, now: datetime, asked: object = None, *, check: bool = True
    ) -> Reply:
        """Call the API, signed; believe an answer only under their signature."""
        body = b"" if asked is None else msgspec.json.encode(asked)
        stamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
        message = f"{method}\n{path}\n{stamp}\n{nonce}\n".encode() + body + b"\n"
        signature = rsa.sign(self._key, message)
        headers = {
            "authorization": (
                f'{SCHEME} mchid="{self._mch_id}",nonce_str="{nonce}",signature="{signature}",'
                f'timestamp="{stamp}",serial_no="{self._serial}"'
            ),
            "accept": "application/json",
            "content-type": "application/json",
            "user-agent": "xinbo",
        }
        url = self._url + path
        reply = await web_client.exchange(method, url, body, headers, patience=PATIENCE)
        signed = not check or await self._signed(reply.headers, reply.body, now)
        if not signed and (reply.status in GOOD or reply.status == UNKNOWN):
            raise ThirdPartyAway(fault="wechatpay's answer is not signed by it")
        return reply

    async def _signed(self, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
        stamp = headers.get("wechatpay-timestamp", "")
        if not stamp.isdecimal() or len(stamp) > len("10000000000"):
            return False
        if abs(now.timestamp() - int(stamp)) > CLOCKS_DIFFER.total_seconds():
            return False
        serial = headers.get("wechatpay-serial", "")
        if serial not in self._theirs:
            await self._fetch_keys(now)
        if serial not in self._theirs:
            return False
        message = f"{stamp}\n{headers.get('wechatpay-nonce', '')}\n".encode() + body + b"\n"
        return rsa.genuine(self._theirs[serial], message, headers.get("wechatpay-signature", ""))

    async def _fetch_keys(self, now: datetime) -> None:
        """Fetch their certificates, sealed with our APIv3 key: nobody else could have."""
        if self._asked_at is not None and abs(now - self._asked_at) < KEYS_ANEW:
            return
        self._asked_at = now
        reply = await self._call("GET", "/v3/certificates", now, check=False)
        for each in _read(reply, _Certificates).data:
            text = each.encrypt_certificate.opened(self._secret)
            if text is not None:
                self._theirs[each.serial_no] = rsa.public_key(text)


class _Amount(msgspec.Struct):
    total: int | None = None
    currency: str = CURRENCY


class _Transaction(msgspec.Struct):
    """What we read of a transaction, in notices and in answers."""

    mchid: str
    out_trade_no: UUID
    trade_state: str
    appid: str = ""
    transaction_id: str = ""
    amount: _Amount = msgspec.field(default_factory=_Amount)

    def news(self, charge: Charge | None = None) -> News | None:
        """Say what it says of our payment. Unpaid, it names no amount: the order's stands in."""
        if self.trade_state not in PAID and self.trade_state not in OVER:
            return None
        total, currency = self.amount.total, self.amount.currency
        if total is None and charge is not None and self.trade_state not in PAID:
            total, currency = charge.amount, charge.currency
        if total is None:
            raise ValueError("amount")
        return News(
            payment_id=self.out_trade_no,
            ref=self.transaction_id,
            succeeded=self.trade_state in PAID,
            amount=total,
            currency=currency,
        )


class _Refund(msgspec.Struct):
    """What we read of a notice of a refund."""

    mchid: str
    out_refund_no: UUID
    refund_status: str

    def news(self) -> RefundNews:
        """Say what it says of our refund."""
        found = REFUNDS.get(self.refund_status, RefundStatus.PENDING)
        why = self.refund_status if found is RefundStatus.FAILED else ""
        return RefundNews(refund_id=self.out_refund_no, status=found, why=why)


class _Sealed(msgspec.Struct):
    """What only who has our APIv3 key can have written, or read."""

    ciphertext: str
    nonce: str
    associated_data: str | None = None

    def opened(self, key: bytes) -> bytes | None:
        return rsa.opened(key, self.nonce, self.ciphertext, self.associated_data or "")


class _Notice(msgspec.Struct):
    event_type: str
    resource: _Sealed


class _Certificate(msgspec.Struct):
    serial_no: str
    encrypt_certificate: _Sealed


class _Certificates(msgspec.Struct):
    data: list[_Certificate] = []


class _Answered(msgspec.Struct):
    """What we read of every other answer."""

    code: str = ""
    status: str = ""
    code_url: str = ""
    prepay_id: str = ""
    h5_url: str = ""


def _read[T](reply: Reply, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(reply.body or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ThirdPartyAway(fault=f"wechatpay answered {reply.status}") from None


def _good[T](reply: Reply, kind: type[T]) -> T:
    if reply.status not in GOOD:
        code = _read(reply, _Answered).code or reply.status
        raise ThirdPartyAway(fault=f"wechatpay: {code}")
    return _read(reply, kind)
