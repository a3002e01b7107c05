"""WeChat Pay's API and notices: RSA both ways, AES-256-GCM inside."""

import base64
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

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
    path_of,
    private_file,
    public_file,
)
from xinbo.commerce.payments import ActionKind, Payment
from xinbo.commerce.payments._rules import rsa
from xinbo.commerce.payments._service.adapters.account import Account
from xinbo.commerce.payments._service.adapters.wechatpay import WeChatPay
from xinbo.engines.tx import Tx

APP, MCH = "wx0000000000000001", "1900000001"
SECRET = "0123456789abcdef0123456789abcdef"
OURS = "5F00AA"
KEY_ID = "PUB_KEY_ID_0119000000012026"
AUTHORIZATION = re.compile(
    r'WECHATPAY2-SHA256-RSA2048 mchid="(?P<mchid>[^"]+)",nonce_str="(?P<nonce>[^"]+)",'
    r'signature="(?P<signature>[^"]+)",timestamp="(?P<stamp>[0-9]+)",serial_no="(?P<serial>[^"]+)"'
)


class FarWeChatPay(Books):
    """The API. Its key is a file of ours, or fetched as a certificate."""

    name = "wechatpay"
    stale = timedelta(minutes=6)
    foreign = True

    def __init__(self, folder: Path, *, certificates: bool) -> None:
        super().__init__()
        self._shop, self._own, self._thief = key(), key(), key()
        self._folder = folder
        self._certificates = certificates
        self._certificate = certificate(self._own)
        self._serial = rsa.serial_of(self._certificate) if certificates else KEY_ID
        self.fetched = 0

    def connect(self, url: str) -> None:
        """Set the account up."""
        values = {
            "app_id": APP,
            "mch_id": MCH,
            "serial": OURS,
            "private_key": private_file(self._folder, self._shop),
            "api_v3_key": SECRET,
            "url": url,
        }
        if not self._certificates:
            values["public_key"] = public_file(self._folder, self._own)
            values["public_key_id"] = KEY_ID
        self.provider = WeChatPay(Account("wechatpay", values, "https://shop.example"))

    async def pay(self, _tx: Tx, payment: Payment, mood: str = "") -> None:
        """Take the money of an order that was placed here."""
        no = payment.id.hex
        asked = self.opened[no]
        assert asked["amount"] == {"total": payment.amount, "currency": "CNY"}
        assert asked["notify_url"] == "https://shop.example/api/v1/hooks/payments/wechatpay"
        assert payment.action.kind is not ActionKind.NONE
        self.paid[no] = payment.amount
        self.moods[no] = list(MOODS[mood])

    def callback(self, payment: Payment, twist: Twist = STRAIGHT) -> Callback:
        """Write a notice."""
        said = self._transaction(twist.payment or payment.id.hex, twist.succeeded) | {
            "mchid": MCH if twist.ours else "1900009999",
            "amount": {
                "total": payment.amount if twist.amount is None else twist.amount,
                "currency": twist.currency or "CNY",
                "payer_total": payment.amount,
            },
        }
        kind = "TRANSACTION.SUCCESS" if twist.succeeded else "TRANSACTION.CLOSED"
        return self._notice(kind, said, twist)

    def refund_callback(self, refund: UUID, status: str) -> Callback:
        """Write a notice of a refund."""
        said = {"mchid": MCH, "out_refund_no": refund.hex, "refund_status": status}
        return self._notice(f"REFUND.{status}", said, STRAIGHT)

    async def sent(self, _tx: Tx, payment: Payment) -> int:
        """Say how much went back."""
        return self.sent_of(payment.id.hex)

    async def answer(self, ask: Ask) -> Reply:
        """Serve the API."""
        if self.away:
            return Reply(502, b"<html>bad gateway</html>")
        self._check(ask)
        path = path_of(ask)
        wanted = msgspec.json.decode(ask.body or b"{}", type=dict[str, Any])
        if path == "/v3/certificates":
            status, said = 200, self._keys()
        elif path.startswith("/v3/pay/transactions/out-trade-no/"):
            status, said = self._trade(path.split("/")[5], path.endswith("/close"))
        elif path.startswith("/v3/pay/transactions/"):
            self.opened[wanted["out_trade_no"]] = wanted
            status, said = 200, self._placed(path.rpartition("/")[2], wanted)
        else:
            assert path == "/v3/refund/domestic/refunds"
            status, said = self._refund(wanted)
        if said is None:
            return Reply(status, b"lost")
        body = b"" if status == 204 else msgspec.json.encode(said)
        return Reply(status, body, self._signature(body, datetime.now(UTC) + self.ahead, self._own))

    def _check(self, ask: Ask) -> None:
        found = AUTHORIZATION.fullmatch(ask.headers["authorization"])
        assert found is not None
        text = f"{ask.method}\n{ask.path}\n{found['stamp']}\n{found['nonce']}\n".encode()
        assert rsa.genuine(self._shop.public_key(), text + ask.body + b"\n", found["signature"])
        assert (found["mchid"], found["serial"]) == (MCH, OURS)

    def _keys(self) -> dict[str, Any]:
        self.fetched += 1
        sealed = seal(self._certificate, "certificate")
        return {"data": [{"serial_no": self._serial, "encrypt_certificate": sealed}]}

    def _placed(self, kind: str, wanted: dict[str, Any]) -> dict[str, str]:
        assert (wanted["appid"], wanted["mchid"]) == (APP, MCH)
        if kind == "h5":
            assert wanted["scene_info"]["payer_client_ip"]
            return {"h5_url": "https://wx.tenpay.com/checkmweb?prepay_id=wx1"}
        if kind == "native":
            return {"code_url": "weixin://wxpay/bizpayurl?pr=1"}
        assert wanted["payer"]["openid"]
        return {"prepay_id": "wx201410272009395522657a690389285100"}

    def _trade(self, no: str, close: bool) -> tuple[int, dict[str, Any]]:  # noqa: FBT001 # private
        if close:
            self.closed.add(no)
            return 204, {}
        if no not in self.opened:
            return 404, {"code": "ORDER_NOT_EXIST", "message": "…"}
        if no in self.paid:
            amount = {"total": self.paid[no], "currency": "CNY"}
            return 200, self._transaction(no, succeeded=True) | {"amount": amount}
        if no in self.closed:
            return 200, self._transaction(no, succeeded=False)
        return 200, self._transaction(no, succeeded=False) | {"trade_state": "NOTPAY"}

    def _transaction(self, no: str, succeeded: bool) -> dict[str, Any]:  # noqa: FBT001 # private
        said: dict[str, Any] = {"appid": APP, "mchid": MCH, "out_trade_no": no}
        if not succeeded:
            return said | {"trade_state": "CLOSED"}
        return said | {"trade_state": "SUCCESS", "transaction_id": f"42{UUID(no).int % 10**26:026}"}

    def _refund(self, wanted: dict[str, Any]) -> tuple[int, dict[str, Any] | None]:
        no, refund = wanted["out_trade_no"], wanted["out_refund_no"]
        assert wanted["amount"]["total"] == self.paid[no]
        mood = self.mood(no)
        if mood == "busy":
            return 403, {"code": "NOT_ENOUGH", "message": "余额不足"}
        if mood == "refuse":
            return 400, {"code": "INVALID_REQUEST", "message": "…"}
        if mood == "slow":
            return 200, {"status": "PROCESSING", "out_refund_no": refund}
        self.refund(no, refund, wanted["amount"]["refund"])
        return (500, None) if mood == "lost" else (200, {"status": "SUCCESS"})

    def _notice(self, kind: str, said: dict[str, Any], twist: Twist) -> Callback:
        notice = {
            "id": "EV-1",
            "create_time": "2026-11-21T10:34:56+08:00",
            "event_type": kind,
            "resource_type": "encrypt-resource",
            "resource": seal(msgspec.json.encode(said), "transaction"),
            "summary": "支付成功",
        }
        body = msgspec.json.encode(notice)
        return self._signature(body, now(twist), self._thief if twist.forged else self._own), body

    def _signature(self, body: bytes, at: datetime, signer: rsa.RSAPrivateKey) -> dict[str, str]:
        stamp, nonce = str(int(at.timestamp())), "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"
        return {
            "content-type": "application/json",
            "wechatpay-timestamp": stamp,
            "wechatpay-nonce": nonce,
            "wechatpay-serial": self._serial,
            "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
            "wechatpay-signature": rsa.sign(signer, f"{stamp}\n{nonce}\n".encode() + body + b"\n"),
        }


def seal(text: bytes, associated: str) -> dict[str, str]:
    """Encrypt with the APIv3 key."""
    nonce = "fdasflkja484"
    sealed = AESGCM(SECRET.encode()).encrypt(nonce.encode(), text, associated.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(sealed).decode(),
        "nonce": nonce,
        "associated_data": associated,
        "original_type": "transaction",
    }


def certificate(owner: rsa.RSAPrivateKey) -> bytes:
    """Certify a key."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Tenpay.com sign")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(owner.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=9))
        .sign(owner, SHA256())
    )
    return made.public_bytes(Encoding.PEM)
