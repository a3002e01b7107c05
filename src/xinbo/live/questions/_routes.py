"""HTTP face of the questions room."""

from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from xinbo.engines.http import SignInRequired, refuses, shopper
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.identity.accounts import StaffNotFound
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page
from xinbo.live import questions
from xinbo.live.chat import MessageRefused
from xinbo.live.questions import (
    ActOnQuestion,
    AnotherOnAir,
    AnswerByText,
    Answered,
    Ask,
    Asked,
    FileFormat,
    IllegalQuestionMove,
    MergeInto,
    MergeRefused,
    MyQuestion,
    NotAsking,
    ProductNotInShow,
    PutFollowUp,
    PutQuestion,
    Question,
    QuestionMoved,
    QuestionNotFound,
    QuestionsNotOnAir,
    QuestionStatus,
    Queue,
    SplitOff,
    SplitRefused,
    TakeQuestion,
    TooManyToServe,
)
from xinbo.live.shows import ShowNotFound

STAFF = (SignInRequired, NotPermitted)
ACT = (*STAFF, QuestionNotFound, QuestionMoved, IllegalQuestionMove)
TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ShopQuestions(Controller):
    path = "/api/v1/shows/{show_id:uuid}/questions"
    tags = ("questions",)

    @get(
        summary="List the questions answered in public, the newest first",
        responses=refuses(ShowNotFound),
    )
    async def list_answers(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Answered]:
        return await questions.answered(tx, show_id, cursor, limit)

    @get(
        "/mine",
        summary="List what one asked in the show and what became of it",
        responses=refuses(SignInRequired, ShowNotFound),
    )
    async def list_my_questions(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], limit: FromQuery[Limit] = 50
    ) -> list[MyQuestion]:
        return await questions.own(tx, show_id, shopper(tx), limit)

    @post(
        status_code=200,
        summary="Ask the host something; the same id asks once",
        responses=refuses(SignInRequired, ShowNotFound, NotAsking, MessageRefused),
    )
    async def ask_question(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[Ask]
    ) -> MyQuestion:
        who = shopper(tx)
        return await questions.ask(tx, show_id, who, await accounts.nickname(tx, who), data)


