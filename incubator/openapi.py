"""The API told to programs (OpenAPI 3.1) and to people (one page of our own, nothing loaded from elsewhere)."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
from litestar import Litestar, MediaType, Request, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Contact, License

from incubator import __version__
from incubator.core.pages import page
from incubator.core.policy import PUBLIC

DESCRIPTION = (
    "Everything the pages do, for programs. Sign with a personal token: `Authorization: Bearer inc_…`.\n\n"
    "Lists are pages by key: give `next` of an answer as `after`. Creating requests take an `Idempotency-Key`: the same key "
    "from the same person gets the same answer. Changes name the version they read, in the body or in `If-Match`; a newer "
    "one answers 409. Instants are ISO 8601 with their offset. Errors are problem details (RFC 9457); `errors` has one "
    "sentence a field. What you may not see is 404."
)
PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem details.",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what to do about it, in the reader's language"},
        "instance": {"type": "string", "description": "urn of the incident"},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}, "description": "one sentence a field"},
    },
    "example": {
        "title": "Des réponses sont à corriger",
        "status": 422,
        "detail": "Corrigez les réponses signalées et renvoyez-les.",
        "errors": {"name": "Ce champ est obligatoire."},
    },
}
READING = {"401": "Sign in.", "404": "It does not exist for you.", "422": "A parameter cannot be read.", "429": "Too many tries."}
READING |= {"400": "The request cannot be read.", "503": "The database does not answer; try again after Retry-After seconds."}
WRITING = {
    "403": "You may never do this, or the form token is missing.",
    "409": "Not now: `detail` says why.",
    "413": "Too large.",
}
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "the same key from the same person gets the same answer",
}


class ForPrograms(OpenAPIRenderPlugin):
    """`/api/v1/docs/openapi.json`."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return msgspec.json.encode(told(request.app, openapi_schema))


class ForPeople(OpenAPIRenderPlugin):
    """`/api/v1/docs`."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        schema = told(request.app, openapi_schema)
        return page(request, "health/api.html", schema=schema, tags=_by_tag(schema)).content.encode()


def told(app: Litestar, schema: dict[str, Any]) -> dict[str, Any]:
    """The completed document, made once an application."""
    if "api_told" not in app.state:
        app.state["api_told"] = complete(schema)
    return app.state["api_told"]  # type: ignore[no-any-return]


def openapi_config() -> OpenAPIConfig:
    """What Litestar is told; only JSON handlers stand in it."""
    return OpenAPIConfig(
        title="Alter’Incub",
        version=__version__,
        description=DESCRIPTION,
        license=License(name="EUPL-1.2", identifier="EUPL-1.2"),
        contact=Contact(name="Alter’Incub"),
        use_handler_docstrings=True,
        openapi_router=Router("/api/v1/docs", route_handlers=[], include_in_schema=False, opt=PUBLIC),
        render_plugins=[ForPeople(path="/"), ForPrograms(path="/openapi.json", media_type=MediaType.JSON)],
    )


def complete(schema: dict[str, Any]) -> dict[str, Any]:
    """Add what every operation has in common: how to sign, every error it can answer, the idempotency key."""
    whole = copy.deepcopy(schema)
    components = whole.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "description": "personal API token"}}
    for methods in whole.get("paths", {}).values():
        for method, operation in methods.items():
            if method in ("get", "post", "put", "patch", "delete"):
                _complete_operation(method, operation)
    return whole


def _complete_operation(method: str, operation: dict[str, Any]) -> None:
    answers = READING | (WRITING if method != "get" else {})
    operation["security"] = [{"token": []}, {}]
    for status, meaning in answers.items():
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"][status] = {"description": meaning, "content": content}
    if method == "post" and "201" in operation["responses"]:
        operation.setdefault("parameters", []).append(IDEMPOTENCY)


def _by_tag(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema.get("paths", {}).items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["-"])[0]
            found.setdefault(tag, []).append({"method": method.upper(), "path": path, "told": operation})
    return found
