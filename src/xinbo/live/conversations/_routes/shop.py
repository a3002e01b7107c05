"""What shoppers do in conversations."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody

from xinbo.commerce.catalog import PictureRefused, ProductNotFound
from xinbo.commerce.orders import OrderNotFound
from xinbo.engines.http import SignInRequired, refuses, shopper
from xinbo.engines.tx import TooManyAttempts, Tx
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page
from xinbo.live import conversations
from xinbo.live.conversations import (
    AttachmentNotFound,
    Conversation,
    ConversationNotFound,
    ConversationOutcome,
    ConversationOver,
    ConversationPicture,
    OpenConversation,
    SayWords,
    ShopperNotFound,
    TalkMessage,
    TooMuchSaid,
)
from xinbo.live.shows import ShowNotFound

KNOWN = (SignInRequired, ConversationNotFound)


def private_picture(content: bytes) -> Response[bytes]:
    """Send a picture that only this reader's browser may keep."""
    headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="image/webp", headers=headers)


class ShopConversations(Controller):
    """A shopper's private conversations with the shop."""

    path = "/api/v1/conversations"
    tags = ("conversations",)

    @get(summary="List one's conversations, the newest first", responses=refuses(SignInRequired))
    async def list_conversations(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Conversation]:
        shopper(tx)
        return await conversations.mine(tx, cursor, limit)

    @post(
        status_code=200,
        summary="Ask the shop something in private, or go on with the open conversation",
        responses=refuses(
            SignInRequired,
            TooManyAttempts,
            ShopperNotFound,
            ShowNotFound,
            ProductNotFound,
            OrderNotFound,
            TooMuchSaid,
        ),
    )
    async def open_conversation(
        self, tx: NamedDependency[Tx], data: JSONBody[OpenConversation]
    ) -> Conversation:
        shopper(tx)
        return await conversations.ask(
            tx, data.show_id, data.kind, data.product_id, data.order_id, data.question, data.id
        )

    @post(
        "/pictures",
        summary="Upload a picture: JPEG, PNG or WebP, at most 5 MB, seen by both sides alone",
        request_max_body_size=6_000_000,
        responses=refuses(SignInRequired, TooManyAttempts, PictureRefused),
    )
    async def add_conversation_picture(
        self,
        tx: NamedDependency[Tx],
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> ConversationPicture:
        shopper(tx)
        return await conversations.add_picture(tx, await data.read())

    @get(
        "/pictures/{attachment_id:uuid}",
        media_type="image/webp",
        summary="Show a picture",
        responses=refuses(SignInRequired, AttachmentNotFound),
    )
    async def get_conversation_picture(
        self, tx: NamedDependency[Tx], attachment_id: FromPath[UUID]
    ) -> Response[bytes]:
        shopper(tx)
        return private_picture(await conversations.picture(tx, attachment_id))

    @get("/{conversation_id:uuid}", summary="Show one conversation", responses=refuses(*KNOWN))
    async def get_conversation(
        self, tx: NamedDependency[Tx], conversation_id: FromPath[UUID]
    ) -> Conversation:
        shopper(tx)
        return await conversations.get(tx, conversation_id)

    @get(
        "/{conversation_id:uuid}/messages",
        summary="List what was said, the newest first",
        responses=refuses(*KNOWN),
    )
    async def list_conversation_messages(
        self,
        tx: NamedDependency[Tx],
        conversation_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[TalkMessage]:
        shopper(tx)
        return await conversations.messages(tx, conversation_id, cursor, limit)

    @post(
        "/{conversation_id:uuid}/messages",
        status_code=200,
        summary="Say something, once per message id; after the end it opens again for a week",
        responses=refuses(
            *KNOWN,
            TooManyAttempts,
            ConversationOver,
            TooMuchSaid,
            AttachmentNotFound,
            ProductNotFound,
            OrderNotFound,
        ),
    )
    async def say_in_conversation(
        self,
        tx: NamedDependency[Tx],
        conversation_id: FromPath[UUID],
        data: JSONBody[SayWords],
    ) -> Conversation:
        shopper(tx)
        return await conversations.say(tx, conversation_id, data)

    @post(
        "/{conversation_id:uuid}/seen",
        status_code=200,
        summary="Note that one has read everything",
        responses=refuses(*KNOWN),
    )
    async def see_conversation(
        self, tx: NamedDependency[Tx], conversation_id: FromPath[UUID]
    ) -> Conversation:
        shopper(tx)
        return await conversations.seen(tx, conversation_id)

    @post(
        "/{conversation_id:uuid}/close",
        status_code=200,
        summary="Say that it is solved",
        responses=refuses(*KNOWN),
    )
    async def close_conversation(
        self, tx: NamedDependency[Tx], conversation_id: FromPath[UUID]
    ) -> Conversation:
        shopper(tx)
        return await conversations.close(tx, conversation_id, ConversationOutcome.SOLVED)
