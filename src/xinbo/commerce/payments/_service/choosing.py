"""Which providers this process offers, by its settings."""

import logging

from xinbo.commerce.payments._service.adapters.account import Account, Incomplete
from xinbo.commerce.payments._service.adapters.alipay import Alipay
from xinbo.commerce.payments._service.adapters.stripe import Stripe
from xinbo.commerce.payments._service.adapters.wechatpay import WeChatPay
from xinbo.commerce.payments._service.providers import Provider, only
from xinbo.commerce.payments._service.sandbox import Sandbox
from xinbo.engines.settings import Settings

REAL: tuple[type[Alipay | WeChatPay | Stripe], ...] = (Alipay, WeChatPay, Stripe)
log = logging.getLogger("xinbo.payments")


def offer(settings: Settings) -> None:
    """Offer every provider whose account is set, and the sandbox where that is allowed.

    An account that is set in part is not offered, and the log says what is missing.
    """
    chosen: list[Provider] = [Sandbox(settings)] if settings.sandbox else []
    for kind in REAL:
        account = Account.of(settings, kind.name)
        if account is None:
            continue
        try:
            chosen.append(kind(account))
        except (Incomplete, ValueError) as fault:
            log.error("%s is not offered: %s", kind.name, fault)  # noqa: TRY400 # no fault of ours
    only(chosen)
