"""Give tokens out, and read the prompter by one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from xinbo.engines.tx import Tx, system
from xinbo.identity.access import Can, require
from xinbo.live import shows, stage
from xinbo.live.prompter._rules import LASTS, Claims, sign, verify
from xinbo.live.prompter._types import (
    Prompter,
    PrompterCue,
    PrompterNext,
    PrompterProduct,
    PrompterToken,
)
from xinbo.live.shows import Cue, LineUpItem
from xinbo.live.stage import StageItem, StageView


async def token(tx: Tx, show_id: UUID, key: bytes) -> PrompterToken:
    """Give out a token for one show, for whoever runs it."""
    require(tx, Can.RUN_SHOWS)
    await shows.console_get(tx, show_id)
    claims = Claims(tx.merchant_id, show_id, int((tx.now + LASTS).timestamp()))
    signed = sign(claims, key)
    return PrompterToken(
        token=signed,
        path=f"/prompter/{signed}",
        expires_at=datetime.fromtimestamp(claims.until, UTC),
    )


async def read(tx: Tx, signed: str, key: bytes) -> Prompter:
    """Show the prompter to whoever holds a token. Raises `TokenRefused`, `ShowNotFound`."""
    claims = verify(signed, key, tx.now.timestamp())
    own = tx.acting(system(claims.merchant_id))
    view = await stage.console_snapshot(own, claims.show_id)
    cues = await shows.cues(own, claims.show_id)
    items = await shows.line_up(own, claims.show_id)
    at = next((n for n, cue in enumerate(cues) if cue.id == view.cue_id), None)
    cue = None if at is None else cues[at]
    after = cues[0 if at is None else at + 1 :][:1]
    shelf = {item.product_id: item for item in view.items}
    shown = shelf.get(view.explaining_product_id or view.pinned_product_id or claims.show_id)
    return Prompter(
        show_title=view.show.title,
        status=view.show.status,
        live_at=view.show.live_at,
        cues=len(cues),
        text=_text(cue, shown, items),
        cue=None if cue is None else _cue(cue, at or 0, view),
        product=None if shown is None else _product(shown, view),
        next=_next(after[0], shelf) if after else None,
        forbidden=sorted({word for each in cues for word in each.forbidden}),
        notices=[each.text for each in view.notices if each.text],
        pace=view.pace,
        now=tx.now,
    )


def _text(cue: Cue | None, shown: StageItem | None, items: Sequence[LineUpItem]) -> str:
    """Choose what to say: the cue's own words; of a product that is shown beside it, its own."""
    points = {item.product_id: item.talking_points for item in items}
    of_goods = "" if shown is None else points.get(shown.product_id, "")
    if cue is None:
        return of_goods
    other = shown is not None and cue.product_id not in {None, shown.product_id}
    if other:
        return of_goods or cue.talking_points or cue.notes
    return cue.talking_points or of_goods or cue.notes


def _cue(cue: Cue, position: int, view: StageView) -> PrompterCue:
    return PrompterCue(
        position=position,
        kind=cue.kind,
        format=cue.format,
        title=cue.title,
        owner=cue.owner,
        minutes=cue.minutes,
        started_at=view.cue_started_at,
        notes=cue.notes,
        claims=cue.claims,
        forbidden=cue.forbidden,
        target_units=cue.target_units,
    )


def _product(shown: StageItem, view: StageView) -> PrompterProduct:
    explained = shown.product_id == view.explaining_product_id
    return PrompterProduct(
        title=shown.title,
        subtitle=shown.subtitle,
        picture_url=shown.thumb_url,
        price=min((sku.price for sku in shown.skus), default=None),
        list_price=min((sku.list_price for sku in shown.skus), default=None),
        left=sum(sku.left for sku in shown.skus),
        sold_out=shown.sold_out,
        explained_since=view.explaining_since if explained else None,
    )


def _next(cue: Cue, shelf: dict[UUID, StageItem]) -> PrompterNext:
    goods = None if cue.product_id is None else shelf.get(cue.product_id)
    return PrompterNext(
        kind=cue.kind,
        title=cue.title,
        minutes=cue.minutes,
        product="" if goods is None else goods.title,
    )
