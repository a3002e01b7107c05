"""A merchant with staff, goods and shows, made through the rooms' doors as a command would."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec

import xinbo.demo
from xinbo.commerce import catalog, inventory, promotions
from xinbo.commerce.catalog import Product, ProductStatus, PutProduct, PutSku
from xinbo.commerce.promotions import PutItem, PutPromotion, Rule
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity import accounts, merchants
from xinbo.identity.accounts import AddStaff, PutAddress, StaffMember
from xinbo.identity.merchants import Merchant
from xinbo.kit.ids import NIL, new_id
from xinbo.live import broadcasts, readiness, shows, stage
from xinbo.live.readiness import Camera, KeepKitTest, Measured, Microphone, Stability, Upload
from xinbo.live.readiness import Screen as KitScreen
from xinbo.live.shows import (
    CueKind,
    PutCue,
    PutCues,
    PutLineUp,
    PutLineUpItem,
    PutLineUpSku,
    PutShow,
)

ASSETS = Path(xinbo.demo.__file__).parent / "assets"
PASSWORD = "a-long-enough-password"
SERUM, CREAM, CUP = "积雪草舒缓精华", "玉泽修护面霜", "青瓷品茗杯"


class Site(msgspec.Struct, frozen=True):
    """Where the running Xinbo is, and the door to its database."""

    settings: Settings
    database: Database

    @property
    def url(self) -> str:
        """Its first page, without the slash."""
        return self.settings.web_url


class House(msgspec.Struct, frozen=True):
    """One merchant. Nobody but the journey that opened it knows of it."""

    site: Site
    merchant_id: UUID
    slug: str
    goods: dict[str, Product]

    @property
    def shop(self) -> str:
        """The address of its shop, without the slash."""
        return f"{self.site.url}/{self.slug}"

    async def seat(self, role: Role) -> str:
        """Give someone a seat; return the e-mail that `PASSWORD` belongs to."""
        return (await self._member(role)).email

    async def show(
        self,
        titles: Sequence[str] = (SERUM, CREAM, CUP),
        *,
        stock: int | None = 50,
        live: bool = True,
        pinned: str | None = None,
        title: str = "初秋舒缓专场",
    ) -> UUID:
        """Plan a show that sells these goods at 8/10 of their price, and put it on air."""
        async with self.tx() as tx:
            show_id = await _plan(tx, [self.goods[each] for each in titles], stock, title)
            await shows.schedule(tx, show_id) if not live else await shows.start(tx, show_id)
        if pinned:
            await self.pin(show_id, pinned)
        return show_id

    async def pin(self, show_id: UUID, title: str | None) -> None:
        """Put a product on every phone."""
        async with self.tx() as tx:
            await stage.pin(tx, show_id, self.goods[title].id if title else None)

    async def reprice(self, show_id: UUID, price: int, stock: int | None = 50) -> None:
        """Change every price of a show's line-up while it runs."""
        async with self.tx() as tx:
            plan = await shows.plan(tx, show_id)
            items = [
                PutLineUpItem(
                    product_id=item.product_id,
                    talking_points=item.talking_points,
                    skus=[PutLineUpSku(sku.sku_id, price, stock) for sku in item.skus],
                )
                for item in plan.line_up
            ]
            await shows.put_line_up(tx, show_id, PutLineUp(items=items, version=plan.version))

    async def promote(
        self, rule: Rule, *items: PutItem, name: str = "初秋好价", days: int = 1
    ) -> UUID:
        """Sell goods in a special way in the whole shop, from now on."""
        async with self.tx() as tx:
            draft = await promotions.add(
                tx,
                PutPromotion(
                    name=name,
                    venue_id=NIL,
                    starts_at=tx.now,
                    ends_at=tx.now + timedelta(days=days),
                    rule=rule,
                    items=list(items),
                    version=None,
                ),
            )
            await promotions.schedule(tx, draft.id)
        return draft.id

    async def checked(self, show_id: UUID) -> None:
        """Have the host's kit tested well, so that a show with a run-of-show may go on air."""
        measured = Measured(
            camera=Camera(width=1280, height=720, fps=30),
            microphone=Microphone(level=-18, noise=-55, clipped=0),
            upload=Upload(mbps=12, least=9),
            stability=Stability(delay=20, jitter=4, lost=0, tries=20),
            screen=KitScreen(width=1440, height=900, awake=True),
        )
        async with self.tx(Actor(self.merchant_id, Role.HOST, new_id())) as tx:
            await readiness.keep_kit_test(tx, show_id, KeepKitTest(measured=measured))

    async def stream_key(self, show_id: UUID) -> str:
        """Read the key that an encoder publishes with."""
        async with self.tx() as tx:
            return await broadcasts.stream_key(tx, show_id)

    async def shopper(self, phone: str, *, address: bool = True) -> str:
        """Have a shopper signed in; return the session's token."""
        async with self.tx() as tx:
            shopper_id = await accounts.join(tx, phone, "阿澈")
            token = await accounts.open_session(tx, Role.SHOPPER, shopper_id)
        if address:
            async with self.tx(Actor(self.merchant_id, Role.SHOPPER, shopper_id)) as tx:
                await accounts.add_address(tx, shopper_id, ADDRESS)
        return token

    async def staff(self, role: Role) -> str:
        """Give someone a seat and have them signed in; return the session's token."""
        member = await self._member(role)
        async with self.tx() as tx:
            return await accounts.open_session(tx, role, member.id)

    async def _member(self, role: Role) -> StaffMember:
        email = f"{role}@{self.slug}.example"
        seat = AddStaff(email=email, name=f"林{role}", role=role, password=PASSWORD)
        async with self.tx() as tx:
            return await accounts.add_staff(tx, seat)

    def tx(self, actor: Actor | None = None):  # noqa: ANN201 - an async context of a Tx
        """Begin a transaction, as the merchant's system unless an actor is named."""
        return self.site.database.begin(actor or system(self.merchant_id))


