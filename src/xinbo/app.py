"""The web process: every room's routes, in one explicit list."""

import asyncio
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import override

import uvicorn
from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.types import ControllerRouterHandler

from xinbo.analytics.collect._routes import Collector
from xinbo.analytics.metrics._routes import ShowNumbers
from xinbo.commerce import payments
from xinbo.commerce.aftersales._routes import (
    ConsoleAftersales,
    OrderAftersales,
    ShopAftersales,
)
from xinbo.commerce.bargains._routes import ShopBargains
from xinbo.commerce.books._routes import ConsoleBooks
from xinbo.commerce.cart._routes import ShopCart
from xinbo.commerce.catalog._routes import (
    ConsoleCategories,
    ConsoleProducts,
    ShopCategories,
    ShopProducts,
)
from xinbo.commerce.complaints._routes import (
    ConsoleComplaints,
    OrderComplaints,
    ShopComplaints,
)
from xinbo.commerce.freight._routes import FreightTemplates
from xinbo.commerce.fulfilment._routes import (
    ConsoleShipments,
    Prints,
    ShippingBatches,
    ShopShipments,
    TrackingHooks,
)
from xinbo.commerce.groups._routes import ConsoleGroups, ShopGroups
from xinbo.commerce.imports._routes import Exports, Imports
from xinbo.commerce.inventory._routes import (
    ConsoleLevels,
    ConsoleStock,
    ConsoleWarehouses,
    ShopStock,
)
from xinbo.commerce.invoices._routes import ConsoleInvoices, ShopInvoices
from xinbo.commerce.members._routes import ConsoleMembers, ShopMembership
from xinbo.commerce.offers._routes import ShopOffers
from xinbo.commerce.orders import Holds, OrderDesk
from xinbo.commerce.orders._routes import ConsoleOrders, ShopCheckout, ShopOrders
from xinbo.commerce.payments._routes import (
    ConsolePayments,
    PaymentCallbacks,
    Reconciliations,
    ShopPayments,
)
from xinbo.commerce.prices._routes import ConsolePrices, ShopPrices
from xinbo.commerce.promotions._routes import ConsolePromotions, ShopPromotions
from xinbo.engines.bus import Bus
from xinbo.engines.http import HANDLERS, provide_tx, same_site
from xinbo.engines.pages import Pages
from xinbo.engines.process import connected
from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import listener
from xinbo.engines.tx import Database
from xinbo.identity.accounts import authenticate
from xinbo.identity.accounts._routes import (
    DevCodes,
    ShopperProfile,
    ShopperSession,
    Staff,
    StaffSession,
)
from xinbo.identity.follows._routes import ShopFollow
from xinbo.identity.merchants._routes import Merchants
from xinbo.live.broadcasts._routes import ConsoleBroadcasts, MediaHooks, Replays
from xinbo.live.cast._routes import ConsoleCast, GuestLinks
from xinbo.live.chat._routes import ConsoleChat, ShopChat, ShowChat
from xinbo.live.contingency._routes import Incidents, Playbooks, ShowContingency
from xinbo.live.conversations._routes import (
    ConsoleConversations,
    ShopConversations,
    ShowDuty,
)
from xinbo.live.edge._routes import ConsoleTickets, ShopTickets
from xinbo.live.games._routes import ConsoleGames, ShopGames
from xinbo.live.prompter._routes import PrompterReading, ShowPrompter
from xinbo.live.questions._routes import ConsoleQuestions, ShopQuestions, ShowQuestions
from xinbo.live.readiness._routes import KitProbes, ShowReadiness
from xinbo.live.rehearsals._routes import Rehearsals, ShowRehearsals
from xinbo.live.shows._routes import ConsoleShows, ShopShows
from xinbo.live.stage._routes import ConsoleStage, RoomDrops, ShopStage
from xinbo.live.templates._routes import ConsolePlans, ConsoleTemplates
from xinbo.live.timeline._routes import ConsoleTimeline

