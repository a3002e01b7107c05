"""A shop with goods, stock and shoppers, for the tests of everything that sells."""

from uuid import UUID

from xinbo.commerce import catalog, inventory
from xinbo.commerce.catalog import ProductStatus, PutProduct, PutSku
from xinbo.commerce.orders import Holds, Order, OrderDesk, OrderItem, PlaceOrder
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity import accounts
from xinbo.identity.accounts import PutAddress
from xinbo.kit.ids import new_id

PRICE = 9900


def product(title: str, price: int = PRICE, skus: int = 1) -> PutProduct:
    """Make a product on sale, with that many variants."""
    return PutProduct(
        handle=None,
        title=title,
        subtitle="",
        description="",
        unit="瓶",
        status=ProductStatus.ACTIVE,
        option_names=["规格"],
        skus=[
            PutSku(
                id=None, code=f"{title}-{new_id()}", options=[f"{n} 号"], price=price, barcode=""
            )
            for n in range(skus)
        ],
    )


async def stocked(tx: Tx, pieces: int, *, price: int = PRICE, skus: int = 1) -> list[UUID]:
    """Put a product on sale, with that many pieces of each of its variants."""
    added = await catalog.add(tx, product("洗发水", price, skus))
    ids = [sku.id for sku in added.skus]
    await inventory.set_on_hand_many(tx, dict.fromkeys(ids, pieces))
    return ids


class Buyer:
    """A shopper who has an account and an address."""

    def __init__(self, merchant_id: UUID, shopper_id: UUID, address_id: UUID) -> None:
        self.id = shopper_id
        self.address_id = address_id
        self.actor = Actor(merchant_id, Role.SHOPPER, shopper_id)

    def basket(
        self,
        *sku_ids: UUID,
        quantity: int = 1,
        price: int = PRICE,
        show_id: UUID | None = None,
        note: str = "",
    ) -> PlaceOrder:
        """Make an order of these SKUs."""
        return PlaceOrder(
            lines=[
                OrderItem(sku_id=sku_id, quantity=quantity, expected_price=price)
                for sku_id in sku_ids
            ],
            address_id=self.address_id,
            show_id=show_id,
            note=note,
        )


async def buyer(tx: Tx) -> Buyer:
    """Sign a new shopper up."""
    shopper_id = await accounts.join(tx, f"+86{new_id().int % 10**11:011}")
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
    return Buyer(tx.merchant_id, shopper_id, address.id)


class Shop:
    """A merchant's shop on a database that commits."""

    def __init__(self, database: Database, merchant_id: UUID, *, batched: bool = True) -> None:
        self.database = database
        self.merchant_id = merchant_id
        self.system = system(merchant_id)
        self.desk = OrderDesk(database, batched=batched, holds=Holds(0, 0, 0))

    async def stock(self, pieces: int, *, price: int = PRICE) -> UUID:
        """Put an SKU on sale."""
        async with self.database.begin(self.system) as tx:
            (sku_id,) = await stocked(tx, pieces, price=price)
        return sku_id

    async def buyer(self) -> Buyer:
        """Sign a new shopper up."""
        async with self.database.begin(self.system) as tx:
            return await buyer(tx)

    async def place(self, who: Buyer, command: PlaceOrder, key: str | None = None) -> Order:
        """Order as the shopper does, in a transaction of its own."""
        async with self.database.begin(who.actor) as tx:
            return await self.desk.place(tx, who.id, command, key or str(new_id()))

    async def left(self, sku_id: UUID) -> int:
        """Say how many pieces of the general pool can still be bought."""
        async with self.database.begin(self.system) as tx:
            (stock,) = await inventory.stock(tx, [sku_id])
        return stock.left
