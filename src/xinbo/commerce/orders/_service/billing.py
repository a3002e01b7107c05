"""Say what an order costs: one function for the page that asks and for the order that is placed.

Any number of wishes are billed with the same few queries, so a flash sale's batch costs hardly
more than one order.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from xinbo.commerce import (
    bargains,
    catalog,
    freight,
    inventory,
    members,
    offers,
    pricing,
    promotions,
)
from xinbo.commerce.catalog import SkuCard
from xinbo.commerce.freight import Freight, Parcel
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.offers import NotOnSale, OfferGone, OfferKind, PresaleTerms, Quote
from xinbo.commerce.orders._types import Chosen, Recipient
from xinbo.commerce.pricing import Basket, BasketLine, Bill, PointsOffer, Rule
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.accounts import AddressNotFound
from xinbo.kit.errors import Conflict, XinboError
from xinbo.kit.ids import NIL


class NotDelivered(Conflict):
    """Raised when goods (`sku_ids`) are not sent to the address that was given."""


class CouponRefused(Conflict):
    """Raised when a coupon is not the shopper's, or cannot be used now: they look alike."""


class Want(msgspec.Struct, frozen=True):
    """What a shopper means to buy, and everything that decides what it costs."""

    shopper_id: UUID
    lines: tuple[tuple[UUID, int], ...]
    """SKU and pieces."""
    address_id: UUID | None
    show_id: UUID | None
    chosen: Chosen | None = None
    coupon_id: UUID | None = None
    points: int = 0


class Present(msgspec.Struct, frozen=True):
    """A gift that comes along: what it is, how many, and which rule gives it."""

    card: SkuCard
    quantity: int
    name: str


class Billed(msgspec.Struct, frozen=True):
    """A wish with its bill."""

    want: Want
    quotes: list[Quote]
    """One for each line, in their order."""
    cards: dict[UUID, SkuCard]
    bill: Bill
    presents: list[Present]
    recipient: Recipient | None
    freight: Freight | None
    presale: PresaleTerms | None

    @property
    def show_id(self) -> UUID | None:
        """The show that sells it: the one named, if any line has that show's offer."""
        named = self.want.show_id
        return named if any(quote.venue_id == named for quote in self.quotes) else None

    @property
    def deposit(self) -> int:
        """What is paid first of a pre-sale."""
        return 0 if self.presale is None else self.presale.deposit * self.want.lines[0][1]

    @property
    def kind(self) -> OfferKind:
        """The way it is sold: the chosen one, of several plain ones retail."""
        kinds = {quote.kind for quote in self.quotes}
        return kinds.pop() if len(kinds) == 1 else OfferKind.RETAIL


class _World(msgspec.Struct, frozen=True):
    """What the database says of all wishes at once."""

    levels: dict[UUID, int]
    quotes: dict[tuple[UUID | None, int, UUID], Quote]
    chosen: dict[int, Quote | XinboError]
    cards: dict[UUID, SkuCard]
    addresses: dict[tuple[UUID, UUID], Recipient]
    rules: dict[UUID | None, list[Rule]]
    coupons: dict[tuple[UUID, UUID], Rule]
    points: members.PointsRule | None


async def bill_all(
    tx: Tx, wants: Sequence[Want], *, lock: bool = False
) -> list[Billed | XinboError]:
    """Bill every wish at this moment, or say why it cannot be: `NotOnSale`, `OfferGone`, ….

    With `lock` nobody can help a bargain until the transaction ends: the price that is billed
    is the price that is charged.
    """
    if not wants:
        return []
    world = await _look(tx, wants, lock=lock)
    answers: list[Billed | XinboError] = [
        _basket(place, want, world) for place, want in enumerate(wants)
    ]
    answers = await _with_gifts(tx, answers)
    return await _with_freight(tx, answers, world)


