"""Money on its way in, and back: each payment's state, as its provider swears to it.

Owns `payment` and `sandbox_refund`. A payment is believed only under the provider's signature,
for its exact amount; repeated and reordered news is harmless, and money goes back at most once.
A provider stands behind the port `Provider`; the sandbox plays all the ways
in which real ones behave.
"""

from xinbo.commerce.payments._service.money import (
    IdempotencyKeyReused,
    PaymentNotFound,
    get,
    hear,
    open_for,
    opened,
    refund,
    send_back,
)
from xinbo.commerce.payments._service.providers import (
    CallbackRefused,
    News,
    Provider,
    ProviderUnknown,
    use,
)
from xinbo.commerce.payments._service.sandbox import (
    PaymentSettled,
    Sandbox,
    call_back,
    confirm_sandbox,
)
from xinbo.commerce.payments._types import (
    Bill,
    ChooseOutcome,
    OpenPayment,
    Outcome,
    Payment,
    PaymentFailed,
    PaymentRefunded,
    PaymentStatus,
    PaymentSucceeded,
)

JOBS = (call_back, send_back)

__all__ = [
    "JOBS",
    "Bill",
    "CallbackRefused",
    "ChooseOutcome",
    "IdempotencyKeyReused",
    "News",
    "OpenPayment",
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
    "Sandbox",
    "call_back",
    "confirm_sandbox",
    "get",
    "hear",
    "open_for",
    "opened",
    "refund",
    "send_back",
    "use",
]