ADDRESS = PutAddress(
    name="阿澈",
    phone="13800000000",
    region=["浙江省", "杭州市", "西湖区"],
    street="文三路 100 号 3 幢 502",
    is_default=True,
)


async def open_house(site: Site, slug: str) -> House:
    """Open a merchant with three goods."""
    merchant_id = new_id()
    async with site.database.begin(system(NIL)) as tx:
        await merchants.open_merchant(tx, await _merchant(site, merchant_id, slug))
    async with site.database.begin(system(merchant_id)) as tx:
        goods = {
            SERUM: await _product(tx, SERUM, "瓶", [["30 mL"], ["50 mL"]], 16_900, "serum"),
            CREAM: await _product(tx, CREAM, "罐", [], 19_900, "cream"),
            CUP: await _product(tx, CUP, "只", [], 8_800, "cup-sky"),
        }
    return House(site, merchant_id, slug, goods)


async def _merchant(site: Site, merchant_id: UUID, slug: str) -> Merchant:
    picture = await site.database.blobs.put((ASSETS / "merchant.webp").read_bytes(), "webp")
    return Merchant(
        id=merchant_id,
        slug=slug,
        name="青禾生活",
        tagline="护肤与茶器,慢慢挑",
        avatar_url=f"/blobs/{picture}",
        seller_name="青禾生活科技有限公司",
        seller_address="浙江省杭州市西湖区示例路 1 号",
        seller_contact="400-000-0000",
        licence_number="91330100EXAMPLE00X",
    )


async def _product(  # noqa: PLR0913, PLR0917 - a product is that many things
    tx: Tx, title: str, unit: str, variants: list[list[str]], price: int, picture: str
) -> Product:
    skus = [
        PutSku(
            id=None,
            code=f"SKU-{new_id()}",
            options=options,
            price=price + 5_000 * number,
            barcode="",
        )
        for number, options in enumerate(variants or [[]])
    ]
    product = await catalog.add(
        tx,
        PutProduct(
            handle=None,
            title=title,
            subtitle="换季时的一层薄护",
            description="质地清爽,早晚洁面后取 2~3 滴。",
            unit=unit,
            status=ProductStatus.ACTIVE,
            option_names=["容量"] if variants else [],
            skus=skus,
        ),
    )
    await inventory.set_on_hand_many(tx, {sku.id: 900 for sku in product.skus})
    await catalog.add_picture(tx, product.id, (ASSETS / f"{picture}.webp").read_bytes())
    return product


async def _plan(tx: Tx, products: list[Product], stock: int | None, title: str) -> UUID:
    picture = await tx.database.blobs.put((ASSETS / "cover-portrait.webp").read_bytes(), "webp")
    plan = await shows.add(
        tx,
        PutShow(
            title=title,
            summary="三件自用好物,讲清成分、用法和不适合谁。",
            cover_url=f"/blobs/{picture}",
            host_name="苏木",
            host_avatar_url=None,
            starts_at=tx.now + timedelta(hours=1),
            planned_minutes=60,
            version=None,
        ),
    )
    items = [
        PutLineUpItem(
            product_id=product.id,
            talking_points="先讲质地,再讲用法。",
            skus=[PutLineUpSku(sku.id, sku.price * 8 // 10, stock) for sku in product.skus],
        )
        for product in products
    ]
    plan = await shows.put_line_up(tx, plan.show.id, PutLineUp(items=items, version=plan.version))
    cues = [PutCue(CueKind.STORY, "开场", 5, None, "")]
    cues += [PutCue(CueKind.PRODUCT, f"讲解 · {each.title}", 15, each.id, "") for each in products]
    await shows.put_cues(tx, plan.show.id, PutCues(cues=cues, version=plan.version))
    return plan.show.id
