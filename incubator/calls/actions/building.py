"""Changing a draft of the form, one act a verb; each names the version it was made on, and is journaled."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.calls.actions.drafts import Draft, change_form, locked_draft, stale_draft, write_draft
from incubator.calls.building_forms import (
    MoveForm,
    NewQuestionForm,
    QuestionForm,
    QuickRuleForm,
    RemovalForm,
    RuleForm,
    SectionForm,
    SelfTestForm,
    SettingsForm,
    Thing,
    WholeForm,
)
from incubator.calls.definitions import Effect, EligibilityRule, FormDefinition, Section, SelfTestQuestion
from incubator.calls.rules import editing
from incubator.calls.rules.difference import FIELD_WORDS
from incubator.calls.rules.questions import condition_refusing, digest_of, new_question, typed_question, typed_rule
from incubator.calls.rules.wording import MEGABYTE, value_words
from incubator.core.database import transaction
from incubator.core.errors import Invalid, NotFound, Stale
from incubator.core.language import _
from incubator.people.queries import Person

OWN_FIELDS = frozenset({"label", "help", "example", "limit", "unit", "kind"})
LISTS = {Thing.SECTION: "sections", Thing.RULE: "eligibility", Thing.SELF_TEST: "self_test"}


async def edit_settings(form_id: UUID, form: SettingsForm, *, by: Person, at: datetime) -> None:
    """Give the form its title and the size of all its files together."""

    def change(draft: Draft) -> FormDefinition:
        size = int(form.files_size_mb * MEGABYTE) if form.files_size_mb else 0
        return msgspec.structs.replace(draft.definition, title=form.title, files_size_max=size)

    await change_form(form_id, form.version, "settings", change, by=by, at=at)


async def add_section(form_id: UUID, form: SectionForm, *, by: Person, at: datetime) -> str:
    """Add a section at the end; its code."""
    made = []

    def change(draft: Draft) -> FormDefinition:
        made.append(editing.next_code("S", draft.taken))
        return editing.add_section(draft.definition, Section(made[0], form.title, introduction=form.introduction))

    await change_form(form_id, form.version, "section added", change, by=by, at=at)
    return made[0]


async def edit_section(form_id: UUID, code: str, form: SectionForm, *, by: Person, at: datetime) -> None:
    """Rename a section, change its introduction."""

    def change(draft: Draft) -> FormDefinition:
        held = draft.definition.sections
        section = held[editing.place_of(held, code)]
        changed = msgspec.structs.replace(section, title=form.title, introduction=form.introduction)
        return editing.with_sections(draft.definition, lambda held: editing.replaced(held, code, changed))

    await change_form(form_id, form.version, f"section {code} changed", change, by=by, at=at)


async def add_question(form_id: UUID, form: NewQuestionForm, *, by: Person, at: datetime) -> str:
    """Add a question at the end of a section, or after another; its code, which no question ever had (R54)."""
    made = []

    def change(draft: Draft) -> FormDefinition:
        made.append(editing.next_question_code(form.section, draft.taken))
        question = new_question(made[0], form.label, form.kind)
        section = draft.definition.section(form.section)
        if section is None:
            raise NotFound
        place = editing.place_of(section.questions, form.after) + 1 if form.after else None
        return editing.add_question(draft.definition, form.section, question, place)

    await change_form(form_id, form.version, f"question added to {form.section}", change, by=by, at=at)
    return made[0]


async def edit_question(form_id: UUID, code: str, form: QuestionForm, *, by: Person, at: datetime) -> None:
    """Change a question. Raises `Stale` when this very question was changed meanwhile, `Invalid` with a sentence per field."""
    async with transaction():
        draft = await locked_draft(form_id, by)
        stored = editing.question_of(draft.definition, code)
        earlier = {one.code: one for one in editing.earlier_than(draft.definition, code)}
        changed = typed_question(stored, form, earlier)
        shown = digest_of(stored) == form.was if form.was else form.version == draft.form.version
        if not shown and changed != stored:
            raise Stale(stale_draft(draft.form).reason, _theirs(stored, changed, earlier), draft.form.version)
        definition = _reordered(editing.with_question(draft.definition, changed), code, form.then)
        await write_draft(draft, definition, f"question {code} changed", by=by, at=at)


def _theirs(stored: msgspec.Struct, changed: msgspec.Struct, questions: Any) -> dict[str, str]:
    """What is stored, for each field that the form would change; what has no field of its own says its name."""
    found = {}
    for name in stored.__struct_fields__:
        if getattr(stored, name) != getattr(changed, name):
            text = value_words(getattr(stored, name), questions, name=name) or _("rien")
            field = _(FIELD_WORDS.get(name, name))
            found[name] = text if name in OWN_FIELDS else _("{field} : {text}").format(field=field, text=text)
    return found


def _reordered(definition: FormDefinition, code: str, then: str) -> FormDefinition:
    """`then` may also move one of the answers or columns: `options up food`, `columns down name`."""
    words = then.split(" ")
    if len(words) != 3 or words[0] not in ("options", "columns") or words[1] not in ("up", "down"):
        return definition
    question = editing.question_of(definition, code)
    held = getattr(question, words[0])
    if words[2] not in {one.code for one in held}:
        return definition
    moved = editing.shifted(held, words[2], -1 if words[1] == "up" else 1)
    return editing.with_question(definition, msgspec.structs.replace(question, **{words[0]: moved}))


async def copy_question(form_id: UUID, code: str, version: int | None, *, by: Person, at: datetime) -> str:
    """Put a copy of a question right after it; the code of the copy."""
    made = []

    def change(draft: Draft) -> FormDefinition:
        section = editing.section_of(draft.definition, code)
        made.append(editing.next_question_code(section.code, draft.taken))
        return editing.copy_question(draft.definition, code, made[0])

    await change_form(form_id, version, f"question {code} copied", change, by=by, at=at)
    return made[0]


async def remove(form_id: UUID, form: RemovalForm, *, by: Person, at: datetime) -> None:
    """Take a section, a question, a rule or a question of the self-test out. What depended on it is then to be mended."""

    def change(draft: Draft) -> FormDefinition:
        if form.what is Thing.QUESTION:
            return editing.without_question(draft.definition, form.code)
        name = LISTS[form.what]
        return msgspec.structs.replace(draft.definition, **{name: editing.without(getattr(draft.definition, name), form.code)})

    await change_form(form_id, form.version, f"{form.what} {form.code} removed", change, by=by, at=at)


async def move(form_id: UUID, form: MoveForm, *, by: Person, at: datetime) -> FormDefinition:
    """Move a section, a question, a rule or a question of the self-test: up, down, or to a place. The form as it became."""
    verb, _space, rest = form.move.partition(" ")
    name, _space, code = rest.partition(" ")
    if verb not in ("up", "down", "to") or name not in set(Thing):
        raise Invalid({"move": _("Dites quoi déplacer, et où.")})

    def change(draft: Draft) -> FormDefinition:
        return _moved(draft.definition, verb, Thing(name), code, form)

    return await change_form(form_id, form.version, f"{name} {code} moved", change, by=by, at=at)


def _moved(definition: FormDefinition, verb: str, thing: Thing, code: str, form: MoveForm) -> FormDefinition:
    by = -1 if verb == "up" else 1
    section, _space, rank = form.place.rpartition(" ")
    if verb == "to" and not (rank.isascii() and rank.isdigit() and len(rank) < 4):
        raise Invalid({"place": _("Dites quoi déplacer, et où.")})
    if thing is Thing.QUESTION:
        if verb == "to":
            return editing.move_question(definition, code, section, int(rank))
        return editing.shift_question(definition, code, by)
    name = LISTS[thing]
    held: tuple[Any, ...] = getattr(definition, name)
    arranged = editing.moved(held, code, int(rank)) if verb == "to" else editing.shifted(held, code, by)
    return msgspec.structs.replace(definition, **{name: arranged})


async def add_rule(form_id: UUID, form: RuleForm, *, by: Person, at: datetime) -> str:
    """Add a rule of eligibility; its code."""
    made = []

    def change(draft: Draft) -> FormDefinition:
        made.append(editing.next_code("E", draft.taken))
        questions = {one.code: one for one in draft.definition.questions}
        return editing.add_rule(draft.definition, typed_rule(EligibilityRule(made[0], form.label, form.effect), form, questions))

    await change_form(form_id, form.version, "rule added", change, by=by, at=at)
    return made[0]


async def add_quick_rule(form_id: UUID, form: QuickRuleForm, *, by: Person, at: datetime) -> str:
    """Say on a question's page that some of its answers make a rule not met; the code of the rule."""
    made = []

    def change(draft: Draft) -> FormDefinition:
        made.append(editing.next_code("E", draft.taken))
        question = editing.question_of(draft.definition, form.question)
        met = condition_refusing(question, form.answers)
        label = form.message if len(form.message) <= 300 else f"{form.message[:299]}…"
        rule = EligibilityRule(
            made[0], label.replace("\n", " "), form.effect, questions=(question.code,), met_when=met, message=form.message
        )
        return editing.add_rule(draft.definition, rule)

    await change_form(form_id, form.version, f"rule added on {form.question}", change, by=by, at=at)
    return made[0]


