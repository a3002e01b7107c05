"""What a process offers, by its settings; how each way to pay begins."""

import base64
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.commerce.payments.desk import AMOUNT, Bench
from tests.commerce.payments.far.base import key, private_file, public_file
from tests.commerce.payments.far.stripe import FarStripe
from tests.commerce.payments.far.wechatpay import FarWeChatPay
from xinbo.commerce import payments
from xinbo.commerce.payments import (
    ActionKind,
    CallbackRefused,
    How,
    Outcome,
    PaymentStatus,
    ProviderUnknown,
    RefundStatus,
    Way,
)
from xinbo.commerce.payments._rules import rsa
from xinbo.commerce.payments._service import providers
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id

pytestmark = [
    pytest.mark.anyio,
    # Stripe's SDK calls httpx so; it is theirs to change.
    pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning"),
]


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    """Leave the process as it was."""
    before = [providers.find(name) for name in providers.named()]
    yield
    providers.only(before)


def offered(settings: Settings, tx: Tx) -> list[str]:
    payments.offer(settings)
    return [method.name for method in payments.methods(tx)]


async def test_a_public_server_offers_no_sandbox_unless_told_to(
    tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    for dev, sandbox, wanted in (
        ("1", "", ["sandbox"]),
        ("0", "", []),
        ("0", "1", ["sandbox"]),
        ("1", "0", []),
    ):
        monkeypatch.setenv("XINBO_DEV", dev)
        monkeypatch.setenv("XINBO_SANDBOX", sandbox)
        assert offered(Settings.load(), tx) == wanted


async def test_a_provider_is_offered_once_its_account_is_complete(
    tx: Tx, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mine = private_file(tmp_path, key())
    theirs = public_file(tmp_path, key())
    accounts = {
        "alipay_app_id": "2021",
        "alipay_private_key": mine,
        "alipay_public_key": theirs,
        "wechatpay_app_id": "wx",
        "wechatpay_mch_id": "19",
        "wechatpay_serial": "5F",
        "wechatpay_private_key": mine,
        "wechatpay_api_v3_key": "x" * 32,
        "stripe_secret_key": "sk",
        "stripe_webhook_secret": "whsec",
    }
    every = msgspec.structs.replace(settings, pay=accounts)
    assert offered(every, tx) == ["alipay", "stripe", "wechatpay", "sandbox"]

    for missing in accounts:
        part = {name: value for name, value in accounts.items() if name != missing}
        provider = missing.partition("_")[0]
        assert provider not in offered(msgspec.structs.replace(settings, pay=part), tx)
        assert f"XINBO_{missing}".upper() in caplog.text
    wrong = accounts | {"alipay_private_key": theirs}
    assert "alipay" not in offered(msgspec.structs.replace(settings, pay=wrong), tx)


def test_keys_are_read_as_the_vendors_tools_write_them(tmp_path: Path) -> None:
    pair = key()
    pem = Path(private_file(tmp_path, pair)).read_bytes()
    public = Path(public_file(tmp_path, pair)).read_bytes()
    for text, read in ((pem, rsa.private_key), (public, rsa.public_key)):
        bare = b"".join(text.split(b"\n")[1:-2])
        assert base64.b64decode(bare)
        assert type(read(bare)) is type(read(text))
        with pytest.raises(ValueError):  # noqa: PT011 # which one does not matter
            read(b"nonsense")


@pytest.mark.parametrize(
    ("far", "how", "kind"),
    [
        ("sandbox", How(), ActionKind.SANDBOX),
        ("alipay", How(way=Way.PAGE), ActionKind.REDIRECT),
        ("alipay", How(way=Way.WAP), ActionKind.REDIRECT),
        ("wechatpay by key", How(way=Way.QR), ActionKind.QR),
        ("wechatpay by key", How(way=Way.WAP), ActionKind.REDIRECT),
        ("wechatpay by certificate", How(way=Way.JSAPI, open_id="oUpF8u"), ActionKind.JSAPI),
        ("stripe", How(way=Way.PAGE), ActionKind.REDIRECT),
    ],
)
async def test_each_way_to_pay_begins_as_its_page_needs(
    bench: Bench, far: str, how: How, kind: ActionKind
) -> None:
    async with bench.desk(far) as desk:
        payment = await desk.open(how=how)
        await desk.pay(payment)
        assert await desk.told(payment) == ""
        assert payment.action.kind is kind
        assert (payment.action.url is None) == (kind in {ActionKind.SANDBOX, ActionKind.JSAPI})
        assert ("paySign" in payment.action.params) == (kind is ActionKind.JSAPI)
        assert (await desk.get(payment)).status is PaymentStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("far", "how"),
    [
        ("sandbox", How(way=Way.QR)),
        ("alipay", How(way=Way.JSAPI)),
        ("wechatpay by key", How(way=Way.JSAPI)),
        ("stripe", How(way=Way.WAP)),
    ],
)
async def test_a_way_that_a_provider_does_not_have_is_refused(
    bench: Bench, far: str, how: How
) -> None:
    async with bench.desk(far) as desk:
        with pytest.raises(ProviderUnknown):
            await desk.open(how=how)


async def test_a_new_sum_or_way_gives_the_pending_payment_up(bench: Bench) -> None:
    async with bench.desk("wechatpay by key") as desk:
        bill = desk.bill()
        first = await desk.open(bill)
        again = await desk.open(bill)
        other = await desk.open(bill, How(way=Way.QR))
        balance = await desk.open(msgspec.structs.replace(bill, amount=99, purpose="balance"))

        assert first == again
        assert other.id != first.id
        assert (await desk.get(first)).status is PaymentStatus.FAILED
        assert (await desk.get(other)).status is PaymentStatus.FAILED
        assert (balance.amount, balance.purpose) == (99, "balance")


async def test_an_altered_callback_of_the_sandbox_is_refused_and_its_money_found(
    bench: Bench,
) -> None:
    async with bench.desk("sandbox") as desk:
        for outcome in (Outcome.TAMPER, Outcome.LOST):
            payment = await desk.open()
            async with desk.database.begin(desk.shopper) as tx:
                await payments.confirm_sandbox(tx, payment.id, outcome)
            assert len(desk.jobs.waiting) == (outcome is Outcome.TAMPER)
            desk.jobs.waiting = []
            await desk.check(payment)
            assert (await desk.get(payment)).status is PaymentStatus.SUCCEEDED
        assert await desk.clearing() == 2 * AMOUNT


@pytest.mark.parametrize("far", ["wechatpay by key", "stripe"])
@pytest.mark.parametrize(
    ("said", "status"), [("SUCCESS", RefundStatus.SENT), ("ABNORMAL", RefundStatus.FAILED)]
)
async def test_a_provider_tells_how_a_slow_refund_ended(
    bench: Bench, far: str, said: str, status: RefundStatus
) -> None:
    async with bench.desk(far) as desk:
        assert isinstance(desk.far, FarWeChatPay | FarStripe)
        payment = await desk.paid("slow")
        refund = await desk.refund(payment, 700, "k")
        assert refund is not None
        await desk.work_off()

        for _ in range(2):
            await desk.hear(desk.far.refund_callback(refund.id, said))
        with pytest.raises(CallbackRefused):
            await desk.hear(desk.far.refund_callback(new_id(), said))
        await desk.work_off()

        assert await desk.statuses(payment) == [status]
        assert await desk.clearing() == AMOUNT - 700 * (status is RefundStatus.SENT)
