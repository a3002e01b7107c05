"""Whoever cheats is caught: by the server where it can, and by anybody with the record."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import delete, update

from tests.live.games.play import (
    as_shopper,
    later,
    lottery,
    on_air,
    person,
    revealed,
    started,
)
from xinbo.engines.tx import Tx
from xinbo.live import games
from xinbo.live.games import Check, DrawRecord, EnterGame, Finding, Noted, Result, genuine, verify
from xinbo.live.games._models import EntryRow, RunRow
from xinbo.live.games._rules import draw
from xinbo.live.games._rules.draw import Line

pytestmark = pytest.mark.anyio


async def played(tx: Tx, people: int = 6) -> tuple[UUID, DrawRecord]:
    """Play a lottery to its end."""
    card = await started(tx, await on_air(tx), lottery())
    for _ in range(people):
        who = await person(tx)
        await games.enter(as_shopper(tx, who), card.id, who, EnterGame())
    _, record = await revealed(tx, card.id)
    return card.id, record


def wrong(findings: list[Finding]) -> set[Check]:
    return {finding.check for finding in findings if finding.result is Result.WRONG}


def drawn_anew(record: DrawRecord, lines: list[Line], **changes: Any) -> DrawRecord:
    """Do what a careful cheat does: change something, and make everything else fit it."""
    record = msgspec.structs.replace(record, **changes)
    hashed = draw.list_hash(record.run_id, lines)
    seed = bytes.fromhex(record.seed or "")
    places = draw.winners("lottery", "", lines, 1, seed, hashed)
    return msgspec.structs.replace(
        record,
        entries=[" ".join(line) for line in lines],
        list_hash=hashed,
        winners=[lines[place].entry for place in places],
    )


def lines_of(record: DrawRecord) -> list[Line]:
    return [Line(*each.split(" ")) for each in record.entries]


async def test_an_honest_record_checks(tx: Tx) -> None:
    _, record = await played(tx)
    assert genuine(verify(record))
    noted = Noted(commitment=record.commitment, list_hash=record.list_hash)
    assert genuine(verify(record, noted))


async def test_another_winner_is_detected(tx: Tx) -> None:
    """The host names a friend who is in the list, too."""
    _, record = await played(tx)
    friend = next(line.entry for line in lines_of(record) if line.entry not in record.winners)
    assert wrong(verify(msgspec.structs.replace(record, winners=[friend]))) == {Check.WINNERS}
    assert Check.WINNERS in wrong(verify(msgspec.structs.replace(record, winners=[])))


async def test_a_swapped_list_is_detected(tx: Tx) -> None:
    """The host draws from a list of friends after the list was published."""
    _, record = await played(tx)
    friends = [Line(draw.digest(str(n)), "", "") for n in range(6)]
    swapped = drawn_anew(record, draw.listed(friends))
    clumsy = msgspec.structs.replace(record, entries=swapped.entries)

    assert Check.LIST in wrong(verify(clumsy))
    # Made to fit throughout, it stands against what phones had before the seed was public.
    noted = Noted(list_hash=record.list_hash)
    assert wrong(verify(swapped, noted)) == {Check.NOTED_LIST}


@pytest.mark.parametrize("place", [0, 3, 5])
async def test_a_dropped_entry_is_detected(tx: Tx, place: int) -> None:
    """The host drops an entry after the close, wherever it stands."""
    _, record = await played(tx)
    lines = lines_of(record)
    fewer = lines[:place] + lines[place + 1 :]
    clumsy = msgspec.structs.replace(record, entries=[" ".join(line) for line in fewer])
    assert Check.LIST in wrong(verify(clumsy))
    careful = drawn_anew(record, fewer)
    assert wrong(verify(careful, Noted(list_hash=record.list_hash))) == {Check.NOTED_LIST}


async def test_an_entry_dropped_before_the_close_is_proved_by_its_receipt(tx: Tx) -> None:
    """The server signed for it: the signature outlives whatever the server forgets."""
    card = await started(tx, await on_air(tx), lottery())
    people = [await person(tx) for _ in range(3)]
    receipts = [await games.enter(as_shopper(tx, who), card.id, who, EnterGame()) for who in people]
    await tx.db.execute(
        delete(EntryRow).where(EntryRow.run_id == card.id, EntryRow.shopper_id == people[0])
    )
    _, record = await revealed(tx, card.id)

    def checked(number: int) -> set[Check]:
        receipt = msgspec.to_builtins(receipts[number])
        return wrong(verify(record, Noted(receipt=receipt)))

    assert genuine(verify(record))  # by itself it looks right
    assert checked(0) == {Check.RECEIPT}
    assert checked(1) == checked(2) == set()


async def test_a_forged_receipt_proves_nothing_against_an_honest_host(tx: Tx) -> None:
    run_id, record = await played(tx)
    forged = {"runId": str(run_id), "entry": "0" * 64, "nonce": "", "answer": "", "signature": ""}
    assert wrong(verify(record, Noted(receipt=forged))) == {Check.RECEIPT}
    signed = forged | {"signature": "00" * 64}
    assert wrong(verify(record, Noted(receipt=signed))) == {Check.RECEIPT}


async def test_an_added_entry_is_detected(tx: Tx) -> None:
    """The host slips a friend in after the close."""
    _, record = await played(tx)
    more = draw.listed([*lines_of(record), Line(draw.digest("friend"), "", "")])
    clumsy = msgspec.structs.replace(record, entries=[" ".join(line) for line in more])
    assert Check.LIST in wrong(verify(clumsy))
    twice = [*record.entries, record.entries[-1]]
    assert Check.LIST in wrong(verify(msgspec.structs.replace(record, entries=twice)))


async def test_a_redraw_with_another_seed_is_detected(tx: Tx) -> None:
    """The host draws until the result suits: the seed was sealed before the first entry."""
    _, record = await played(tx)
    redrawn = drawn_anew(record, lines_of(record), seed="5a" * 32)
    assert Check.COMMITMENT in wrong(verify(redrawn))
    # A new commitment made to fit it stands against the one that every phone had at the start.
    sealed = draw.commitment(redrawn.run_id, redrawn.terms_hash, "5a" * 32, "")
    careful = msgspec.structs.replace(redrawn, commitment=sealed)
    assert wrong(verify(careful)) == set()
    assert wrong(verify(careful, Noted(commitment=record.commitment))) == {Check.NOTED_COMMITMENT}


async def test_terms_changed_afterwards_are_detected(tx: Tx) -> None:
    """Fewer prizes than were promised, or another key for receipts."""
    _, record = await played(tx)
    cheaper = record.terms.replace('"value":19900', '"value":100')
    assert cheaper != record.terms
    assert Check.TERMS in wrong(verify(msgspec.structs.replace(record, terms=cheaper)))
    hashed = draw.digest(cheaper)
    careful = msgspec.structs.replace(record, terms=cheaper, terms_hash=hashed)
    assert Check.COMMITMENT in wrong(verify(careful))


async def test_a_record_of_another_play_is_detected(tx: Tx) -> None:
    _, record = await played(tx)
    other_id, _ = await played(tx)
    moved = msgspec.structs.replace(record, run_id=str(other_id))
    assert {Check.TERMS, Check.COMMITMENT, Check.LIST} <= wrong(verify(moved))


@pytest.mark.parametrize("terms", ["", "[]", "{", "null", '{"runId":1}'])
async def test_rubbish_is_no_record_and_no_fault(tx: Tx, terms: str) -> None:
    _, record = await played(tx, 1)
    hashed = draw.digest(terms)
    broken = msgspec.structs.replace(
        record, terms=terms, terms_hash=hashed, seed="zz", entries=["x"], winners=["y"]
    )
    assert {Check.TERMS, Check.COMMITMENT, Check.LIST, Check.WINNERS} <= wrong(verify(broken))


async def test_the_server_draws_from_no_list_but_the_published_one(tx: Tx) -> None:
    """Rows changed in the database between close and reveal: nothing is drawn, nothing given."""
    card = await started(tx, await on_air(tx), lottery())
    people = [await person(tx) for _ in range(4)]
    for who in people:
        await games.enter(as_shopper(tx, who), card.id, who, EnterGame())
    closed = await games.close(tx, card.id)
    await tx.db.execute(
        delete(EntryRow).where(EntryRow.run_id == card.id, EntryRow.shopper_id == people[2])
    )
    with pytest.raises(games.ListTampered) as refused:
        await games.reveal(later(tx, 10), card.id)
    assert refused.value.facts["published"] == closed.list_hash


async def test_a_result_is_drawn_once(tx: Tx) -> None:
    """A seed changed in the database after the reveal changes no winner, and is detected."""
    run_id, record = await played(tx)
    again = await games.reveal(later(tx, 60), run_id)
    assert [each.entry for each in again.winners] == record.winners
    await tx.db.execute(update(RunRow).where(RunRow.id == run_id).values(seed=b"\x00" * 32))
    after = await games.record(later(tx, 10), run_id)
    assert Check.COMMITMENT in wrong(verify(after))
