"""Money on its way in, and back: each payment's state, as its provider swears to it.

Owns `payment`, `refund`, `reconciliation` and `sandbox_money`. A payment is believed only under
the provider's signature, for its exact amount; repeated and reordered news is harmless, and lost
news is asked for. Money goes back once per key and never more than came; whoever must know is told
by events, and the books get an entry. Each provider's file of a day is compared with ours.
Providers stand behind the port `Provider`; the sandbox plays all the ways in which real ones
behave.
"""

from xinbo.commerce.payments._rules.life import RefundStatus, RefundTooLarge
from xinbo.commerce.payments._rules.reconcile import Finding
from xinbo.commerce.payments._rules.statements import LARGEST as LARGEST_STATEMENT
from xinbo.commerce.payments._rules.statements import EntryKind, StatementRefused
from xinbo.commerce.payments._service.checking import check, check_pending
from xinbo.commerce.payments._service.choosing import offer
from xinbo.commerce.payments._service.money import (
    IdempotencyKeyReused,
    get,
    hear,
    open_for,
    opened,
    settle,
)
from xinbo.commerce.payments._service.providers import (
    Answer,
    CallbackRefused,
    Charge,
    News,
    Opened,
    Provider,
    ProviderUnknown,
    RefundAsk,
    RefundNews,
    Returned,
    methods,
    use,
)
from xinbo.commerce.payments._service.reconciling import (
    ReportNotFound,
    reconcile_day,
    reconcile_file,
    report,
    report_csv,
    report_lines,
    reports,
)
from xinbo.commerce.payments._service.refunds import (
    RefundNotFailed,
    refund,
    refund_page,
    refunds_of,
    send_back,
    try_again,
)
from xinbo.commerce.payments._service.rows import PaymentNotFound, RefundNotFound
from xinbo.commerce.payments._service.sandbox import (
    PaymentSettled,
    Sandbox,
    call_back,
    confirm_sandbox,
)
from xinbo.commerce.payments._types import (
    Action,
    ActionKind,
    Bill,
    ChooseOutcome,
    How,
    Method,
    OpenPayment,
    Outcome,
    Payment,
    PaymentFailed,
    PaymentRefunded,
    PaymentStatus,
    PaymentSucceeded,
    Reconciliation,
    ReconciliationLine,
    Refund,
    RefundFailed,
    RunReconciliation,
    Way,
)

JOBS = (call_back, send_back)

__all__ = [
    "JOBS",
    "LARGEST_STATEMENT",
    "Action",
    "ActionKind",
    "Answer",
    "Bill",
    "CallbackRefused",
    "Charge",
    "ChooseOutcome",
    "EntryKind",
    "Finding",
    "How",
    "IdempotencyKeyReused",
    "Method",
    "News",
    "OpenPayment",
    "Opened",
    "Outcome",
    "Payment",
    "PaymentFailed",
    "PaymentNotFound",
    "PaymentRefunded",
    "PaymentSettled",
    "PaymentStatus",
    "PaymentSucceeded",
    "Provider",
    "ProviderUnknown",
    "Reconciliation",
    "ReconciliationLine",
    "Refund",
    "RefundAsk",
    "RefundFailed",
    "RefundNews",
    "RefundNotFailed",
    "RefundNotFound",
    "RefundStatus",
    "RefundTooLarge",
    "ReportNotFound",
    "Returned",
    "RunReconciliation",
    "Sandbox",
    "StatementRefused",
    "Way",
    "call_back",
    "check",
    "check_pending",
    "confirm_sandbox",
    "get",
    "hear",
    "methods",
    "offer",
    "open_for",
    "opened",
    "reconcile_day",
    "reconcile_file",
    "refund",
    "refund_page",
    "refunds_of",
    "report",
    "report_csv",
    "report_lines",
    "reports",
    "send_back",
    "settle",
    "try_again",
    "use",
]