ROUTES: Sequence[ControllerRouterHandler] = (
    Merchants,
    ShopperSession,
    ShopperProfile,
    DevCodes,
    StaffSession,
    Staff,
    ShopFollow,
    ShopProducts,
    ConsoleProducts,
    ShopCategories,
    ConsoleCategories,
    ShopPrices,
    ConsolePrices,
    ShopStock,
    ConsoleStock,
    ConsoleLevels,
    ConsoleWarehouses,
    Imports,
    Exports,
    FreightTemplates,
    ShopOffers,
    ShopGroups,
    ConsoleGroups,
    ShopMembership,
    ConsoleMembers,
    ShopPromotions,
    ConsolePromotions,
    ShopBargains,
    ShopCart,
    ShopCheckout,
    ShopOrders,
    ConsoleOrders,
    ShopShipments,
    ConsoleShipments,
    ShippingBatches,
    Prints,
    TrackingHooks,
    ShopInvoices,
    ConsoleInvoices,
    OrderAftersales,
    ShopAftersales,
    ConsoleAftersales,
    OrderComplaints,
    ShopComplaints,
    ConsoleComplaints,
    ShopPayments,
    PaymentCallbacks,
    ConsolePayments,
    Reconciliations,
    ConsoleBooks,
    ShopShows,
    ConsoleShows,
    ConsoleTemplates,
    ConsolePlans,
    ConsoleBroadcasts,
    Replays,
    MediaHooks,
    ConsoleCast,
    GuestLinks,
    ShopStage,
    RoomDrops,
    ConsoleStage,
    ShopChat,
    ShowChat,
    ConsoleChat,
    ShopGames,
    ConsoleGames,
    ConsoleTimeline,
    Playbooks,
    ShowContingency,
    Incidents,
    ShowReadiness,
    KitProbes,
    ShowRehearsals,
    Rehearsals,
    ShopQuestions,
    ShowQuestions,
    ConsoleQuestions,
    ShopTickets,
    ConsoleTickets,
    ShopConversations,
    ConsoleConversations,
    ShowDuty,
    ShowPrompter,
    PrompterReading,
    Collector,
    ShowNumbers,
)

ABOUT = """Everything the pages do, they do through this API.

Money is integer minor units (9900 is ¥99.00). Times are UTC, RFC 3339. Lists are paged by cursor.
Refusals are RFC 9457 problem documents whose `type` is a stable name. Requests that change
something need an `Origin` of this site, or the header `X-Requested-With`."""


def create_app(database: Database, settings: Settings, bus: Bus | None = None) -> Litestar:
    """Build the ASGI application. Without a bus nothing that needs one may be called."""
    return Litestar(
        route_handlers=[Router("/", route_handlers=ROUTES, before_request=same_site), Pages],
        dependencies={"tx": Provide(provide_tx)},
        exception_handlers=HANDLERS,
        openapi_config=OpenAPIConfig(
            title="Xinbo",
            version="1",
            description=ABOUT,
            path="/api/v1/docs",
            render_plugins=[
                SwaggerRenderPlugin(
                    js_url="/docs/swagger-ui-bundle.js",
                    css_url="/docs/swagger-ui.css",
                    standalone_preset_js_url="/docs/swagger-ui-standalone-preset.js",
                    favicon='<link rel="icon" href="/icons/favicon.svg" type="image/svg+xml">',
                )
            ],
        ),
        compression_config=CompressionConfig(backend="gzip", minimum_size=1024),
        request_max_body_size=1_000_000,
        state=State(
            {
                "database": database,
                "settings": settings,
                "bus": bus,
                "authenticate": authenticate,
                "order_desk": OrderDesk(database, holds=Holds(*settings.most_unpaid)),
            }
        ),
    )


class _Server(uvicorn.Server):
    """A server that leaves signals to its caller, who cancels it."""

    @contextmanager
    @override
    def capture_signals(self) -> Generator[None]:
        yield


async def serve(settings: Settings) -> None:
    """Serve HTTP until cancelled; requests under way may end."""
    payments.offer(settings)
    async with connected(settings, "web", pool=8) as (database, bus):
        config = uvicorn.Config(
            create_app(database, settings, bus),
            log_level="warning",
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=5,
            proxy_headers=True,
            server_header=False,
        )
        server = _Server(config)
        sockets = [listener("web", settings.host, settings.web_port)]
        serving = asyncio.create_task(server.serve(sockets=sockets))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            server.should_exit = True
            await serving
