"""The builder: rules of eligibility, and the questions of the self-test."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from incubator.calls.actions import building
from incubator.calls.building_forms import QuickRuleForm, RuleForm, SelfTestForm
from incubator.calls.definitions import Effect, EligibilityRule, SelfTestQuestion
from incubator.calls.pages.building import outline
from incubator.calls.pages.building_fields import (
    AnyRequest,
    Frame,
    built_page,
    condition_fields,
    condition_values,
    editable,
    framed,
    href_of,
)
from incubator.calls.pages.building_words import effect_options
from incubator.calls.rules.editing import place_of
from incubator.calls.rules.telling import facts_in_words
from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, submit
from incubator.core.policy import STAFF


@post("/forms/{form_id:uuid}/quick-rule", opt=STAFF)
async def quick_rule(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """Say on a question's page which of its answers make a rule not met."""

    async def act(form: QuickRuleForm) -> str:
        await building.add_quick_rule(form_id, form, by=request.user, at=now())
        return href_of(form_id, "question", form.question) + "#rules"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await outline(request, form_id, " ".join([reason, *errors.values()]).strip())

    return await submit(request, QuickRuleForm, act, shown, notice=_("La règle est ajoutée."))


@get("/forms/{form_id:uuid}/new-rule", opt=STAFF)
async def new_rule_page(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """The form that adds a rule of eligibility."""
    frame = await editable(request, form_id)
    return _rule_page(request, frame, None, filled(version=frame.form.version, effect=Effect.BLOCKING), {}, "")


@post("/forms/{form_id:uuid}/new-rule", opt=STAFF)
async def new_rule(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """Add a rule of eligibility."""

    async def act(form: RuleForm) -> str:
        return href_of(form_id, "rule", await building.add_rule(form_id, form, by=request.user, at=now()))

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return _rule_page(request, await framed(request, form_id), None, values, errors, reason)

    return await submit(request, RuleForm, act, shown, notice=_("La règle est ajoutée."))


@get("/forms/{form_id:uuid}/rules/{code:str}", opt=STAFF)
async def rule_page(request: AnyRequest, form_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """A rule of eligibility."""
    frame = await framed(request, form_id)
    rule = _rule(frame, code)
    values = filled(
        label=rule.label,
        effect=rule.effect,
        message=rule.message,
        is_human=rule.is_human,
        parameter=str(rule.parameter).replace(".", ",") if rule.parameter is not None else "",
        questions=list(rule.questions),
        version=frame.form.version,
        **condition_values("met", rule.met_when),
    )
    return _rule_page(request, frame, rule, values, {}, "")


@post("/forms/{form_id:uuid}/rules/{code:str}", opt=STAFF)
async def edit_rule(request: AnyRequest, form_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """Change a rule of eligibility."""

    async def act(form: RuleForm) -> str:
        await building.edit_rule(form_id, code, form, by=request.user, at=now())
        return href_of(form_id, "rule", code)

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        frame = await framed(request, form_id)
        return _rule_page(request, frame, _rule(frame, code), values, errors, reason)

    return await submit(request, RuleForm, act, shown, notice=_("C’est enregistré."))


def _rule(frame: Frame, code: str) -> EligibilityRule:
    return frame.definition.eligibility[place_of(frame.definition.eligibility, code)]


def _rule_page(
    request: AnyRequest, frame: Frame, rule: EligibilityRule | None, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    stored = rule.met_when if rule else None
    return built_page(
        request,
        "rule",
        frame,
        rule=rule,
        values=values,
        errors=errors,
        reason=reason,
        met=condition_fields("met", stored, frame.questions, frame.phases, values),
        effects=effect_options(),
        facts=facts_in_words(rule, frame.questions) if rule else [],
        question_options=[(one.code, f"{one.code} — {one.label}") for one in frame.definition.questions],
    )


@get("/forms/{form_id:uuid}/new-self-test", opt=STAFF)
async def new_self_test_page(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """The form that adds a question to the self-test."""
    frame = await editable(request, form_id)
    values = filled(version=frame.form.version, effect=Effect.WARNING, wanted="yes")
    return _self_test_page(request, frame, None, values, {}, "")


@post("/forms/{form_id:uuid}/new-self-test", opt=STAFF)
async def new_self_test(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """Add a question to the self-test."""
    return await _save_self_test(request, form_id, None)


@get("/forms/{form_id:uuid}/self-test/{code:str}", opt=STAFF)
async def self_test_page(request: AnyRequest, form_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """A question of the self-test."""
    frame = await framed(request, form_id)
    one = _self_test(frame, code)
    names = ("label", "wanted", "message", "effect", "help")
    values = filled(version=frame.form.version, **{name: getattr(one, name) for name in names})
    return _self_test_page(request, frame, one, values, {}, "")


@post("/forms/{form_id:uuid}/self-test/{code:str}", opt=STAFF)
async def edit_self_test(request: AnyRequest, form_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """Change a question of the self-test."""
    return await _save_self_test(request, form_id, code)


async def _save_self_test(request: AnyRequest, form_id: UUID, code: str | None) -> Response[Any]:
    async def act(form: SelfTestForm) -> str:
        saved = await building.save_self_test(form_id, code, form, by=request.user, at=now())
        return f"/forms/{form_id}#self_test-{saved}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        frame = await framed(request, form_id)
        return _self_test_page(request, frame, _self_test(frame, code) if code else None, values, errors, reason)

    return await submit(request, SelfTestForm, act, shown, notice=_("C’est enregistré."))


def _self_test(frame: Frame, code: str) -> SelfTestQuestion:
    return frame.definition.self_test[place_of(frame.definition.self_test, code)]


def _self_test_page(
    request: AnyRequest, frame: Frame, one: SelfTestQuestion | None, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    return built_page(
        request,
        "self_test",
        frame,
        one=one,
        values=values,
        errors=errors,
        reason=reason,
        effects=effect_options(),
        facts=facts_in_words(one, frame.questions) if one else [],
    )


HANDLERS: list[Any] = [
    quick_rule,
    new_rule_page,
    new_rule,
    rule_page,
    edit_rule,
    new_self_test_page,
    new_self_test,
    self_test_page,
    edit_self_test,
]
