"""HTTP face of the chat room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta

from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.media_client import recording
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import CursorRefused, Limit
from xinbo.kit.wire import Page
from xinbo.live import broadcasts, chat
from xinbo.live.broadcasts import NoRecording
from xinbo.live.chat import (
    AppealCase,
    AppealDecidedAlready,
    AppealedAlready,
    AppealNotFound,
    AppealView,
    Archived,
    ChatRules,
    DecideAppeal,
    Kick,
    MakeAppeal,
    MessageKind,
    MessageNotFound,
    Mute,
    NotThatState,
    PutChatRules,
    PutWords,
    Remove,
    ReplayMessage,
    SaidState,
    Sanction,
    SanctionNotFound,
    StaffSpoke,
    Standing,
    TooManyWords,
    Tried,
    TryText,
    Word,
    WordAction,
    WordNotFound,
    WordRefused,
)
from xinbo.live.shows import ShowNotFound
from xinbo.live.stage import NotOnAir

type Ms = Annotated[int, Meta(ge=0, le=864_000_000)]
type Many = Annotated[int, Meta(ge=1, le=500)]
type Sought = Annotated[str, Meta(max_length=100)]


class ShopChat(Controller):
    path = "/api/v1/shows/{show_id:uuid}/chat"
    tags = ("chat",)

    @get(
        summary="Read the chat of a part of the recording, by programme time in milliseconds",
        responses=refuses(ShowNotFound, CursorRefused),
    )
    async def replay_chat(  # noqa: PLR0913 # the parts of a query
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        *,
        from_ms: FromQuery[Ms] = 0,
        until_ms: FromQuery[Ms] = 864_000_000,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Many] = 200,
    ) -> Page[ReplayMessage]:
        nowhere = broadcasts.Addresses(http="", rtmp="", key=b"")
        try:
            found = await broadcasts.replay(tx, show_id, nowhere)
        except NoRecording:  # nothing to speak beside
            return Page(items=[], next=None)
        parts = await recording(found.playback_url)
        return await chat.replay(tx, show_id, parts, from_ms, until_ms, cursor=cursor, limit=limit)

    @get(
        "/mine",
        summary="See how I stand in this room: what was done, why, by whom",
        responses=refuses(SignInRequired, ShowNotFound),
    )
    async def my_standing(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> Standing:
        return await chat.standing(tx, show_id)

    @post(
        "/appeals",
        summary="Ask the staff to think again",
        responses=refuses(SignInRequired, ShowNotFound, MessageNotFound, AppealedAlready),
    )
    async def make_appeal(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[MakeAppeal]
    ) -> AppealView:
        return await chat.appeal(tx, show_id, data)


class ShowChat(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}/chat"
    tags = ("chat",)

    @get(
        "/rules",
        summary="See how a show's chat is kept in order, and what waits",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def get_chat_rules(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> ChatRules:
        return await chat.rules(tx, show_id)

    @put(
        "/rules",
        summary="Set slow mode, and whether every message waits for the staff",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, NotOnAir),
    )
    async def put_chat_rules(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[PutChatRules]
    ) -> ChatRules:
        return await chat.set_rules(tx, show_id, data)

    @post(
        "/mutes",
        summary="Let the author of a message be silent for a while",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, MessageNotFound, StaffSpoke),
    )
    async def mute(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[Mute]
    ) -> Sanction:
        return await chat.mute(tx, show_id, data)

    @post(
        "/kicks",
        summary="Send the author of a message out for the rest of the show",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, MessageNotFound, StaffSpoke),
    )
    async def kick(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[Kick]
    ) -> Sanction:
        return await chat.kick(tx, show_id, data)

    @post(
        "/messages/{message_id:uuid}/remove",
        status_code=200,
        summary="Take a message off every screen",
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, MessageNotFound, NotThatState
        ),
    )
    async def remove_message(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        message_id: FromPath[UUID],
        data: JSONBody[Remove],
    ) -> Archived:
        return await chat.remove(tx, show_id, message_id, data)

    @post(
        "/messages/{message_id:uuid}/release",
        status_code=200,
        summary="Show a held message",
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, MessageNotFound, NotThatState
        ),
    )
    async def release_message(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], message_id: FromPath[UUID]
    ) -> Archived:
        return await chat.release(tx, show_id, message_id)

    @post(
        "/messages/{message_id:uuid}/reject",
        status_code=200,
        summary="Refuse a held message",
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, MessageNotFound, NotThatState
        ),
    )
    async def reject_message(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        message_id: FromPath[UUID],
        data: JSONBody[Remove],
    ) -> Archived:
        return await chat.reject(tx, show_id, message_id, data)

    @get(
        "/csv",
        summary="Take a show's chat out as CSV (UTF-8 with BOM)",
        media_type="text/csv",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def export_chat(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID]
    ) -> Response[bytes]:
        headers = {"Content-Disposition": f'attachment; filename="chat-{show_id}.csv"'}
        return Response(await chat.export(tx, show_id), media_type="text/csv", headers=headers)


class ConsoleChat(Controller):
    path = "/api/v1/console/chat"
    tags = ("chat",)

    @get(
        "/messages",
        summary="List what was said, the last first",
        responses=refuses(SignInRequired, NotPermitted, CursorRefused),
    )
    async def list_messages(  # noqa: PLR0913 # the filters
        self,
        tx: NamedDependency[Tx],
        *,
        show: FromQuery[UUID | None] = None,
        became: FromQuery[SaidState | None] = None,
        kind: FromQuery[MessageKind | None] = None,
        words: FromQuery[Sought | None] = None,
        rehearsal: FromQuery[bool] = False,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[Archived]:
        return await chat.page_of(
            tx, show, cursor, limit, became=became, kind=kind, words=words, rehearsal=rehearsal
        )

    @get(
        "/words",
        summary="List the words that are refused, held or let through",
        responses=refuses(SignInRequired, NotPermitted, CursorRefused),
    )
    async def list_words(
        self,
        tx: NamedDependency[Tx],
        action: FromQuery[WordAction | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 100,
    ) -> Page[Word]:
        return await chat.words(tx, cursor, limit, action=action)

    @put(
        "/words",
        summary="List words for all shows; those listed already get the new action",
        responses=refuses(SignInRequired, NotPermitted, WordRefused, TooManyWords),
    )
    async def put_words(self, tx: NamedDependency[Tx], data: JSONBody[PutWords]) -> list[Word]:
        return await chat.put_words(tx, data.words)

    @delete(
        "/words/{word_id:uuid}",
        summary="Take a word off the list",
        responses=refuses(SignInRequired, NotPermitted, WordNotFound),
    )
    async def remove_word(self, tx: NamedDependency[Tx], word_id: FromPath[UUID]) -> None:
        await chat.remove_word(tx, word_id)

    @post(
        "/words/try",
        status_code=200,
        summary="Try what the list does to a text",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def try_text(self, tx: NamedDependency[Tx], data: JSONBody[TryText]) -> Tried:
        return await chat.try_text(tx, data.text)

    @get(
        "/sanctions",
        summary="List who was muted or sent out, the last first",
        responses=refuses(SignInRequired, NotPermitted, CursorRefused),
    )
    async def list_sanctions(
        self,
        tx: NamedDependency[Tx],
        *,
        show: FromQuery[UUID | None] = None,
        in_force: FromQuery[bool] = False,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[Sanction]:
        return await chat.sanctions(tx, show, cursor, limit, in_force=in_force)

    @post(
        "/sanctions/{sanction_id:uuid}/lift",
        status_code=200,
        summary="Let someone speak, or come in, again",
        responses=refuses(SignInRequired, NotPermitted, SanctionNotFound),
    )
    async def lift_sanction(self, tx: NamedDependency[Tx], sanction_id: FromPath[UUID]) -> Sanction:
        return await chat.lift(tx, sanction_id)

    @get(
        "/appeals",
        summary="List appeals, the last first",
        responses=refuses(SignInRequired, NotPermitted, CursorRefused),
    )
    async def list_appeals(
        self,
        tx: NamedDependency[Tx],
        *,
        show: FromQuery[UUID | None] = None,
        undecided: FromQuery[bool] = False,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[AppealCase]:
        return await chat.appeals(tx, show, cursor, limit, undecided=undecided)

    @post(
        "/appeals/{appeal_id:uuid}/decide",
        status_code=200,
        summary="Answer an appeal",
        responses=refuses(SignInRequired, NotPermitted, AppealNotFound, AppealDecidedAlready),
    )
    async def decide_appeal(
        self, tx: NamedDependency[Tx], appeal_id: FromPath[UUID], data: JSONBody[DecideAppeal]
    ) -> AppealCase:
        return await chat.decide(tx, appeal_id, data)
