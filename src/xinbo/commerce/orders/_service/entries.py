"""What orders write in the books: a sale, and its undoing, piece by piece."""

from xinbo.commerce.books import Leg
from xinbo.commerce.orders._models import OrderRow


def sale(order: OrderRow) -> list[Leg]:
    """Turn what was paid into sales, discounts and freight: the legs sum to zero.

    Debit what the shopper paid before (advances, a deposit) and each discount by its kind;
    credit goods at their prices, and freight.
    """
    off: dict[str, int] = {}
    for line in order.lines:
        for adjustment in line.adjustments:
            account = f"discounts:{adjustment['kind']}"
            off[account] = off.get(account, 0) + int(str(adjustment["amount"]))
    legs = [
        Leg(account="advances", owner_id=order.id, amount=order.total - order.deposit),
        Leg(account="deposits", owner_id=order.id, amount=order.deposit),
        Leg(account="sales", owner_id=order.id, amount=-order.goods),
        Leg(account="freight", owner_id=order.id, amount=-order.freight),
    ]
    return legs + [Leg(account=each, owner_id=order.id, amount=off[each]) for each in sorted(off)]


def unsold(order: OrderRow, goods: int, freight: int) -> list[Leg]:
    """Turn part of a sale back: so much money of goods, so much of freight, in minor units.

    What was taken off stays with the discounts: `returns` is net of them, so a refund of
    everything leaves sales less discounts equal to returns.
    """
    return [
        Leg(account="returns", owner_id=order.id, amount=goods),
        Leg(account="freight", owner_id=order.id, amount=freight),
        Leg(account="refunds_payable", owner_id=order.id, amount=-(goods + freight)),
    ]
