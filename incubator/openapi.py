"""The API told to programs (OpenAPI 3.1) and to people (one page of our own, nothing loaded from elsewhere)."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, get_args, get_origin

import msgspec
from litestar import Litestar, MediaType, Request, Response, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Contact, License

from incubator import __version__
from incubator.applications.queries.queue import Handled
from incubator.applications.tables import ApplicationState
from incubator.core.api import Problem
from incubator.core.pages import page
from incubator.core.policy import PUBLIC

DESCRIPTION = (
    "Everything the pages do, for programs. Sign with a personal token: `Authorization: Bearer inc_…`.\n\n"
    "Lists are pages by key: give `next` of an answer as `after`. Creating requests take an `Idempotency-Key`: the same key "
    "from the same person gets the same answer. Changes name the version they read, in the body or in `If-Match`; a newer "
    "one answers 409. Instants are ISO 8601 with their offset. Errors are problem details (RFC 9457); `errors` has one "
    "sentence a field. What you may not see is 404."
)
PROBLEM_EXAMPLE = {
    "title": "Des réponses sont à corriger",
    "status": 422,
    "detail": "Corrigez les réponses signalées et renvoyez-les.",
    "instance": "urn:incident:0b6f7e2d91c04a58",
    "errors": {"name": "Ce champ est obligatoire."},
}
TAGS = {
    "territory": "Communes, with their EPCI, département and region.",
    "people": "One's own account.",
    "programmes": "Strategies, programmes, and the plans of phases and milestones they follow.",
    "projects": "Projects and their teams.",
    "calls": "Calls for projects, their forms and their scoring grids.",
    "applications": "Answers, deposits and receipts, eligibility, complements, withdrawals.",
    "documents": "Files joined to answers: sent in pieces, looked into, scanned, kept.",
    "selection": "Committees, undertakings, interests, assessments, ranking, decisions and their publication.",
    "cohorts": "Cohorts, places, waiting lists and agreements.",
    "coaching": "Coaches, sessions and private notes.",
    "progress": "Paths, deliverables, suspensions, diagnoses, opinions and gates.",
    "events": "Information meetings, who registered and who came.",
    "home": "What awaits whoever asks, and the life of a project.",
}
MEANINGS = {
    401: "No token, or one that is no longer valid.",
    403: "You may see this and never do it.",
    404: "It does not exist, or not for you.",
    409: "Not now: `detail` says why, `stored` holds what someone else saved meanwhile and `version` its version.",
    413: "The body is larger than a million bytes.",
    422: "Something cannot be taken; `errors` has one sentence a field.",
    503: "The database does not answer; the same request can be sent again after `Retry-After` seconds.",
}
CHOICES: dict[str, type[StrEnum]] = {"state": ApplicationState, "handled": Handled}
PARAMETERS = {
    "after": "`next` of the page before; nothing for the first page",
    "code": "its code, as in its address",
    "content_hash": "the SHA-256 of the receipt, in hexadecimal",
    "application_id": "the application",
    "assignment_id": "the assignment of a coach",
    "cohort_id": "the cohort",
    "committee_id": "the committee",
    "document_id": "the file",
    "entry_id": "the frequent question",
    "enrolment_id": "the enrolment: a project on its path",
    "form_id": "the version of a form",
    "grid_id": "the version of a grid",
    "handled": "`mine`: only those one handles; `unassigned`: only those nobody does; `to_take`: of these, those to rule on",
    "number": "the number of the receipt",
    "other": "the version to compare with",
    "inquiry_id": "the question of a team to the programme",
    "invitation_id": "the invitation to a team",
    "meeting_id": "the meeting",
    "milestone_id": "the milestone of the plan",
    "phase_id": "the phase of the plan",
    "project_id": "the project",
    "seat_id": "the seat in a committee",
    "session_id": "the session",
    "upload_id": "the upload",
}
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200, "examples": ["8f14e45f-ceea-467f-a0e6-5b1f2f1c8a10"]},
    "description": "the same key from the same person gets the same answer, and the act is done once",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": '^(W/)?"?[0-9]{1,9}"?$', "examples": ['"3"']},
    "description": "the version that was read, when the body does not name it; a newer one answers 409",
}
EXAMPLES = {
    "uuid": "019ab0f4-6c1e-7d52-9f5e-3c1d8b7a4e60",
    "date": "2026-11-23",
    "date-time": "2026-11-23T14:05:00+01:00",
    "decimal": "1.5",
}
REFERENCE = "#/components/schemas/{name}"


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
        app.state["api_told"] = complete(app, schema)
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


def complete(app: Litestar, schema: dict[str, Any]) -> dict[str, Any]:
    """The whole document: bodies and answers as they are read and written, and what each operation can answer."""
    whole = copy.deepcopy(schema)
    handlers = {handler.operation_id: handler for route in app.routes for handler in getattr(route, "route_handlers", [])}
    told = {o["operationId"]: handlers[o["operationId"]] for methods in whole["paths"].values() for o in methods.values()}
    bodies, components = _structures(told.values())
    for methods in whole["paths"].values():
        for method, operation in methods.items():
            _complete_operation(method, operation, told[operation["operationId"]], bodies)
    whole["tags"] = [{"name": name, "description": description} for name, description in TAGS.items()]
    token = {"type": "http", "scheme": "bearer", "description": "personal API token, made on one's account page"}
    whole["components"] = {"schemas": components, "securitySchemes": {"token": token}}
    return whole


def _structures(handlers: Iterable[Any]) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """The JSON Schema of everything that is sent or answered, by type, and the components they name."""
    types: list[Any] = [Problem]
    for handler in handlers:
        if handler.parsed_data_field:
            types.append(handler.parsed_data_field.annotation)
        if (answered := _answered(handler)) is not None:
            types.append(answered)
    found, components = _named(*msgspec.json.schema_components(types, ref_template=REFERENCE))
    components["Problem"]["examples"] = [PROBLEM_EXAMPLE]
    told = dict(zip(types, found, strict=True))
    for form in {handler.parsed_data_field.annotation for handler in handlers if handler.parsed_data_field}:
        structure = components[told[form]["$ref"].rpartition("/")[2]]
        structure["examples"] = [example_of(structure, components)]
        if "version" in structure.get("required", []):  # If-Match may name it instead
            structure["required"].remove("version")
    return told, components


def _named(found: Any, components: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The same with short names (`CallLinePage`, `HomeStep`), tidy descriptions, and instants called so."""
    names = {name: _short(name) for name in components}
    text = msgspec.json.encode([found, components]).decode()
    for name, short in names.items():
        text = text.replace(f'"{REFERENCE.format(name=name)}"', f'"{REFERENCE.format(name=short)}"')
    found, components = msgspec.json.decode(text)
    for called, structure in components.items():
        structure["title"] = names[called]
        structure["description"] = inspect.cleandoc(structure.get("description", ""))
        for name, field in structure.get("properties", {}).items():
            for kind in field.get("anyOf", [field]):
                if name.endswith("_at") and kind.get("type") == "string":
                    kind["format"] = "date-time"
    return found, {names[name]: structure for name, structure in components.items()}


