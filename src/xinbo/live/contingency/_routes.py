"""HTTP face of the contingency room."""

from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import CursorRefused, Limit
from xinbo.kit.wire import Page
from xinbo.live import contingency
from xinbo.live.broadcasts import SourceSilent
from xinbo.live.contingency import (
    CloseIncident,
    Contingency,
    ContingencyRefused,
    Incident,
    IncidentMoved,
    IncidentNotFound,
    IncidentOver,
    IncidentRuns,
    MessageMissing,
    OpenIncident,
    Playbook,
    PlaybookNotFound,
    PlaybookRefused,
    ProductMissing,
    PutContingency,
    PutPlaybook,
    StepNotFound,
    TickStep,
)
from xinbo.live.shows import ShowNotFound, VersionConflict
from xinbo.live.stage import NotOnAir, NotOnLineUp


class Playbooks(Controller):
    path = "/api/v1/console/playbooks"
    tags = ("contingency",)

    @get(
        summary="List the merchant's playbooks: at most 50, those of the house first",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def list_playbooks(self, tx: NamedDependency[Tx]) -> list[Playbook]:
        return await contingency.playbooks(tx)

    @post(
        summary="Write a playbook of one's own",
        responses=refuses(SignInRequired, NotPermitted, PlaybookRefused),
    )
    async def add_playbook(self, tx: NamedDependency[Tx], data: JSONBody[PutPlaybook]) -> Playbook:
        return await contingency.add_playbook(tx, data)

    @put(
        "/{playbook_id:uuid}",
        summary="Rewrite a playbook",
        responses=refuses(
            SignInRequired, NotPermitted, PlaybookNotFound, PlaybookRefused, VersionConflict
        ),
    )
    async def put_playbook(
        self, tx: NamedDependency[Tx], playbook_id: FromPath[UUID], data: JSONBody[PutPlaybook]
    ) -> Playbook:
        return await contingency.put_playbook(tx, playbook_id, data)

    @delete(
        "/{playbook_id:uuid}",
        summary="Delete a playbook; one of the house is again as it came",
        responses=refuses(SignInRequired, NotPermitted, PlaybookNotFound),
    )
    async def delete_playbook(self, tx: NamedDependency[Tx], playbook_id: FromPath[UUID]) -> None:
        await contingency.remove_playbook(tx, playbook_id)


class ShowContingency(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}"
    tags = ("contingency",)

    @get(
        "/contingency",
        summary="Show what a show has prepared for",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def get_contingency(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID]
    ) -> Contingency:
        return await contingency.get(tx, show_id)

    @put(
        "/contingency",
        summary="Write a show's risks, and who answers for what",
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, VersionConflict, ContingencyRefused
        ),
    )
    async def put_contingency(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[PutContingency]
    ) -> Contingency:
        return await contingency.put(tx, show_id, data)

    @post(
        "/contingency/prepare",
        status_code=200,
        summary="Add the risks that every show has, and those of its hero products",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def prepare_contingency(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID]
    ) -> Contingency:
        return await contingency.prepare(tx, show_id)

    @get(
        "/incidents",
        summary="List a show's incidents, the newest first",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, CursorRefused),
    )
    async def list_incidents(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        is_open: FromQuery[bool | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Incident]:
        return await contingency.incidents(tx, show_id, cursor, limit, is_open=is_open)

    @post(
        "/incidents",
        summary="Start a playbook",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            ShowNotFound,
            NotOnAir,
            NotOnLineUp,
            PlaybookNotFound,
            IncidentRuns,
        ),
    )
    async def open_incident(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[OpenIncident]
    ) -> Incident:
        return await contingency.open(tx, show_id, data)


class Incidents(Controller):
    path = "/api/v1/console/incidents/{incident_id:uuid}"
    tags = ("contingency",)

    @get(
        summary="Show an incident",
        responses=refuses(SignInRequired, NotPermitted, IncidentNotFound),
    )
    async def get_incident(self, tx: NamedDependency[Tx], incident_id: FromPath[UUID]) -> Incident:
        return await contingency.incident(tx, incident_id)

    @post(
        "/steps",
        status_code=200,
        summary="Tick a step, which does what it says, or skip it",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            IncidentNotFound,
            IncidentOver,
            IncidentMoved,
            StepNotFound,
            NotOnAir,
            NotOnLineUp,
            ProductMissing,
            MessageMissing,
            SourceSilent,
        ),
    )
    async def tick_step(
        self, tx: NamedDependency[Tx], incident_id: FromPath[UUID], data: JSONBody[TickStep]
    ) -> Incident:
        return await contingency.tick(tx, incident_id, data)

    @post(
        "/close",
        status_code=200,
        summary="Say how an incident ended",
        responses=refuses(
            SignInRequired, NotPermitted, IncidentNotFound, IncidentOver, IncidentMoved
        ),
    )
    async def close_incident(
        self, tx: NamedDependency[Tx], incident_id: FromPath[UUID], data: JSONBody[CloseIncident]
    ) -> Incident:
        return await contingency.close(tx, incident_id, data)
