"""HTTP face of the games room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from xinbo.commerce.promotions import CouponNotOnOffer, CouponsGone, PromotionNotFound
from xinbo.engines.callers import Caller
from xinbo.engines.http import (
    Http,
    IdempotencyKeyRequired,
    SignInRequired,
    idempotency_key,
    refuses,
    shopper,
)
from xinbo.engines.tx import TooManyAttempts, Tx
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.identity.accounts import AddressNotFound
from xinbo.kit.paging import CursorRefused, Limit
from xinbo.kit.wire import Page
from xinbo.live import games
from xinbo.live.games import (
    AnswerRefused,
    BuyFirst,
    Caught,
    ClaimPrize,
    CommentFirst,
    DrawRecord,
    EnterGame,
    EntriesClosed,
    EntryReceipt,
    FollowFirst,
    Game,
    GameCard,
    GameMoved,
    GameNotFound,
    GameRefused,
    GameRunning,
    GameRunNotFound,
    GameSeen,
    InsiderRefused,
    JoinClubFirst,
    ListTampered,
    PacketLimit,
    PrizeAddressMissing,
    PrizeNotFound,
    PrizeNotToSend,
    PutGame,
    RoomNotOpen,
    SendPrize,
    StartGame,
    WonBy,
    WonPrize,
)
from xinbo.live.shows import ShowNotFound

Run = Annotated[UUID | None, QueryParameter(name="run")]


class ShopGames(Controller):
    path = "/api/v1"
    tags = ("games",)

    @get(
        "/shows/{show_id:uuid}/games",
        summary="List all plays of a show, the last first",
        responses=refuses(ShowNotFound, CursorRefused),
    )
    async def list_show_games(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[GameCard]:
        return await games.runs(tx, show_id, cursor, limit)

    @get(
        "/game-runs/{game_run_id:uuid}",
        summary="Show a play, its rules, and where one stands in it",
        responses=refuses(GameRunNotFound),
    )
    async def get_game_run(self, tx: NamedDependency[Tx], game_run_id: FromPath[UUID]) -> GameSeen:
        return await games.seen(tx, game_run_id)

    @get(
        "/draws/{game_run_id:uuid}",
        summary="Show the public record of a play: all that is needed to check its draw",
        responses=refuses(GameRunNotFound, TooManyAttempts),
    )
    async def get_draw(self, tx: NamedDependency[Tx], game_run_id: FromPath[UUID]) -> DrawRecord:
        return await games.record(tx, game_run_id)

    @post(
        "/game-runs/{game_run_id:uuid}/entries",
        status_code=200,
        summary="Take part (header `Idempotency-Key`); again: the same receipt",
        responses=refuses(
            SignInRequired,
            IdempotencyKeyRequired,
            GameRunNotFound,
            EntriesClosed,
            AnswerRefused,
            CommentFirst,
            FollowFirst,
            BuyFirst,
            JoinClubFirst,
            InsiderRefused,
            TooManyAttempts,
        ),
    )
    async def enter_game(
        self,
        tx: NamedDependency[Tx],
        game_run_id: FromPath[UUID],
        data: JSONBody[EnterGame],
        request: Http,
    ) -> EntryReceipt:
        idempotency_key(request)  # one is in once, whatever the key
        who = shopper(tx)
        await _outsider(tx, request)
        return await games.enter(tx, game_run_id, who, data)

    @post(
        "/game-runs/{game_run_id:uuid}/packets",
        status_code=200,
        summary="Catch a packet of a rain (header `Idempotency-Key`)",
        responses=refuses(
            SignInRequired,
            IdempotencyKeyRequired,
            GameRunNotFound,
            EntriesClosed,
            PacketLimit,
            JoinClubFirst,
            InsiderRefused,
            TooManyAttempts,
        ),
    )
    async def catch_packet(
        self, tx: NamedDependency[Tx], game_run_id: FromPath[UUID], request: Http
    ) -> Caught:
        key, who = idempotency_key(request), shopper(tx)
        await _outsider(tx, request)
        return await games.catch(tx, game_run_id, who, key)

    @get(
        "/me/prizes",
        summary="List what one won, the last first",
        responses=refuses(SignInRequired, CursorRefused),
    )
    async def list_my_prizes(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[WonPrize]:
        return await games.mine(tx, shopper(tx), cursor, limit)

    @post(
        "/me/prizes/{prize_id:uuid}/claim",
        status_code=200,
        summary="Take a prize that waits: goods by an address, points by joining the club",
        responses=refuses(
            SignInRequired,
            IdempotencyKeyRequired,
            PrizeNotFound,
            PrizeAddressMissing,
            AddressNotFound,
            JoinClubFirst,
        ),
    )
    async def claim_prize(
        self,
        tx: NamedDependency[Tx],
        prize_id: FromPath[UUID],
        data: JSONBody[ClaimPrize],
        request: Http,
    ) -> WonPrize:
        idempotency_key(request)  # a prize is given once, whatever the key
        return await games.claim(tx, shopper(tx), prize_id, data)


class ConsoleGames(Controller):
    path = "/api/v1/console"
    tags = ("games",)

    @get(
        "/shows/{show_id:uuid}/games",
        summary="List the games that a show plans",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, CursorRefused),
    )
    async def list_planned_games(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[Game]:
        return await games.page_of(tx, show_id, cursor, limit)

    @post(
        "/shows/{show_id:uuid}/games",
        summary="Plan a game",
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, GameRefused, PromotionNotFound
        ),
    )
    async def add_game(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[PutGame]
    ) -> Game:
        return await games.add(tx, show_id, data)

    @get(
        "/shows/{show_id:uuid}/game-runs",
        summary="List the plays of a show, rehearsed ones too, the last first",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, CursorRefused),
    )
    async def list_game_runs(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[GameCard]:
        return await games.runs(tx, show_id, cursor, limit, console=True)

    @get(
        "/shows/{show_id:uuid}/prizes",
        summary="List who won what in a show",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, CursorRefused),
    )
    async def list_prizes(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        run: Run = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[WonBy]:
        return await games.winners(tx, show_id, run, cursor, limit)

    @get(
        "/shows/{show_id:uuid}/prizes.csv",
        summary="Export who won what in a show as CSV (at most 20,000 lines)",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def export_prizes(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], run: Run = None
    ) -> Response[bytes]:
        return Response(
            await games.winners_csv(tx, show_id, run),
            media_type="text/csv",
            headers={"Content-Disposition": 'attachment; filename="prizes.csv"'},
        )

    @get(
        "/games/{game_id:uuid}",
        summary="Show a game as it is planned",
        responses=refuses(SignInRequired, NotPermitted, GameNotFound),
    )
    async def get_game(self, tx: NamedDependency[Tx], game_id: FromPath[UUID]) -> Game:
        return await games.get(tx, game_id)

    @put(
        "/games/{game_id:uuid}",
        summary="Change a game that is not being played",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            GameNotFound,
            GameMoved,
            GameRunning,
            GameRefused,
            PromotionNotFound,
        ),
    )
    async def put_game(
        self, tx: NamedDependency[Tx], game_id: FromPath[UUID], data: JSONBody[PutGame]
    ) -> Game:
        return await games.put(tx, game_id, data)

    @delete(
        "/games/{game_id:uuid}",
        summary="Take a game off the plan",
        responses=refuses(SignInRequired, NotPermitted, GameNotFound, GameRunning),
    )
    async def remove_game(self, tx: NamedDependency[Tx], game_id: FromPath[UUID]) -> None:
        await games.remove(tx, game_id)

    @post(
        "/games/{game_id:uuid}/start",
        status_code=200,
        summary="Start a game for everybody in the room (header `Idempotency-Key`)",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            IdempotencyKeyRequired,
            GameNotFound,
            GameMoved,
            GameRunning,
            RoomNotOpen,
            CouponNotOnOffer,
            CouponsGone,
        ),
    )
    async def start_game(
        self,
        tx: NamedDependency[Tx],
        game_id: FromPath[UUID],
        data: JSONBody[StartGame],
        request: Http,
    ) -> GameCard:
        return await games.start(tx, game_id, data.seen, idempotency_key(request))

    @post(
        "/game-runs/{game_run_id:uuid}/close",
        status_code=200,
        summary="Close the list of a play now; its result follows",
        responses=refuses(SignInRequired, NotPermitted, GameRunNotFound, ListTampered),
    )
    async def close_game(self, tx: NamedDependency[Tx], game_run_id: FromPath[UUID]) -> GameCard:
        return await games.close(tx, game_run_id)

    @post(
        "/prizes/{prize_id:uuid}/send",
        status_code=200,
        summary="Note that goods somebody won were sent",
        responses=refuses(SignInRequired, NotPermitted, PrizeNotFound, PrizeNotToSend),
    )
    async def send_prize(
        self, tx: NamedDependency[Tx], prize_id: FromPath[UUID], data: JSONBody[SendPrize]
    ) -> WonBy:
        return await games.send(tx, prize_id, data)


async def _outsider(tx: Tx, request: Http) -> None:
    """Refuse a browser in which one of the merchant's staff is signed in."""
    if accounts.STAFF_COOKIE not in request.cookies:
        return
    staff = await accounts.authenticate(
        tx.database,
        Caller(
            path="/api/v1/console", cookies=request.cookies, merchant=None, address=tx.actor.address
        ),
    )
    if staff.is_staff and staff.merchant_id == tx.merchant_id:
        raise InsiderRefused
