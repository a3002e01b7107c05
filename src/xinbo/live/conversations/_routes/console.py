"""What agents do in conversations."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody

from xinbo.commerce.catalog import PictureRefused, ProductNotFound
from xinbo.commerce.orders import OrderNotFound
from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import TooManyAttempts, Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import CursorRefused, Limit
from xinbo.kit.wire import Page
from xinbo.live import conversations
from xinbo.live.conversations import (
    AgentNotFound,
    AgentOnDuty,
    AttachmentNotFound,
    Beside,
    CloseConversation,
    Conversation,
    ConversationKind,
    ConversationNotFound,
    ConversationOver,
    ConversationPicture,
    DeskLane,
    HandToAftersales,
    NothingToHandOver,
    PassOn,
    Phrase,
    PutPhrases,
    QueueState,
    SayWords,
    ServiceFigures,
    SetDuty,
    TakenBySomeone,
    TalkMessage,
    TooMuchSaid,
)
from xinbo.live.conversations._routes.shop import private_picture
from xinbo.live.shows import ShowNotFound

STAFF = (SignInRequired, NotPermitted)
KNOWN = (*STAFF, ConversationNotFound)
HELD = (*KNOWN, TakenBySomeone, ConversationOver)


class ConsoleConversations(Controller):
    """The agents' desk."""

    path = "/api/v1/console/conversations"
    tags = ("conversations",)

    @get(
        summary="List conversations: what waits stands first, the longest waiting at the top",
        responses=refuses(*STAFF, CursorRefused),
    )
    async def list_console_conversations(  # noqa: PLR0913, PLR0917 # Litestar reads the query here
        self,
        tx: NamedDependency[Tx],
        lane: FromQuery[DeskLane] = DeskLane.OPEN,
        kind: FromQuery[ConversationKind | None] = None,
        show: FromQuery[UUID | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 30,
    ) -> Page[Conversation]:
        return await conversations.queue(tx, lane, kind, show, cursor=cursor, limit=limit)

    @get("/queue", summary="Show the desk at a glance", responses=refuses(*STAFF))
    async def get_queue(
        self, tx: NamedDependency[Tx], show: FromQuery[UUID | None] = None
    ) -> QueueState:
        return await conversations.queue_state(tx, show)

    @get("/phrases", summary="List the quick replies", responses=refuses(*STAFF))
    async def list_phrases(self, tx: NamedDependency[Tx]) -> list[Phrase]:
        return await conversations.phrases(tx)

    @put("/phrases", summary="Write the quick replies, in order", responses=refuses(*STAFF))
    async def put_phrases(
        self, tx: NamedDependency[Tx], data: JSONBody[PutPhrases]
    ) -> list[Phrase]:
        return await conversations.put_phrases(tx, data)

    @post(
        "/pictures",
        summary="Upload a picture to show to a shopper",
        request_max_body_size=6_000_000,
        responses=refuses(*STAFF, TooManyAttempts, PictureRefused),
    )
    async def add_console_conversation_picture(
        self,
        tx: NamedDependency[Tx],
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> ConversationPicture:
        return await conversations.add_picture(tx, await data.read())

    @get(
        "/pictures/{attachment_id:uuid}",
        media_type="image/webp",
        summary="Show a picture to the staff",
        responses=refuses(*STAFF, AttachmentNotFound),
    )
    async def get_console_conversation_picture(
        self, tx: NamedDependency[Tx], attachment_id: FromPath[UUID]
    ) -> Response[bytes]:
        return private_picture(await conversations.picture(tx, attachment_id))

    @get(
        "/{conversation_id:uuid}",
        summary="Show one conversation to the staff",
        responses=refuses(*KNOWN),
    )
    async def get_console_conversation(
        self, tx: NamedDependency[Tx], conversation_id: FromPath[UUID]
    ) -> Conversation:
        return await conversations.get(tx, conversation_id)

    @get(
        "/{conversation_id:uuid}/messages",
        summary="List what was said, the newest first, to the staff",
        responses=refuses(*KNOWN),
    )
    async def list_console_conversation_messages(
        self,
        tx: NamedDependency[Tx],
        conversation_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[TalkMessage]:
        return await conversations.messages(tx, conversation_id, cursor, limit)

    @get(
        "/{conversation_id:uuid}/beside",
        summary="Show what stands beside a conversation: orders, parcels, cases, the product",
        responses=refuses(*KNOWN, OrderNotFound),
    )
    async def get_beside(
        self,
        tx: NamedDependency[Tx],
        conversation_id: FromPath[UUID],
        chosen_order: FromQuery[UUID | None] = None,
        chosen_product: FromQuery[UUID | None] = None,
    ) -> Beside:
        return await conversations.beside(tx, conversation_id, chosen_order, chosen_product)

    @post(
        "/{conversation_id:uuid}/messages",
        status_code=200,
        summary="Answer, once per message id; what nobody has is taken by it",
        responses=refuses(
            *HELD,
            TooManyAttempts,
            TooMuchSaid,
            AttachmentNotFound,
            ProductNotFound,
            OrderNotFound,
        ),
    )
    async def answer_conversation(
        self,
        tx: NamedDependency[Tx],
        conversation_id: FromPath[UUID],
        data: JSONBody[SayWords],
    ) -> Conversation:
        return await conversations.say(tx, conversation_id, data)

    @post(
        "/{conversation_id:uuid}/take",
        status_code=200,
        summary="Take a conversation; of two who do, the second is told who has it",
        responses=refuses(*HELD),
    )
    async def take_conversation(
        self, tx: NamedDependency[Tx], conversation_id: FromPath[UUID]
    ) -> Conversation:
        return await conversations.take(tx, conversation_id)

    @post(
        "/{conversation_id:uuid}/transfer",
        status_code=200,
        summary="Give a conversation to a colleague, or back to the queue",
        responses=refuses(*HELD, AgentNotFound),
    )
    async def transfer_conversation(
        self,
        tx: NamedDependency[Tx],
        conversation_id: FromPath[UUID],
        data: JSONBody[PassOn],
    ) -> Conversation:
        return await conversations.transfer(tx, conversation_id, data)

    @post(
        "/{conversation_id:uuid}/close",
        status_code=200,
        summary="End a conversation, and say how",
        responses=refuses(*HELD),
    )
    async def close_console_conversation(
        self,
        tx: NamedDependency[Tx],
        conversation_id: FromPath[UUID],
        data: JSONBody[CloseConversation],
    ) -> Conversation:
        return await conversations.close(tx, conversation_id, data.result)

    @post(
        "/{conversation_id:uuid}/seen",
        status_code=200,
        summary="Note that the agent has read everything",
        responses=refuses(*KNOWN),
    )
    async def see_console_conversation(
        self, tx: NamedDependency[Tx], conversation_id: FromPath[UUID]
    ) -> Conversation:
        return await conversations.seen(tx, conversation_id)

    @post(
        "/{conversation_id:uuid}/hand-over",
        status_code=200,
        summary="Hand a line of an order over to after-sales: the shopper has one tap left",
        responses=refuses(*HELD, OrderNotFound, NothingToHandOver, TooMuchSaid),
    )
    async def hand_over_conversation(
        self,
        tx: NamedDependency[Tx],
        conversation_id: FromPath[UUID],
        data: JSONBody[HandToAftersales],
    ) -> Conversation:
        return await conversations.hand_over(tx, conversation_id, data)


class ShowDuty(Controller):
    """Who serves a show."""

    path = "/api/v1/console/shows/{show_id:uuid}/service"
    tags = ("conversations",)

    @get(summary="Say how a show was served", responses=refuses(*STAFF, ShowNotFound))
    async def get_service_figures(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID]
    ) -> ServiceFigures:
        return await conversations.figures(tx, show_id)

    @put(
        "/duty",
        summary="Go on duty for a show, give a sign of being there, or go off",
        responses=refuses(*STAFF, ShowNotFound),
    )
    async def set_duty(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[SetDuty]
    ) -> list[AgentOnDuty]:
        return await conversations.set_duty(tx, show_id, on=data.on)