class ShowQuestions(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}/questions"
    tags = ("questions",)

    @get(
        "/queue",
        summary="Show what viewers want to know, the most urgent first",
        responses=refuses(*STAFF, ShowNotFound),
    )
    async def get_queue(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], limit: FromQuery[Limit] = 50
    ) -> Queue:
        return await questions.queue(tx, show_id, limit)

    @get(
        summary="List a show's questions, the newest first",
        responses=refuses(*STAFF, ShowNotFound),
    )
    async def list_questions(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        status: FromQuery[QuestionStatus | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Question]:
        return await questions.console_page(tx, show_id, status, cursor, limit)

    @get(
        "/follow-up",
        summary="List what a show left to be followed up",
        responses=refuses(*STAFF, ShowNotFound),
    )
    async def list_follow_ups(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        done: FromQuery[bool | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Question]:
        return await questions.follow_ups(tx, show_id, cursor, limit, done=done)

    @get(
        "/export",
        summary="Export a show's questions as XLSX or CSV",
        media_type="application/octet-stream",
        responses=refuses(*STAFF, ShowNotFound),
    )
    async def export_questions(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        file_format: FromQuery[FileFormat] = FileFormat.XLSX,
    ) -> Response[bytes]:
        content = await questions.export(tx, show_id, file_format)
        named = f'attachment; filename="questions-{show_id}.{file_format}"'
        return Response(
            content,
            media_type=TYPES[file_format],
            headers={"Content-Disposition": named, "Cache-Control": "private, no-store"},
        )


class ConsoleQuestions(Controller):
    path = "/api/v1/console/questions/{question_id:uuid}"
    tags = ("questions",)

    @get(summary="Show a question", responses=refuses(*STAFF, QuestionNotFound))
    async def get_question(self, tx: NamedDependency[Tx], question_id: FromPath[UUID]) -> Question:
        return await questions.get(tx, question_id)

    @get(
        "/asks",
        summary="List who asked it and how, the newest first",
        responses=refuses(*STAFF, QuestionNotFound),
    )
    async def list_asks(
        self,
        tx: NamedDependency[Tx],
        question_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Asked]:
        return await questions.asked(tx, question_id, cursor, limit)

    @put(
        summary="Word a question better, or say what it is about",
        responses=refuses(*ACT, ProductNotInShow),
    )
    async def put_question(
        self, tx: NamedDependency[Tx], question_id: FromPath[UUID], data: JSONBody[PutQuestion]
    ) -> Question:
        return await questions.put(tx, question_id, data)

    @post(
        "/take",
        status_code=200,
        summary="Answer a question on air from now on",
        responses=refuses(*ACT, QuestionsNotOnAir, AnotherOnAir),
    )
    async def take_question(
        self, tx: NamedDependency[Tx], question_id: FromPath[UUID], data: JSONBody[TakeQuestion]
    ) -> Question:
        return await questions.take(tx, question_id, data)

    @post(
        "/finish",
        status_code=200,
        summary="Say that the question on air is answered",
        responses=refuses(*ACT),
    )
    async def finish_question(
        self, tx: NamedDependency[Tx], question_id: FromPath[UUID], data: JSONBody[ActOnQuestion]
    ) -> Question:
        return await questions.finish(tx, question_id, data)

    @post(
        "/release",
        status_code=200,
        summary="Put the question on air back into the queue",
        responses=refuses(*ACT),
    )
    async def release_question(
        self, tx: NamedDependency[Tx], question_id: FromPath[UUID], data: JSONBody[ActOnQuestion]
    ) -> Question:
        return await questions.release(tx, question_id, data)

    @post(
        "/text",
        status_code=200,
        summary="Answer in writing",
        responses=refuses(*ACT),
    )
    async def answer_by_text(
        self, tx: NamedDependency[Tx], question_id: FromPath[UUID], data: JSONBody[AnswerByText]
    ) -> Question:
        return await questions.answer_text(tx, question_id, data)

    @post(
        "/service",
        status_code=200,
        summary="Hand a question over to service: those who asked get a conversation",
        responses=refuses(*ACT, TooManyToServe),
    )
    async def hand_to_service(
        self, tx: NamedDependency[Tx], question_id: FromPath[UUID], data: JSONBody[ActOnQuestion]
    ) -> Question:
        return await questions.to_service(tx, question_id, data)

    @post(
        "/dismiss",
        status_code=200,
        summary="Take a question out of the queue unanswered",
        responses=refuses(*ACT),
    )
    async def dismiss_question(
        self, tx: NamedDependency[Tx], question_id: FromPath[UUID], data: JSONBody[ActOnQuestion]
    ) -> Question:
        return await questions.dismiss(tx, question_id, data)

    @post(
        "/restore",
        status_code=200,
        summary="Bring a dismissed question back",
        responses=refuses(*ACT),
    )
    async def restore_question(
        self, tx: NamedDependency[Tx], question_id: FromPath[UUID], data: JSONBody[ActOnQuestion]
    ) -> Question:
        return await questions.restore(tx, question_id, data)

    @post(
        "/merge",
        status_code=200,
        summary="Put a question's people into another one",
        responses=refuses(*ACT, MergeRefused),
    )
    async def merge_question(
        self, tx: NamedDependency[Tx], question_id: FromPath[UUID], data: JSONBody[MergeInto]
    ) -> Question:
        return await questions.merge(tx, question_id, data)

    @post(
        "/split",
        status_code=200,
        summary="Make a question of its own of some messages",
        responses=refuses(*ACT, SplitRefused),
    )
    async def split_question(
        self, tx: NamedDependency[Tx], question_id: FromPath[UUID], data: JSONBody[SplitOff]
    ) -> Question:
        return await questions.split(tx, question_id, data)

    @put(
        "/follow-up",
        summary="Say who sees to it after the show, and how far it is",
        responses=refuses(*ACT, StaffNotFound),
    )
    async def put_follow_up(
        self, tx: NamedDependency[Tx], question_id: FromPath[UUID], data: JSONBody[PutFollowUp]
    ) -> Question:
        return await questions.put_follow_up(tx, question_id, data)
