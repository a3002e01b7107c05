"""HTTP face of the freight room."""

from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from xinbo.commerce import freight
from xinbo.commerce.catalog import ProductNotFound
from xinbo.commerce.freight import (
    AssignTemplate,
    PutTemplate,
    Template,
    TemplateNotFound,
    TooManyTemplates,
)
from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted


class FreightTemplates(Controller):
    path = "/api/v1/console/freight-templates"
    tags = ("goods",)

    @get(summary="List freight templates", responses=refuses(SignInRequired, NotPermitted))
    async def list_freight_templates(self, tx: NamedDependency[Tx]) -> list[Template]:
        return await freight.templates(tx)

    @post(
        summary="Make a freight template",
        responses=refuses(SignInRequired, NotPermitted, TooManyTemplates),
    )
    async def add_freight_template(
        self, tx: NamedDependency[Tx], data: JSONBody[PutTemplate]
    ) -> Template:
        return await freight.add(tx, data)

    @put(
        "/{freight_template_id:uuid}",
        summary="Change a freight template",
        responses=refuses(SignInRequired, NotPermitted, TemplateNotFound),
    )
    async def put_freight_template(
        self,
        tx: NamedDependency[Tx],
        freight_template_id: FromPath[UUID],
        data: JSONBody[PutTemplate],
    ) -> Template:
        return await freight.put(tx, freight_template_id, data)

    @delete(
        "/{freight_template_id:uuid}",
        summary="Take a freight template away; its products fall to the default one",
        responses=refuses(SignInRequired, NotPermitted, TemplateNotFound),
    )
    async def remove_freight_template(
        self, tx: NamedDependency[Tx], freight_template_id: FromPath[UUID]
    ) -> None:
        await freight.remove(tx, freight_template_id)

    @get(
        "/{freight_template_id:uuid}/products",
        summary="List the products that a template charges as their own",
        responses=refuses(SignInRequired, NotPermitted, TemplateNotFound),
    )
    async def list_freight_products(
        self, tx: NamedDependency[Tx], freight_template_id: FromPath[UUID]
    ) -> list[UUID]:
        return await freight.assigned(tx, freight_template_id)

    @post(
        "/assignments",
        status_code=204,
        summary="Charge products by a template, or by the default one",
        responses=refuses(SignInRequired, NotPermitted, TemplateNotFound, ProductNotFound),
    )
    async def assign_freight_template(
        self, tx: NamedDependency[Tx], data: JSONBody[AssignTemplate]
    ) -> None:
        await freight.assign(tx, data)
