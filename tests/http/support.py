"""A merchant with something of everything, and people who call at its API."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import msgspec
from httpx import ASGITransport, AsyncClient
from litestar import Litestar
from PIL import Image
from sqlalchemy import text

from tests.http.asked import asked
from tests.http.kept import kept
from tests.http.offered import offered
from tests.http.planned import planned
from tests.http.played import played
from tests.http.prepared import prepared
from tests.http.rehearsed import rehearsed
from tests.http.sent import grouped, sent
from tests.http.served import served
from tests.http.spoken import spoken
from tests.support import opened, planned_show, product_on_sale
from xinbo.commerce import aftersales, cart, catalog, complaints, imports, orders, payments
from xinbo.commerce.aftersales import AskCase, CaseKind, CasePart, Reason
from xinbo.commerce.cart import PutCartLine
from xinbo.commerce.catalog import ProductStatus, PutProduct, PutSku
from xinbo.commerce.complaints import OpenComplaint, Topic
from xinbo.commerce.imports import UpsertKey
from xinbo.commerce.orders import OrderDesk, OrderItem, PlaceOrder
from xinbo.engines.db import Model
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity import accounts
from xinbo.identity.accounts import AddStaff, PutAddress
from xinbo.kit.ids import new_id
from xinbo.live import broadcasts, cast, shows, stage
from xinbo.live.cast import InviteGuest
from xinbo.live.shows import CueKind, PutCue, PutCues, PutShow
from xinbo.live.stage import NoticeKind, PutNotice

SITE = "http://xinbo.test"
OWN_PAGE = {"Origin": SITE}
PRICE = 8_000
PASSWORD = "correct horse battery"


class Person(msgspec.Struct, frozen=True):
    """Someone with a session."""

    id: UUID
    token: str
    staff: bool = False

    @property
    def cookies(self) -> dict[str, str]:
        """What their browser sends."""
        name = accounts.STAFF_COOKIE if self.staff else accounts.SHOPPER_COOKIE
        return {name: self.token}


class World(msgspec.Struct):
    """One merchant, and everything that has an id there."""

    database: Database
    merchant_id: UUID
    slug: str
    owner: Person
    shopper: Person
    neighbour_id: UUID
    """Another customer of the same shop."""
    shown: dict[str, str]
    """Ids by the name of the path parameter: what anybody may know that it exists."""
    hidden: dict[str, str]
    """The same names, for what is not on show."""
    secrets: set[str]
    """Texts that strangers must not read."""

    async def signed_in(self) -> tuple[Person, ...]:
        """Sign owner and shopper in anew: whoever tries all routes signs out as well."""
        async with self.database.begin(system(self.merchant_id)) as tx:
            return (
                Person(self.owner.id, await _session(tx, Role.OWNER, self.owner.id), staff=True),
                Person(self.shopper.id, await _session(tx, Role.SHOPPER, self.shopper.id)),
            )

    async def neighbour(self) -> Person:
        """Sign another customer of the shop in."""
        async with self.database.begin(system(self.merchant_id)) as tx:
            return Person(self.neighbour_id, await _session(tx, Role.SHOPPER, self.neighbour_id))

    async def digest(self) -> dict[str, tuple[Any, ...]]:
        """Sum up the merchant's rows table by table, to see whether any has changed.

        The neighbour's own are left out: what they do there is their business.
        """
        whose = {"id": self.merchant_id, "but": f"%{self.neighbour_id}%"}
        async with self.database.engine.connect() as connection:
            rows = await connection.execute(SUMS, whose)
        return {name: (count, total) for name, count, total in rows}


async def built(database: Database) -> World:
    """Open a merchant and fill the shop."""
    slug = f"m-{new_id()}"
    merchant_id = await opened(database, slug)
    async with database.begin(Actor(merchant_id, Role.OWNER, new_id())) as tx:
        return await _filled(tx, database, slug)


def _sum(name: str) -> str:
    return (
        f"select '{name}', count(*), coalesce(sum(hashtext(t::text)::bigint), 0)"  # noqa: S608 # our own names
        f' from "{name}" t where merchant_id = :id and t::text not like :but'
    )


SUMS = text(
    " union all ".join(
        _sum(table.name) for table in Model.metadata.sorted_tables if "merchant_id" in table.columns
    )
)
"""One question for all tables: every test asks it twice."""


async def _filled(tx: Tx, database: Database, slug: str) -> World:
    """Do as the owner all that an owner does, and as two shoppers what shoppers do."""
    staff = await accounts.add_staff(
        tx,
        AddStaff(email=f"owner@{slug}.example", name="苏木", role=Role.OWNER, password=PASSWORD),
    )
    product = await product_on_sale(tx)
    picture = await catalog.add_picture(tx, product.id, png())
    draft = await catalog.add(tx, draft_product(f"未公开 {slug}"))
    show_id = await planned_show(tx, [product], price=PRICE)
    plan = await shows.plan(tx, show_id)
    plan = await shows.put_cues(tx, show_id, cues(plan.version, product.id, f"台本 {slug}"))
    await shows.start(tx, show_id)
    await stage.publish(tx, show_id)
    key = await broadcasts.stream_key(tx, show_id)
    draft_show = (await shows.add(tx, draft_show_of(f"秘密 {slug}"))).show
    upload = await imports.upload(tx, f"{slug}.csv", b"SKU\nA\n", UpsertKey.SKU)

    phones = [f"13{new_id().int % 10**9:09}" for _ in range(3)]
    buyer, address_id = await _shopper(tx, phones[0])
    neighbour, _ = await _shopper(tx, phones[1])
    recipient = f"韩梅梅 {slug}"
    secret_address = await accounts.add_address(tx, buyer.id, address(recipient, phones[2]))
    sku_id = product.skus[0].id
    as_buyer = tx.acting(Actor(tx.merchant_id, Role.SHOPPER, buyer.id))
    await cart.put(as_buyer, buyer.id, sku_id, PutCartLine(quantity=1, show_id=show_id))
    order = await OrderDesk(database, batched=False).place(
        as_buyer, buyer.id, basket(sku_id, secret_address.id, show_id), str(new_id())
    )
    payment = await orders.open_payment(as_buyer, order.id, "sandbox", str(new_id()))
    money = await _money(tx, as_buyer, buyer.id)
    matter = await _matter(as_buyer, buyer.id, sku_id, secret_address.id, show_id)
    two = msgspec.structs.replace(
        basket(sku_id, secret_address.id, show_id),
        lines=[OrderItem(sku_id=sku_id, quantity=2, expected_price=PRICE)],
    )
    matter |= await sent(as_buyer, buyer.id, two, f"发票 {slug}")
    matter |= await asked(as_buyer, show_id, buyer.id, f"提问 {slug}")
    matter |= await spoken(tx, as_buyer, show_id, f"说过 {slug}"[:40])
    matter |= await served(as_buyer, show_id, f"私聊 {slug}", png())
    crowd = await grouped(tx, buyer.id, sku_id)
    token = await _session(tx, Role.OWNER, staff.id)
    places = await kept(tx, f"暗仓 {slug}")
    secret_offer = f"秘密 {slug}"[:40]
    beside = await offered(tx, secret_offer, sku_id, buyer.id, neighbour.id)
    matter |= await planned(tx, draft_show.id, f"模板 {slug}")
    matter |= await prepared(tx, show_id, f"预案 {slug}")
    matter |= await rehearsed(tx, product)
    guest = await cast.invite(tx, show_id, InviteGuest(name=f"嘉宾 {slug}"[:40]), b"k" * 32)
    matter |= {"guest_id": guest.id}
    told = await stage.notice(tx, show_id, PutNotice(kind=NoticeKind.CORRECTION, text="价格更正"))
    fun = await played(tx, show_id, buyer.id, f"彩蛋 {slug}")
    own = matter | {
        "order_id": order.id,
        "payment_id": payment.id,
        **money,
        "address_id": secret_address.id,
        "import_id": upload.id,
        "staff_id": staff.id,
        "cue_id": plan.cues[0].id,
    }
    shared = {
        "move": "end",
        "provider": "sandbox",
        "prompter_token": "x" * 60,
        "guest_token": "x" * 56,
        "guest_step": "admit",
        "seat_kind": "host",
        "check_key": "risks",
    }
    shown = (
        own
        | beside
        | crowd
        | places
        | fun
        | {
            "product_id": product.id,
            "picture_id": picture.id,
            "sku_id": sku_id,
            "show_id": show_id,
            "notice_id": told.notices[0].id,
        }
    )
    hidden = shown | {
        "product_id": draft.id,
        "sku_id": draft.skus[0].id,
        "show_id": draft_show.id,
        "coupon_id": new_id(),
        "bargain_id": new_id(),
        "group_id": new_id(),
        "game_run_id": new_id(),
        "notice_id": new_id(),
    }
    return World(
        database=database,
        merchant_id=tx.merchant_id,
        slug=slug,
        owner=Person(staff.id, token, staff=True),
        shopper=buyer,
        neighbour_id=neighbour.id,
        shown={name: str(value) for name, value in shown.items()} | shared,
        hidden={name: str(value) for name, value in hidden.items()} | shared,
        secrets={
            *map(str, own.values()),
            str(places["warehouse_id"]),
            f"暗仓 {slug}",
            f"私聊 {slug}",
            f"提问 {slug}",
            str(beside["promotion_id"]),
            secret_offer,
            f"模板 {slug}",
            f"彩蛋 {slug}"[:40],
            str(fun["game_id"]),
            str(fun["prize_id"]),
            str(buyer.id),
            str(address_id),
            str(draft.id),
            str(draft.skus[0].id),
            str(draft_show.id),
            staff.email,
            phones[0],
            phones[2],
            recipient,
            order.number,
            key,
            upload.filename,
            draft.title,
            draft_show.title,
            plan.cues[0].notes,
            token,
            buyer.token,
        },
    )


async def _matter(
    tx: Tx, shopper_id: UUID, sku_id: UUID, address_id: UUID, show_id: UUID
) -> dict[str, UUID]:
    """As a shopper, pay for an order, ask for something to be put right, and complain."""
    desk = OrderDesk(tx.database, batched=False)
    order = await desk.place(tx, shopper_id, basket(sku_id, address_id, show_id), str(new_id()))
    payment = await orders.open_payment(tx, order.id, "sandbox", str(new_id()))
    as_system = tx.acting(system(tx.merchant_id))
    await orders.mark_paid(as_system, order.id, payment.id, payment.amount)
    shown = await aftersales.add_evidence(tx, png())
    wish = AskCase(
        kind=CaseKind.REFUND_ONLY,
        reason=Reason.CHANGED_MIND,
        parts=[CasePart(position=0, quantity=1)],
        picture_ids=[shown.id],
    )
    case = (await aftersales.open_case(tx, order.id, wish, str(new_id()))).case
    complaint = await complaints.open_complaint(
        tx, order.id, OpenComplaint(topic=Topic.OTHER, case_id=case.id), str(new_id())
    )
    return {"case_id": case.id, "complaint_id": complaint.id, "evidence_id": shown.id}


async def _money(tx: Tx, as_buyer: Tx, shopper_id: UUID) -> dict[str, UUID]:
    """Have something paid and sent back, and the day compared with the provider's file."""
    bill = payments.Bill(
        order_id=new_id(),
        shopper_id=shopper_id,
        amount=PRICE,
        currency="CNY",
        expires_at=tx.now + timedelta(minutes=15),
    )
    paid = await payments.open_for(as_buyer, bill, "sandbox", str(new_id()))
    news = payments.News(
        payment_id=paid.id, ref=f"sbx-{paid.id.hex}", succeeded=True, amount=PRICE, currency="CNY"
    )
    as_system = tx.acting(system(tx.merchant_id))
    await payments.settle(as_system, news)
    refund = await payments.refund(as_system, paid.id, PRICE, "all", "changed_mind")
    assert refund is not None
    report = await payments.reconcile_day(tx, "sandbox", None)
    return {"refund_id": refund.id, "report_id": report.id}


