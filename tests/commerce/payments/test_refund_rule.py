"""Whatever is asked, sent and refused in whatever order: never more goes back than came."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from xinbo.commerce.payments import PaymentStatus, RefundTooLarge
from xinbo.commerce.payments._rules.life import standing, to_refund

PAID = 1_000


class Refunds(RuleBasedStateMachine):
    """A payment, and what is asked back of it."""

    pending = Bundle("pending")

    def __init__(self) -> None:
        super().__init__()
        self.on_the_way = 0
        self.sent = 0

    @rule(target=pending, amount=st.none() | st.integers(-5, PAID + 5))
    def ask(self, amount: int | None) -> int:
        asked = self.on_the_way + self.sent
        left = PAID - asked
        if amount is not None and not 0 <= amount <= left:
            with pytest.raises(RefundTooLarge) as refusal:
                to_refund(PAID, asked, amount)
            assert refusal.value.facts["left"] == left
            return 0
        wanted = to_refund(PAID, asked, amount)
        assert wanted == (left if amount is None else amount)
        self.on_the_way += wanted
        return wanted

    @rule(amount=consumes(pending))
    def send(self, amount: int) -> None:
        self.on_the_way -= amount
        self.sent += amount

    @rule(amount=consumes(pending))
    def fail(self, amount: int) -> None:
        self.on_the_way -= amount

    @invariant()
    def never_more_than_came(self) -> None:
        assert 0 <= self.sent + self.on_the_way <= PAID

    @invariant()
    def stands_as_its_sums_say(self) -> None:
        stands = standing(PAID, self.sent, self.on_the_way)
        assert (stands is PaymentStatus.REFUNDING) == (self.on_the_way > 0)
        assert (stands is PaymentStatus.REFUNDED) == (self.sent == PAID)


TestRefunds = Refunds.TestCase