async def edit_rule(form_id: UUID, code: str, form: RuleForm, *, by: Person, at: datetime) -> None:
    """Change a rule of eligibility."""

    def change(draft: Draft) -> FormDefinition:
        held = draft.definition.eligibility
        questions = {one.code: one for one in draft.definition.questions}
        changed = typed_rule(held[editing.place_of(held, code)], form, questions)
        return msgspec.structs.replace(draft.definition, eligibility=editing.replaced(held, code, changed))

    await change_form(form_id, form.version, f"rule {code} changed", change, by=by, at=at)


async def save_self_test(form_id: UUID, code: str | None, form: SelfTestForm, *, by: Person, at: datetime) -> str:
    """Add a question to the self-test, or change it; its code."""
    made = []

    def change(draft: Draft) -> FormDefinition:
        made.append(code or editing.next_code("T", draft.taken))
        question = SelfTestQuestion(made[0], form.label, form.wanted, form.message, form.effect or Effect.WARNING, form.help)  # type: ignore[arg-type]
        if code is None:
            return editing.add_self_test(draft.definition, question)
        held = editing.replaced(draft.definition.self_test, code, question)
        return msgspec.structs.replace(draft.definition, self_test=held)

    await change_form(form_id, form.version, "self-test changed", change, by=by, at=at)
    return made[0]


async def replace_form(form_id: UUID, form: WholeForm, *, by: Person, at: datetime) -> FormDefinition:
    """Replace a draft's whole definition: what programs and imports do."""
    if form.version is None:
        raise Invalid({"version": _("Dites quelle version du brouillon vous avez lue.")})
    return await change_form(form_id, form.version, "replaced", lambda _draft: form.definition, by=by, at=at)
