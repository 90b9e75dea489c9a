"""Creating and editing calls. Only the programme's manager does; the rest of its staff reads."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.calls import rules
from incubator.calls.actions.copying import copied_from, copy_parts
from incubator.calls.actions.managing import check_manages, managed
from incubator.calls.forms import CallFields, CallForm, EditCallForm
from incubator.calls.queries import StoredCall, call
from incubator.calls.tables import Call, EntryPlaces
from incubator.core.database import column, execute, row, transaction
from incubator.core.errors import Conflict, Invalid, NotFound, Stale
from incubator.core.language import _
from incubator.core.words import date_words, instant_words
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.programmes.queries import PlanView, plan

_CODE = re.compile("[A-Z0-9][A-Z0-9-]{2,39}")


class CreatedCall(msgspec.Struct, frozen=True):
    """A call that was made."""

    id: UUID
    code: str


async def create_call(form: CallForm, *, by: Person, at: datetime) -> CreatedCall:
    """Make a draft of a call, with what the call it copies has besides. Raises `Invalid` with a sentence per field."""
    async with transaction():
        chosen = await _chosen_plan(form)
        check_manages(by, chosen.programme)
        await _check(form, chosen)
        source = await copied_from(form.copy_of, chosen.programme) if form.copy_of else None
        made = Call(programme=chosen.programme, created_at=at, created_by=by.id, **_facts(form))
        await Call.insert(made)
        await _write_places(made.id, form, chosen)
        if source is not None:
            await copy_parts(source, made.id, at=at)
        await record("call.created", made.id, by=by.id, at=at, data={"code": form.code, "copy_of": form.copy_of})
        return CreatedCall(made.id, form.code)


async def edit_call(code: str, form: EditCallForm, *, by: Person, at: datetime) -> CreatedCall:
    """Change a draft. Raises `Stale` when someone saved meanwhile, `Conflict` once it is published."""
    async with transaction():
        stored = await managed(code, by, at)
        if reason := rules.why_not_edit(stored.facts, at):
            raise Conflict(reason)
        if form.version is None:
            raise Invalid({"version": _("Dites quelle version de l’appel vous avez lue.")})
        if form.version != stored.facts.version:
            raise await _stale(stored, form)
        chosen = await _chosen_plan(form)
        if chosen.programme != stored.facts.programme:
            raise Invalid({"plan": _("Ce plan est celui d’un autre programme.")})
        await _check(form, chosen, but=code)
        await _update(stored.facts.id, form)
        await _write_places(stored.facts.id, form, chosen)
        await record("call.edited", stored.facts.id, by=by.id, at=at, data={"code": form.code, "version": form.version + 1})
        return CreatedCall(stored.facts.id, form.code)


async def _chosen_plan(form: CallFields) -> PlanView:
    try:
        chosen = await plan(form.plan)
    except NotFound:
        raise Invalid({"plan": _("Ce plan n’existe pas.")}) from None
    return chosen


class _Versions(msgspec.Struct, frozen=True):
    form: bool
    grid: bool
    plan: bool


async def _check(form: CallFields, chosen: PlanView, *, but: str = "") -> None:
    errors = rules.check_dates(form.opens_at, form.closes_at, form.notify_on)
    if not _CODE.fullmatch(form.code):
        errors["code"] = _("Écrivez des capitales, des chiffres et des traits d’union, par exemple AAC-CVL-2026-1.")
    elif form.code != but and await column("SELECT 1 FROM call WHERE code = $1", form.code):
        errors["code"] = _("Un appel porte déjà ce code.")
    entries = {phase.code for phase in chosen.phases if phase.is_entry}
    if strangers := sorted(set(form.places) - entries):
        errors["places"] = _("On n’entre pas dans le programme par la phase {code}.").format(code=strangers[0])
    errors |= await _check_versions(form, chosen.programme)
    known = await column(
        "SELECT d.code FROM departement d JOIN programme p ON p.region = d.region WHERE p.id = $1 ORDER BY d.code",
        chosen.programme,
    )
    if strangers := sorted(set(form.departements) - set(known)):
        errors["departements"] = _("Le département {code} n’est pas dans la région du programme.").format(code=strangers[0])
    if errors:
        raise Invalid(errors)


async def _check_versions(form: CallFields, programme: UUID) -> dict[str, str]:
    found = await row(
        _Versions,
        "SELECT EXISTS (SELECT FROM form_version WHERE id = $1 AND programme = $4 AND published_at IS NOT NULL),"
        " EXISTS (SELECT FROM grid WHERE id = $2 AND programme = $4 AND published_at IS NOT NULL),"
        " EXISTS (SELECT FROM plan_version WHERE id = $3 AND programme = $4 AND published_at IS NOT NULL)",
        form.form, form.grid, form.plan, programme,
    )  # fmt: skip
    wrong = _("Choisissez une version publiée de ce programme.")
    return {name: wrong for name in _Versions.__struct_fields__ if found is None or not getattr(found, name)}


def _facts(form: CallFields) -> dict[str, Any]:
    names = ("code", "title", "introduction", "opens_at", "closes_at", "notify_on", "form", "grid", "plan")
    return {name: getattr(form, name) for name in names} | {"departements": sorted(set(form.departements))}


async def _update(call_id: UUID, form: EditCallForm) -> None:
    facts = _facts(form)
    assignments = ", ".join(f"{name} = ${number}" for number, name in enumerate(facts, start=2))
    await execute(f"UPDATE call SET {assignments}, version = version + 1 WHERE id = $1", call_id, *facts.values())  # noqa: S608


async def _write_places(call_id: UUID, form: CallFields, chosen: PlanView) -> None:
    await execute("DELETE FROM entry_places WHERE call = $1", call_id)
    entries = [phase for phase in chosen.phases if phase.is_entry]
    await EntryPlaces.insert(
        *(EntryPlaces(call=call_id, phase=phase.id, places_count=form.places.get(phase.code, 0)) for phase in entries)
    )


async def _stale(stored: StoredCall, form: EditCallForm) -> Stale:
    """Every field that says something else than what was typed, in words."""
    kept = await call(stored.facts.id)
    numbers = {"form": kept.form_number, "grid": kept.grid_number, "plan": kept.plan_number}
    theirs = {
        "title": (kept.title, form.title),
        "introduction": (kept.introduction, form.introduction),
        "opens_at": (instant_words(kept.opens_at), instant_words(form.opens_at)),
        "closes_at": (instant_words(kept.closes_at), instant_words(form.closes_at)),
        "notify_on": (date_words(kept.notify_on), date_words(form.notify_on)),
    }
    changed = {name: text or _("(rien)") for name, (text, mine) in theirs.items() if text != mine}
    if {area.code for area in kept.departements} != set(form.departements):
        changed["departements"] = ", ".join(area.name for area in kept.departements) or _("(rien)")
    if any(form.places.get(place.code, 0) != place.places_count for place in kept.places):
        changed["places"] = ", ".join(f"{place.name} {place.places_count}" for place in kept.places)
    for name, number in numbers.items():
        if getattr(kept, name) != getattr(form, name):
            changed[name] = _("version {number}").format(number=number)
    return Stale(_("Quelqu’un a enregistré cet appel entre-temps. Comparez, puis enregistrez à nouveau."), changed, kept.version)
