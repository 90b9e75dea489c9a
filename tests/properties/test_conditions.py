"""Conditions never lose an answer: what they hide stays kept, is not deposited, and comes back with its question (B14)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from incubator.applications.actions import deposit
from incubator.applications.forms import DepositForm
from incubator.applications.queries.dossiers import dossier_for, latest_deposit
from incubator.applications.queries.revisions import revisions_of
from incubator.applications.rules.dossier import kept_answers, missing, progress, set_aside
from incubator.applications.rules.reading import read_sections
from incubator.calls.definitions import FormDefinition, Kind, Readers
from incubator.calls.rules import is_asked
from incubator.core.errors import Conflict, Invalid
from tests.properties import model
from tests.properties.answers import Answer, whole
from tests.properties.conftest import Example
from tests.properties.dossiers import WRITTEN, Scene, a_call_for, a_draft_for, entries_of, keep_one, often, stored
from tests.properties.forms import CONDITIONED, PHASES, definitions

HIDING = (*CONDITIONED, Kind.CHOICE, Kind.YES_NO, Kind.TEXT, Kind.RANKED, Kind.ROWS)  # most questions can be waited for
Step = tuple[str, Answer]


async def _try(scene: Scene, draft: UUID, definition: FormDefinition, kept: dict[str, Any], step: Step) -> None:
    """One answer, taken if its question is asked; emptied whether it is or not; refused, nothing changes."""
    code, answer = step
    known = dict(kept)
    try:
        told = await keep_one(draft, code, answer.sent, by=scene.holder)
    except Invalid:
        assert answer.kept is not None
        assert code not in model.asked(definition, kept)
        assert kept.get(code) != answer.kept, "saying again what is kept is not a fault"
    else:
        assert answer.kept is None or code in model.asked(definition, kept) or kept.get(code) == answer.kept
        kept.pop(code, None)
        if answer.kept is not None:
            kept[code] = answer.kept
        hidden = set(kept) - set(model.visible(definition, kept))
        assert {one.question for one in told.set_aside} == hidden
        assert told.missing_count == len(model.lacking(definition, kept))
    assert await stored(draft) == kept
    assert {one: kept[one] for one in known if one != code} == {one: known[one] for one in known if one != code}


async def _agree(scene: Scene, draft: UUID, definition: FormDefinition, kept: dict[str, Any]) -> None:
    """What counts, what is set aside, what is missing, how far each section is and what is read: all say the same."""
    answers = (await dossier_for(scene.holder, draft)).answers
    counting = kept_answers(definition, answers)
    assert counting == model.visible(definition, kept)
    assert {one.question for one in set_aside(definition, answers)} == set(kept) - set(counting)
    lacking = [one.question for one in missing(definition, answers)]
    assert lacking == model.lacking(definition, kept)
    for section, told in zip(definition.sections, progress(definition, answers), strict=True):
        assert told.required_count - told.answered_count == sum(one.code in lacking for one in section.questions)
        assert told.is_complete == (not {one.code for one in section.questions} & set(lacking))
    read = [one.code for section in read_sections(definition, answers, {}, readers=set(Readers)) for one in section.answers]
    written = [one for one in definition.questions if one.kind is not Kind.INFORMATION]
    assert read == [one.code for one in written if is_asked(one, counting)]


@often(80)
@given(st.data())
def test_what_an_answer_hides_is_kept_and_comes_back(example: Example, data: st.DataObject) -> None:
    definition = data.draw(definitions(least=3, most=9, kinds=HIDING))
    entries = data.draw(st.sampled_from((PHASES[:1], entries_of(definition))))
    first, second = data.draw(whole(definition, entries)), data.draw(whole(definition, entries))
    order = data.draw(st.lists(st.sampled_from(sorted(second)), max_size=12)) if second else []
    nothing = Answer(None, None)
    steps = [(code, data.draw(st.sampled_from((second[code], second[code], first[code], nothing)))) for code in order]

    async def story(scene: Scene) -> None:
        draft = await a_draft_for(scene, await a_call_for(scene, definition, entries))
        kept: dict[str, Any] = {}
        for step in [*first.items(), *steps]:
            await _try(scene, draft, definition, kept, step)
        await _agree(scene, draft, definition, kept)
        for code in sorted(kept):
            assert (await revisions_of(draft, code))[0].value == kept[code]
        phase = model.phase_of(definition, kept, entries)
        try:
            await deposit(draft, DepositForm(), by=scene.holder, at=WRITTEN)
        except (Conflict, Invalid):
            assert model.lacking(definition, kept) or phase is None
        else:
            assert not model.lacking(definition, kept)
            frozen = await latest_deposit(draft)
            assert frozen is not None
            assert (frozen.content.answers, frozen.content.phase) == (model.visible(definition, kept), phase)
        assert await stored(draft) == kept

    example(story)


@often(60)
@given(st.data())
def test_an_answer_taken_back_and_given_again_shows_everything_again(example: Example, data: st.DataObject) -> None:
    definition = data.draw(definitions(least=3, most=9, kinds=HIDING))
    sent = data.draw(whole(definition, entries_of(definition)))
    waited = sorted(set(sent) & {leaf.question for one in definition.questions if one.when for leaf in one.when.leaves})
    taken_back = data.draw(st.lists(st.sampled_from(waited), min_size=1, unique=True)) if waited else []

    async def story(scene: Scene) -> None:
        draft = await a_draft_for(scene, await a_call_for(scene, definition))
        kept: dict[str, Any] = {}
        for step in sent.items():
            await _try(scene, draft, definition, kept, step)
        before = dict(kept)
        gone = [code for code in taken_back if code in kept]
        for code in gone:
            await _try(scene, draft, definition, kept, (code, Answer(None, None)))
            await _agree(scene, draft, definition, kept)
        for code in [one.code for one in definition.questions if one.code in gone]:
            await _try(scene, draft, definition, kept, (code, sent[code]))
        assert kept == before
        await _agree(scene, draft, definition, kept)

    example(story)