async def _shopper(tx: Tx, phone: str) -> tuple[Person, UUID]:
    shopper_id = await accounts.join(tx, f"+86{phone}")
    added = await accounts.add_address(tx, shopper_id, address("李雷", phone))
    token = await _session(tx, Role.SHOPPER, shopper_id)
    return Person(shopper_id, token), added.id


_session = accounts.open_session


def address(name: str, phone: str) -> PutAddress:
    """Make an address."""
    return PutAddress(
        name=name,
        phone=phone,
        region=["浙江省", "杭州市", "西湖区"],
        street="文三路 1 号",
        is_default=True,
    )


def basket(sku_id: UUID, address_id: UUID, show_id: UUID | None) -> PlaceOrder:
    """Make an order of one piece at the show's price."""
    line = OrderItem(sku_id=sku_id, quantity=1, expected_price=PRICE)
    return PlaceOrder(lines=[line], address_id=address_id, show_id=show_id, note="")


def draft_product(title: str) -> PutProduct:
    """Make a product that is not on show."""
    return PutProduct(
        handle=None,
        title=title,
        subtitle="",
        description="",
        unit="瓶",
        status=ProductStatus.DRAFT,
        option_names=[],
        skus=[PutSku(id=None, code=f"D-{new_id()}", options=[], price=PRICE, barcode="")],
    )