async def _look(tx: Tx, wants: Sequence[Want], *, lock: bool) -> _World:
    levels = await members.levels(tx, sorted({want.shopper_id for want in wants}))
    chosen = await _chosen(tx, wants, lock=lock)
    plain = [want for want in wants if want.chosen is None]
    rules = {show_id: await promotions.rules(tx, show_id) for show_id in {w.show_id for w in plain}}
    gifts = {
        gift.sku_id
        for some in rules.values()
        for rule in some
        for tier in rule.tiers
        for gift in tier.gifts
    }
    cards = await catalog.skus(tx, {sku_id for want in wants for sku_id, _ in want.lines} | gifts)
    quotes: dict[tuple[UUID | None, int, UUID], Quote] = {}
    for show_id, level in {(want.show_id, levels.get(want.shopper_id, 0)) for want in plain}:
        skus = {
            sku_id
            for want in plain
            if (want.show_id, levels.get(want.shopper_id, 0)) == (show_id, level)
            for sku_id, _ in want.lines
        }
        found = await offers.quote(tx, sorted(skus), show_id, level, cards=cards)
        quotes |= {(show_id, level, sku_id): quote for sku_id, quote in found.items()}
    book = await accounts.addresses_of(
        tx, ((want.shopper_id, want.address_id) for want in wants if want.address_id)
    )
    using = [(want.shopper_id, want.coupon_id) for want in wants if want.coupon_id]
    spending = any(want.points for want in wants)
    return _World(
        levels=levels,
        quotes=quotes,
        chosen=chosen,
        cards=cards,
        addresses={pair: Recipient.of(address) for pair, address in book.items()},
        rules=rules,
        coupons=await promotions.coupon_rules(tx, using) if using else {},
        points=await members.rule(tx) if spending else None,
    )


async def _chosen(tx: Tx, wants: Sequence[Want], *, lock: bool) -> dict[int, Quote | XinboError]:
    """Quote the ways that shoppers chose, by the wish's place."""
    found: dict[int, Quote | XinboError] = {}
    plain: dict[UUID, list[int]] = {}
    for place, want in enumerate(wants):
        if want.chosen is None:
            continue
        if want.chosen.bargain_id is None:
            plain.setdefault(want.chosen.offer_id, []).append(place)
            continue
        try:
            deal = await bargains.price_of(tx, want.chosen.bargain_id, want.shopper_id, lock=lock)
        except XinboError as refusal:
            found[place] = refusal
            continue
        answer = await offers.quote_special(tx, [(deal.offer_id, deal.price)])
        found[place] = answer[deal.offer_id]
    answers = await offers.quote_special(tx, [(each, None) for each in plain]) if plain else {}
    for offer_id, places in plain.items():
        for place in places:
            found[place] = _unbargained(answers[offer_id])
    return found


def _unbargained(answer: Quote | OfferGone) -> Quote | XinboError:
    """Refuse to sell at a bargain's price without a bargain, and count what a deposit is worth."""
    if isinstance(answer, OfferGone):
        return answer
    if answer.kind is OfferKind.BARGAIN:
        return OfferGone(offer_id=answer.offer_id)
    if isinstance(answer.terms, PresaleTerms):
        bonus = answer.terms.worth - answer.terms.deposit
        return msgspec.structs.replace(answer, price=answer.price - bonus)
    return answer


def _basket(place: int, want: Want, world: _World) -> Billed | XinboError:
    level = world.levels.get(want.shopper_id, 0)
    quotes: list[Quote] = []
    for sku_id, _ in want.lines:
        quote = world.chosen.get(place) or world.quotes.get((want.show_id, level, sku_id))
        if isinstance(quote, XinboError):
            return quote
        if quote is None or quote.sku_id != sku_id:
            return NotOnSale(sku_id=sku_id)
        quotes.append(quote)
    recipient = None
    if want.address_id is not None:
        recipient = world.addresses.get((want.shopper_id, want.address_id))
        if recipient is None:
            return AddressNotFound(address_id=want.address_id)
    coupon = None
    if want.coupon_id is not None:
        coupon = world.coupons.get((want.shopper_id, want.coupon_id))
        if coupon is None:
            return CouponRefused(coupon_id=want.coupon_id)
    terms = quotes[0].terms
    return Billed(
        want=want,
        quotes=quotes,
        cards=world.cards,
        bill=pricing.price(_asked(want, quotes, world, coupon, 0)),
        presents=[],
        recipient=recipient,
        freight=None,
        presale=terms if isinstance(terms, PresaleTerms) else None,
    )


