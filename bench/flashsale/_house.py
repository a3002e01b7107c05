"""What is under the bench: a real PostgreSQL, a merchant, one hot SKU, buyers with sessions."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import text

from xinbo.commerce import catalog, inventory
from xinbo.commerce.catalog import ProductStatus, PutProduct, PutSku
from xinbo.commerce.orders import OrderItem, PlaceOrder
from xinbo.engines.db import migrate
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Database, Role, system
from xinbo.identity import accounts, merchants
from xinbo.identity.accounts import PutAddress
from xinbo.identity.merchants import Merchant
from xinbo.kit.ids import NIL, new_id

PRICE = 9900
MOST = 1000


class Person(msgspec.Struct):
    """A buyer with a session and an address."""

    id: UUID
    address_id: UUID
    cookie: str


class House(msgspec.Struct):
    """One merchant's flash sale."""

    database: Database
    merchant_id: UUID
    sku_id: UUID
    people: Sequence[Person]

    async def refill(self, pieces: int) -> None:
        """Forget all orders, and put so many pieces on the shelf."""
        async with self.database.engine.begin() as connection:
            await connection.execute(
                text('truncate "order", order_line, reservation, event_log, stock cascade')
            )
        async with self.database.begin(system(self.merchant_id)) as tx:
            await inventory.set_on_hand(tx, self.sku_id, pieces)

    async def sold(self) -> tuple[int, int]:
        """Return how many orders there are, and how many pieces are left."""
        async with self.database.begin(system(self.merchant_id)) as tx:
            orders = await tx.db.scalar(text('select count(*) from "order"'))
            (stock,) = await inventory.stock(tx, [self.sku_id])
        return int(orders or 0), stock.left

    @staticmethod
    def check(books: tuple[int, int], placed: int, pieces: int) -> None:
        """Insist that every piece was sold, and sold once."""
        assert books == (placed, pieces - placed) == (pieces, 0), (books, placed, pieces)

    def command(self, person: Person) -> PlaceOrder:
        """Make a request for one piece."""
        line = OrderItem(sku_id=self.sku_id, quantity=1, expected_price=PRICE)
        return PlaceOrder(lines=[line], address_id=person.address_id, show_id=None, note="")


async def build(url: str) -> House:
    """Make the tables, the goods and the people."""
    await migrate(url)
    database = Database(url, RecordedJobs())
    merchant_id = new_id()
    async with database.begin(system(NIL)) as tx:
        await merchants.open_merchant(
            tx,
            Merchant(
                id=merchant_id,
                slug="bench",
                name="bench",
                tagline="",
                avatar_url=None,
                seller_name="bench",
                seller_address="bench",
                seller_contact="bench",
                licence_number="bench",
            ),
        )
    async with database.begin(system(merchant_id)) as tx:
        product = await catalog.add(
            tx,
            PutProduct(
                handle="hot",
                title="hot",
                subtitle="",
                description="",
                unit="件",
                status=ProductStatus.ACTIVE,
                option_names=[],
                skus=[PutSku(id=None, code="hot", options=[], price=PRICE, barcode="")],
            ),
        )
        people: list[Person] = []
        for n in range(MOST):
            shopper_id = await accounts.join(tx, f"+86138{n:08}")
            address = await accounts.add_address(
                tx,
                shopper_id,
                PutAddress(
                    name="李雷",
                    phone="13800000000",
                    region=["浙江省", "杭州市", "西湖区"],
                    street="文三路 1 号",
                    is_default=True,
                ),
            )
            token = await accounts.open_session(tx, Role.SHOPPER, shopper_id)
            people.append(Person(shopper_id, address.id, f"{accounts.SHOPPER_COOKIE}={token}"))
    return House(database, merchant_id, product.skus[0].id, people)
