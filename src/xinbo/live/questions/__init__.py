"""What viewers want to know: found in what is said, the same put together, answered, or left over.

Owns `question_desk`, `question` and `question_ask`. Each message counts once and each person
once a question, however often the stream repeats it and whoever reads it. The queue is ordered by
how many ask and how long they wait. A question is answered on air, where the replay finds it, by
text, or by service; what nobody answered is on the show's follow-up list. Rehearsals stay apart.
"""

from xinbo.live.questions._reactions import REACTIONS, listen, settled
from xinbo.live.questions._rules.life import (
    IllegalQuestionMove,
    QuestionKind,
    QuestionStatus,
)
from xinbo.live.questions._rules.topics import QuestionTopic
from xinbo.live.questions._service.acting import (
    AnotherOnAir,
    MergeRefused,
    ProductNotInShow,
    QuestionsNotOnAir,
    SplitRefused,
    dismiss,
    finish,
    merge,
    put,
    release,
    restore,
    split,
    take,
)
from xinbo.live.questions._service.after import (
    erase,
    export,
    follow_ups,
    put_follow_up,
    settle,
)
from xinbo.live.questions._service.answering import TooManyToServe, answer_text, to_service
from xinbo.live.questions._service.hearing import NotAsking, ask, hear
from xinbo.live.questions._service.reads import (
    answered,
    asked,
    console_page,
    get,
    own,
    queue,
)
from xinbo.live.questions._service.rows import QuestionMoved, QuestionNotFound
from xinbo.live.questions._types import (
    ActOnQuestion,
    AnswerByText,
    Answered,
    Ask,
    Asked,
    FileFormat,
    MergeInto,
    MyQuestion,
    PutFollowUp,
    PutQuestion,
    Question,
    QuestionAnswered,
    QuestionsLeft,
    QuestionTaken,
    Queue,
    SplitOff,
    TakeQuestion,
)

__all__ = [
    "REACTIONS",
    "ActOnQuestion",
    "AnotherOnAir",
    "AnswerByText",
    "Answered",
    "Ask",
    "Asked",
    "FileFormat",
    "IllegalQuestionMove",
    "MergeInto",
    "MergeRefused",
    "MyQuestion",
    "NotAsking",
    "ProductNotInShow",
    "PutFollowUp",
    "PutQuestion",
    "Question",
    "QuestionAnswered",
    "QuestionKind",
    "QuestionMoved",
    "QuestionNotFound",
    "QuestionStatus",
    "QuestionTaken",
    "QuestionTopic",
    "QuestionsLeft",
    "QuestionsNotOnAir",
    "Queue",
    "SplitOff",
    "SplitRefused",
    "TakeQuestion",
    "TooManyToServe",
    "answer_text",
    "answered",
    "ask",
    "asked",
    "console_page",
    "dismiss",
    "erase",
    "export",
    "finish",
    "follow_ups",
    "get",
    "hear",
    "listen",
    "merge",
    "own",
    "put",
    "put_follow_up",
    "queue",
    "release",
    "restore",
    "settle",
    "settled",
    "split",
    "take",
    "to_service",
]