def draft_show_of(title: str) -> PutShow:
    """Make a show that is not announced."""
    return PutShow(
        title=title[:60],
        summary="",
        cover_url=None,
        host_name="苏木",
        host_avatar_url=None,
        starts_at=None,
        planned_minutes=60,
        version=None,
    )


def cues(version: int, product_id: UUID, notes: str) -> PutCues:
    """Make a run-of-show of one cue."""
    cue = PutCue(kind=CueKind.PRODUCT, title="讲解", minutes=5, product_id=product_id, notes=notes)
    return PutCues(cues=[cue], version=version)


def png() -> bytes:
    """Draw a small picture."""
    out = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "PNG")
    return out.getvalue()


@asynccontextmanager
async def browser(
    app: Litestar,
    merchant: str,
    *people: Person,
    headers: Mapping[str, str] = OWN_PAGE,
) -> AsyncGenerator[AsyncClient]:
    """Open the shop of that slug in a browser in which these people are signed in."""
    cookies = {name: value for person in people for name, value in person.cookies.items()}
    async with AsyncClient(
        # A fault of ours is an answer to be judged, not an exception to be raised in the caller.
        transport=ASGITransport(app=app, raise_app_exceptions=False),  # pyright: ignore[reportArgumentType] # two spellings of ASGI
        base_url=SITE,
        headers={"X-Merchant": merchant, **headers},
        cookies=cookies,
    ) as client:
        yield client
