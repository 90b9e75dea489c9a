"""The document programs read: whole, valid, and true to the handlers."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest

from incubator.app import BODY_BYTES_MAX
from incubator.core.errors import Invalid
from incubator.core.forms import from_json
from incubator.openapi import TAGS, told

METHODS = {"get", "post", "put", "delete"}
CAMEL = re.compile("[a-z]+([A-Z][a-z]*)*")


@pytest.fixture(scope="module")
def document(app) -> dict[str, Any]:
    return told(app.app, app.app.openapi_schema.to_schema())


@pytest.fixture(scope="module")
def operations(document) -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, one) for path, methods in document["paths"].items() for method, one in methods.items()]


@pytest.fixture(scope="module")
def forms(app) -> dict[str, type]:
    handlers = [handler for route in app.app.routes for handler in getattr(route, "route_handlers", [])]
    found = {handler.parsed_data_field.annotation for handler in handlers if handler.parsed_data_field}
    often = Counter(form.__name__ for form in found)
    return {_name(form) if often[form.__name__] > 1 else form.__name__: form for form in found}


def _name(form: type) -> str:
    """The name of a form that another room has too."""
    return form.__module__.split(".")[1].capitalize() + form.__name__


async def test_it_is_served_as_json_and_as_a_page(db, client, document):
    answer = await client.get("/api/v1/docs/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == document
    page = await client.get("/api/v1/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text.count('<h3 id="') == len(document["components"]["schemas"])


def test_it_is_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"]
    assert document["info"]["license"]["identifier"] == "EUPL-1.2"
    assert {tag["name"] for tag in document["tags"]} == set(TAGS)
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_api_route_is_told(app, operations):
    served = {
        (method.lower(), re.sub(r"\{(\w+):\w+\}", r"{\1}", path))
        for path, handlers in app.app.route_handler_method_map.items()
        for method in handlers
        if path.startswith("/api/v1/") and not path.startswith("/api/v1/docs") and method not in ("OPTIONS", "HEAD")
    }
    assert {(method, path) for method, path, _one in operations} == served


def test_no_reference_dangles_and_every_structure_is_a_json_schema(document):
    structures = document["components"]["schemas"]
    named = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', str(document).replace("'", '"')))
    assert named <= set(structures)
    for name, structure in structures.items():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **structure})
        assert structure["title"] == name
        assert re.fullmatch("[A-Z][A-Za-z]*", name), name


def test_every_operation_says_what_it_does(operations):
    ids = [one["operationId"] for _method, _path, one in operations]
    assert len(ids) == len(set(ids))
    for method, path, one in operations:
        assert method in METHODS
        assert CAMEL.fullmatch(one["operationId"]), one["operationId"]
        assert one["summary"], path
        assert one["description"], path
        assert set(one["tags"]) <= set(TAGS), path
        assert all(parameter["description"] and parameter["schema"] for parameter in one["parameters"]), path
        assert {name for name in re.findall(r"\{(\w+)\}", path)} == {p["name"] for p in one["parameters"] if p["in"] == "path"}


def test_every_operation_says_what_it_answers(operations):
    for method, path, one in operations:
        good = [status for status in one["responses"] if status < "300"]
        assert len(good) == 1, path
        if good != ["204"]:
            assert one["responses"][good[0]]["content"]["application/json"]["schema"], path
        bad = {status: answer for status, answer in one["responses"].items() if status >= "300"}
        assert "503" in bad
        assert method == "get" or {"403", "409"} <= set(bad)
        assert all(set(answer["content"]) == {"application/problem+json"} for answer in bad.values())


def test_creating_takes_a_key_and_changing_takes_a_version(operations, document):
    for method, path, one in operations:
        headers = {p["name"] for p in one["parameters"] if p["in"] == "header"}
        assert ("Idempotency-Key" in headers) == (method == "post" and "201" in one["responses"]), path
        if "requestBody" in one:
            reference = one["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            structure = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
            assert ("If-Match" in headers) == ("version" in structure["properties"]), path
            assert structure["additionalProperties"] is False, path


def test_examples_are_true(document, forms):
    """Each example is taken by its schema and by the form that reads it."""
    for name, form in forms.items():
        structure = document["components"]["schemas"][name]
        validator = jsonschema_rs.Draft202012Validator({**structure, "components": document["components"]})
        for example in structure["examples"]:
            validator.validate(example)
            from_json(form, example)


def test_what_the_schema_refuses_the_form_refuses(document, forms):
    """A field of another kind is refused under its name, whatever the form."""
    for name, form in forms.items():
        for field, said in document["components"]["schemas"][name]["properties"].items():
            if not set(said) - {"default", "description"}:
                continue  # the value of an answer is what its question waits for
            with pytest.raises(Invalid) as refused:
                from_json(form, {field: [[{"no one": "asked for this"}]]})
            assert refused.value.errors[field], (name, field)


def test_its_bounds_are_those_that_hold(document):
    assert "million" in document["paths"]["/api/v1/projects"]["post"]["responses"]["413"]["description"]
    assert BODY_BYTES_MAX == 1_000_000
