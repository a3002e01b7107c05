"""Requests made from the OpenAPI document, so that a new route is tried without being listed."""

import warnings
from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec
from httpx import AsyncClient, Response

from tests.http.support import png
from xinbo import openapi
from xinbo.kit.ids import new_id

METHODS = ("get", "post", "put", "patch", "delete")
TEXTS = {
    "phone": "13700009999",
    "email": "nobody@elsewhere.example",
    "code": "000000",
    "at": "2026-11-11T12:00:00Z",
    "outcome": "succeed",
    "provider": "sandbox",
    "role": "host",
    "number": "SF12345678",
    "sdp": "v=0 o=- 1 1 IN IP4 127.0.0.1",
}
"""Words for fields of which the schema says too little."""
WHOLE: dict[str, Any] = {
    "rule": {
        "kind": "free_freight",
        "goods": {"categories": [], "products": [], "skus": []},
        "atLeastAmount": 9_900,
    },
    "fromPoints": 0,
    "play": {
        "kind": "lottery",
        "by": "free",
        "prizes": [{"kind": "goods", "name": "x", "value": 1, "count": 1}],
    },
}
"""Values of fields of which one part depends on another."""


WORDS = "(any words)"
"""The name, which no field has, under which samples find the words for plain texts."""


class Operation(msgspec.Struct, frozen=True):
    """One method of one path."""

    method: str
    path: str
    ids: tuple[str, ...]
    """Path parameters that say whose thing it is about."""
    queries: tuple[str, ...]
    body: Mapping[str, Any] | None
    """Schema of its JSON body."""
    uploads: bool

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def key(self) -> tuple[str, str]:
        """What names it in lists."""
        return self.method, self.path

    async def ask(
        self, client: AsyncClient, ids: Mapping[str, str], *, words: str = "x"
    ) -> tuple[Response, str]:
        """Send it with these ids wherever one fits, and these words wherever any may stand.

        Returns the answer and all that was said.
        """
        path = self.path.format_map(dict(ids))
        known = {camel(name): value for name, value in ids.items()} | {
            "sku": ids["sku_id"],
            "show": ids["show_id"],
            "order": ids["sent_id"],
            "shipment": ids["shipment_id"],
            "offer": ids["offer_id"],
            "number": "25332000000001",
        }
        body = None if self.body is None else sample(self.body, known | {WORDS: words})
        parts: dict[str, Any] = {} if body is None else {"json": body}
        if self.uploads:
            content = png() if path.endswith(("/pictures", "/evidence")) else b"SKU\nA-1\n"
            parts = {"files": {"data": ("goods.csv", content, "text/csv")}}
        response = await client.request(
            self.method,
            path,
            params={name: known[name] for name in self.queries if name in known},
            headers={"Idempotency-Key": str(new_id())},
            **parts,
        )
        said = f"{response.request.url} {msgspec.json.encode(body).decode()}"
        return response, said


def document() -> dict[str, Any]:
    """Return the API's own description."""
    with warnings.catch_warnings(action="ignore"):
        return openapi.document()


DOCUMENT = document()


def operations() -> Iterator[Operation]:
    """List everything the API offers."""
    for path, methods in DOCUMENT["paths"].items():
        for method in METHODS:
            if method not in methods:
                continue
            operation = methods[method]
            parameters = operation.get("parameters", [])
            content = operation.get("requestBody", {}).get("content", {})
            yield Operation(
                method=method,
                path=path,
                ids=tuple(
                    each["name"]
                    for each in parameters
                    if each["in"] == "path" and each["name"].endswith("_id")
                ),
                queries=tuple(each["name"] for each in parameters if each["in"] == "query"),
                body=content.get("application/json", {}).get("schema"),
                uploads="multipart/form-data" in content,
            )


def sample(schema: Mapping[str, Any], ids: Mapping[str, str], name: str = "") -> Any:
    """Make the smallest value that the schema allows, with our ids in the fields named so."""
    if "$ref" in schema:
        found = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return sample(found, ids, name)
    if name in WHOLE and "enum" not in schema:
        return WHOLE[name]
    known = ids.get(name, TEXTS.get(name))
    if known is not None and known in schema.get("enum", [known]):
        return known
    choices = [*schema.get("oneOf", []), *schema.get("anyOf", [])]
    if choices:
        null = any(choice.get("type") == "null" for choice in choices)
        return None if null else sample(choices[0], ids, name)
    return schema["enum"][0] if "enum" in schema else _plain(schema, ids, name)


def _plain(schema: Mapping[str, Any], ids: Mapping[str, str], name: str) -> Any:
    match cast("str", schema.get("type", "null")):
        case "object":
            return {
                field: sample(inner, ids, field)
                for field, inner in schema.get("properties", {}).items()
                if field in schema.get("required", [])
            }
        case "array":
            return [sample(schema["items"], ids, name) for _ in range(schema.get("minItems", 0))]
        case "string":
            return _text(schema, ids.get(WORDS, "x"))
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return False
        case _:
            return None


def _text(schema: Mapping[str, Any], words: str) -> str:
    if schema.get("format") == "uuid":
        return str(new_id())
    if schema.get("format") == "date-time":
        return "2026-11-11T12:00:00Z"
    return words.ljust(schema.get("minLength", 1), "x")


def camel(name: str) -> str:
    """Spell a name as the wire does."""
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)