def _asked(
    want: Want, quotes: Sequence[Quote], world: _World, coupon: Rule | None, freight: int
) -> Basket:
    return Basket(
        lines=[
            BasketLine(
                position=position,
                sku_id=sku_id,
                product_id=quote.product_id,
                category_ids=world.cards[sku_id].category_ids,
                quantity=quantity,
                price=quote.price,
                list_price=max(quote.list_price, quote.price),
                locked=quote.locked,
                points=want.chosen is None,
            )
            for position, ((sku_id, quantity), quote) in enumerate(
                zip(want.lines, quotes, strict=True)
            )
        ],
        rules=world.rules.get(want.show_id, []) if want.chosen is None else [],
        coupon=coupon,
        points=None
        if world.points is None or not want.points
        else PointsOffer(
            points=want.points,
            fen_per_100=world.points.fen_per_100,
            most_per_10_000=world.points.most_per_10_000,
        ),
        freight=freight,
    )


async def _with_gifts(tx: Tx, answers: Sequence[Billed | XinboError]) -> list[Billed | XinboError]:
    """Add the gifts that are there: one that has run out is left out, and the bill says so."""
    earned = {
        gift.sku_id for each in answers if isinstance(each, Billed) for gift in each.bill.gifts
    }
    if not earned:
        return list(answers)
    left = await inventory.left(tx, [(sku_id, NIL) for sku_id in earned])
    return [
        _presented(each, left) if isinstance(each, Billed) and each.bill.gifts else each
        for each in answers
    ]


def _presented(billed: Billed, left: Mapping[tuple[UUID, UUID], int]) -> Billed:
    wanted = dict(billed.want.lines)
    presents: list[Present] = []
    kept: list[pricing.GiftLine] = []
    for gift in billed.bill.gifts:
        card = billed.cards.get(gift.sku_id)
        spare = left[gift.sku_id, NIL] - wanted.get(gift.sku_id, 0)
        if card is not None and card.on_sale and spare >= gift.quantity:
            presents.append(Present(card, gift.quantity, gift.name))
            kept.append(gift)
            wanted[gift.sku_id] = wanted.get(gift.sku_id, 0) + gift.quantity
    bill = msgspec.structs.replace(billed.bill, gifts=kept)
    return msgspec.structs.replace(billed, bill=bill, presents=presents)


async def _with_freight(
    tx: Tx, answers: Sequence[Billed | XinboError], world: _World
) -> list[Billed | XinboError]:
    """Charge the way to the address, where one is known."""
    sent = [
        (place, each, each.recipient)
        for place, each in enumerate(answers)
        if isinstance(each, Billed) and each.recipient is not None
    ]
    charged = list(answers)
    quoted = await freight.quote_all(
        tx, [(_parcels(each), recipient.region) for _, each, recipient in sent]
    )
    for (place, each, _), quote in zip(sent, quoted, strict=True):
        billed = msgspec.structs.replace(each, freight=quote)
        if quote.amount:
            coupon = world.coupons.get((each.want.shopper_id, each.want.coupon_id or NIL))
            basket = _asked(each.want, each.quotes, world, coupon, quote.amount)
            bill = msgspec.structs.replace(pricing.price(basket), gifts=each.bill.gifts)
            billed = msgspec.structs.replace(billed, bill=bill)
        charged[place] = billed
    return charged


def _parcels(billed: Billed) -> list[Parcel]:
    return [
        Parcel(
            sku_id=line.sku_id,
            product_id=billed.cards[line.sku_id].product_id,
            quantity=line.quantity,
            grams=billed.cards[line.sku_id].grams,
            amount=line.payable,
        )
        for line in billed.bill.lines
    ]


def taken(billed: Billed) -> list[inventory.Take]:
    """List the pieces that an order sets aside: each SKU of a pool once."""
    pieces: dict[tuple[UUID, UUID], int] = {}
    for quote, (sku_id, quantity) in zip(billed.quotes, billed.want.lines, strict=True):
        pieces[sku_id, quote.pool_id] = pieces.get((sku_id, quote.pool_id), 0) + quantity
    for present in billed.presents:
        pair = (present.card.sku_id, NIL)
        pieces[pair] = pieces.get(pair, 0) + present.quantity
    return [
        inventory.Take(sku_id=sku_id, pool_id=pool_id, quantity=quantity)
        for (sku_id, pool_id), quantity in pieces.items()
    ]


def short_of(billed: Billed, left: Mapping[tuple[UUID, UUID], int]) -> Iterable[OutOfStock]:
    """Name the lines of which there are too few."""
    for quote, (sku_id, quantity) in zip(billed.quotes, billed.want.lines, strict=True):
        if (pieces := left[sku_id, quote.pool_id]) < quantity:
            yield OutOfStock(sku_id=sku_id, wanted=quantity, left=pieces)
