"""Schemathesis asks each operation things that its schema allows and things that it forbids: no fault, nothing undocumented."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from incubator.app import create_app
from incubator.openapi import told
from tests.api.conftest import House
from tests.conftest import SETTINGS

EXAMPLES = 12
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def _operations() -> dict[str, Any]:
    app = create_app(SETTINGS, manage_database=False).app
    schema = schemathesis.openapi.from_dict(told(app, app.openapi_schema.to_schema()))
    found = [operation.ok() for operation in schema.get_all_operations()]
    return {operation.definition.raw["operationId"]: operation for operation in found}


OPERATIONS = _operations()


@pytest.mark.parametrize("name", sorted(OPERATIONS))
async def test_no_request_breaks_it_or_gets_what_is_not_told(house: House, name: str) -> None:
    operation = OPERATIONS[name]
    allowed = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    any_of = (
        st.one_of(allowed, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        if _can_be_wrong(operation)
        else allowed
    )

    @given(case=any_of, exists=st.sampled_from([True, True, False]))
    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def ask(case: Any, exists: bool) -> None:
        if exists:
            case.path_parameters = {known: house.ids.get(known, given) for known, given in (case.path_parameters or {}).items()}
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {house.token}"}
        answer = case.call(base_url=house.address)
        case.validate_response(answer, checks=CHECKS)

    ask()


def _can_be_wrong(operation: Any) -> bool:
    return bool(operation.definition.raw["parameters"]) or "requestBody" in operation.definition.raw
