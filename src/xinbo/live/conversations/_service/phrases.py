"""The merchant's quick replies (常用语)."""

from sqlalchemy import delete, select

from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.live.conversations._models import PhraseRow
from xinbo.live.conversations._types import Phrase, PutPhrases


async def phrases(tx: Tx) -> list[Phrase]:
    """List the quick replies, in order: at most 50."""
    require(tx, Can.SERVE_ORDERS)
    rows = await tx.db.scalars(
        select(PhraseRow)
        .where(PhraseRow.merchant_id == tx.merchant_id)
        .order_by(PhraseRow.position)
    )
    return [Phrase.of(each) for each in rows]


async def put_phrases(tx: Tx, command: PutPhrases) -> list[Phrase]:
    """Write the quick replies anew."""
    require(tx, Can.SERVE_ORDERS)
    await tx.db.execute(delete(PhraseRow).where(PhraseRow.merchant_id == tx.merchant_id))
    tx.db.add_all(
        PhraseRow(
            merchant_id=tx.merchant_id,
            position=position,
            title=each.title.strip(),
            text=each.text.strip(),
        )
        for position, each in enumerate(command.phrases)
    )
    await tx.db.flush()
    return await phrases(tx)
