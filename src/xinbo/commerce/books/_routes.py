"""HTTP face of the books room."""

from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from xinbo.commerce import books
from xinbo.commerce.books import Entry, EntryFilter, ExportTooLong, TrialBalance
from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page


class ConsoleBooks(Controller):
    path = "/api/v1/console/books"
    tags = ("money",)

    @get(
        "/trial-balance",
        summary="Sum every account",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def get_trial_balance(
        self,
        tx: NamedDependency[Tx],
        from_at: FromQuery[datetime | None] = None,
        until_at: FromQuery[datetime | None] = None,
    ) -> TrialBalance:
        return await books.trial_balance(tx, from_at, until_at)

    @get(
        "/entries",
        summary="List the journal's entries, newest first",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def list_entries(  # noqa: PLR0913, PLR0917 # each is a query parameter
        self,
        tx: NamedDependency[Tx],
        account: FromQuery[str | None] = None,
        owner: FromQuery[UUID | None] = None,
        unit: FromQuery[str | None] = None,
        kind: FromQuery[str | None] = None,
        ref: FromQuery[UUID | None] = None,
        from_at: FromQuery[datetime | None] = None,
        until_at: FromQuery[datetime | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[Entry]:
        which = EntryFilter(
            account=account,
            owner_id=owner,
            unit=unit,
            kind=kind,
            ref_id=ref,
            from_at=from_at,
            until_at=until_at,
        )
        return await books.page_of(tx, which, cursor, limit)

    @get(
        "/entries.csv",
        summary="Export the journal's entries as CSV",
        responses=refuses(SignInRequired, NotPermitted, ExportTooLong),
    )
    async def export_entries(  # noqa: PLR0913, PLR0917 # each is a query parameter
        self,
        tx: NamedDependency[Tx],
        account: FromQuery[str | None] = None,
        unit: FromQuery[str | None] = None,
        ref: FromQuery[UUID | None] = None,
        from_at: FromQuery[datetime | None] = None,
        until_at: FromQuery[datetime | None] = None,
    ) -> Response[bytes]:
        which = EntryFilter(
            account=account, unit=unit, ref_id=ref, from_at=from_at, until_at=until_at
        )
        return Response(
            await books.export_csv(tx, which),
            media_type="text/csv",
            headers={"Content-Disposition": 'attachment; filename="entries.csv"'},
        )