def _short(name: str) -> str:
    if name.startswith("Page") and name != "Page":
        return _short(name[5:-1]).rpartition(".")[2] + "Page"
    room, _dot, _rest = name.removeprefix("incubator.").partition(".")
    return room.capitalize() + name.rpartition(".")[2] if name.startswith("incubator.") else name


def _answered(handler: Any) -> Any:
    """The type of what is answered: `Created` for a handler that returns `Response[Created]`."""
    returned = handler.parsed_fn_signature.return_type.annotation
    if get_origin(returned) is Response:
        returned = get_args(returned)[0]
    return None if returned is type(None) else returned


def _complete_operation(method: str, operation: dict[str, Any], handler: Any, bodies: dict[Any, dict[str, Any]]) -> None:
    parameters = [_parameter(one) for one in operation.get("parameters", [])]
    form = handler.parsed_data_field and handler.parsed_data_field.annotation
    if form:
        operation["requestBody"] = {
            "required": any(field.required for field in msgspec.structs.fields(form)),
            "content": {"application/json": {"schema": bodies[form]}},
        }
    if method == "post" and handler.status_code == 201:
        parameters.append(IDEMPOTENCY)
    if form and "version" in form.__struct_fields__:
        parameters.append(IF_MATCH)
    operation.pop("deprecated", None)
    operation["parameters"] = parameters
    operation["security"] = [{"token": []}, {}] if handler.opt["who"] == "public" else [{"token": []}]
    operation["responses"] = _answers(method, handler, bodies, parameters, bool(form))


def _parameter(told: dict[str, Any]) -> dict[str, Any]:
    """A parameter with its description; one that may be left out is never null."""
    schema = {key: value for key, value in told["schema"].items() if key not in ("oneOf", "description")}
    for kind in told["schema"].get("oneOf", []):
        schema |= kind if kind.get("type") != "null" else {}
    if told["name"] in CHOICES:
        schema = {"type": "string", "enum": [one.value for one in CHOICES[told["name"]]]}
    described = told.get("description") or PARAMETERS[told["name"]]
    return {"name": told["name"], "in": told["in"], "required": told["required"], "description": described, "schema": schema}


def _answers(
    method: str, handler: Any, bodies: dict[Any, dict[str, Any]], parameters: list[dict[str, Any]], has_body: bool
) -> dict[str, Any]:
    """What can be answered: the one good answer, then the problems this operation may have."""
    answered = _answered(handler)
    good: dict[str, Any] = {"description": "Done; nothing to say."}
    if answered is not None:
        described = "Done; the same answer for the same key." if handler.status_code == 201 else "What was asked for."
        good = {"description": described, "content": {"application/json": {"schema": bodies[answered]}}}
    problems = {503}
    if handler.opt["who"] != "public":
        problems |= {401, 404}
    if parameters:
        problems |= {404, 422} if any(one["in"] == "path" for one in parameters) else {422}
    if method != "get":
        problems |= {403, 404, 409, 413}
    if has_body:
        problems |= {422}
    return {str(handler.status_code): good} | {str(status): _problem(status) for status in sorted(problems)}


def _problem(status: int) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": MEANINGS[status],
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 503:
        answer["headers"] = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}
    return answer


def example_of(schema: dict[str, Any], components: dict[str, Any]) -> Any:
    """A value the schema takes: its own example, else the smallest that says something."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rsplit("/", 1)[1]], components)
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example_of(next(kind for kind in schema["anyOf"] if kind.get("type") != "null"), components)
    kind = schema.get("type")
    if kind == "object":
        required = schema.get("required", [])
        fields = schema.get("properties", {}).items()
        told = {name: field for name, field in fields if name in required or field.get("examples")}
        return {name: example_of(field, components) for name, field in told.items()}
    if kind == "array":
        return [example_of(schema["items"], components)] if schema.get("minItems") else []
    if kind == "integer":
        return max(1, schema.get("minimum", 1))
    return {"boolean": True, "string": EXAMPLES.get(schema.get("format", ""), "Un texte.")}.get(str(kind), "Un texte.")


def _by_tag(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema.get("paths", {}).items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["-"])[0]
            found.setdefault(tag, []).append({"method": method.upper(), "path": path, "told": operation})
    return found
