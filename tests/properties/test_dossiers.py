"""From the hand to the receipt, to a file, to another dossier: any form, any answers, the same words (R3, R4, R8)."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.applications.actions import deposit, import_answers
from incubator.applications.forms import DepositForm, ImportForm
from incubator.applications.queries.dossiers import dossier_for, latest_deposit, receipts_of
from incubator.applications.queries.views import view_of
from incubator.applications.rules.dossier import missing, progress
from incubator.calls.actions import publish_call
from incubator.calls.actions.importing import import_call
from incubator.calls.definitions import FormDefinition, Kind
from incubator.calls.files import as_json, as_yaml, read_call_file
from incubator.calls.forms import ImportFields
from incubator.calls.queries import CallView, call_by_code
from incubator.calls.queries.files import call_file
from incubator.core.database import value
from incubator.core.errors import Conflict
from tests.properties import model
from tests.properties.answers import Answer, whole
from tests.properties.conftest import Example
from tests.properties.dossiers import (
    CLOSES,
    OPENS,
    WRITTEN,
    Scene,
    a_call_for,
    a_draft_for,
    entries_of,
    join_files,
    keep,
    keep_one,
    often,
    stored,
)
from tests.properties.forms import PHASES, definitions


async def _write_in_turn(scene: Scene, draft: UUID, definition: FormDefinition, sent: dict[str, Answer], left: set[str]) -> Any:
    """Each question as it comes, unless it is left out; what should be kept. A question not asked is not answered."""
    kept: dict[str, Any] = {}
    for question in definition.questions:
        if question.code in left or question.code not in model.asked(definition, kept):
            continue
        if question.kind is Kind.FILE:
            kept[question.code] = await join_files(draft, question.code, question.files_max, by=scene.holder)
        elif question.code in sent:
            told = await keep_one(draft, question.code, sent[question.code].sent, by=scene.holder)
            kept[question.code] = sent[question.code].kept
            assert told.missing_count == len(model.lacking(definition, kept))
    return kept


async def _deposits_what_counts(
    scene: Scene, draft: UUID, definition: FormDefinition, kept: dict[str, Any], entries: tuple[str, ...]
) -> None:
    """Deposited if and only if nothing is missing; exactly the answers that count; the receipt proves them."""
    lacking = model.lacking(definition, kept)
    assert [one.question for one in missing(definition, kept)] == lacking
    assert sum(one.required_count - one.answered_count for one in progress(definition, kept)) == len(lacking)
    phase = model.phase_of(definition, kept, entries)
    if lacking or phase is None:
        with pytest.raises(Conflict):
            await deposit(draft, DepositForm(), by=scene.holder, at=WRITTEN)
        assert await value("SELECT count(*) FROM deposit") == 0
        return
    receipt = await deposit(draft, DepositForm(), by=scene.holder, at=WRITTEN)
    frozen = await latest_deposit(draft)
    assert frozen is not None
    assert frozen.content.answers == model.visible(definition, kept)
    assert frozen.content.phase == phase
    text = await value("SELECT content::text FROM deposit WHERE application = $1", draft)
    canonical = json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert receipt.content_hash == hashlib.sha256(canonical).hexdigest()
    assert [one.content_hash for one in await receipts_of(draft)] == [receipt.content_hash]


async def _elsewhere(scene: Scene, call: CallView, write: Any) -> CallView:
    """The call, by its file, as another call; the file says the same."""
    file = await call_file(call)
    assert read_call_file(write(file)) == file
    fields = ImportFields(
        programme=scene.world.programme, code="AILLEURS", opens_at=OPENS, closes_at=CLOSES, notify_on=call.notify_on
    )
    await import_call(read_call_file(write(file)), fields, by=scene.manager, at=OPENS)
    await publish_call("AILLEURS", by=scene.manager, at=OPENS)
    return await call_by_code("AILLEURS")


def _may_travel(definition: FormDefinition, kept: dict[str, Any]) -> dict[str, Any]:
    """Statements are accepted, and files added, by each dossier for itself (R8)."""
    own = {one.code for one in definition.questions if one.kind in (Kind.STATEMENT, Kind.FILE)}
    return {code: one for code, one in kept.items() if code not in own}


@often(60)
@given(st.data())
def test_any_answers_to_any_form_are_deposited_exported_and_taken_up_again(example: Example, data: st.DataObject) -> None:
    definition = data.draw(definitions())
    entries = data.draw(st.sampled_from((PHASES[:1], entries_of(definition))))
    sent = data.draw(whole(definition, entries))
    codes = [one.code for one in definition.questions]
    left = data.draw(st.just(set()) | st.just(set()) | st.sets(st.sampled_from(codes), max_size=2))
    write = data.draw(st.sampled_from((as_yaml, as_json)))

    async def story(scene: Scene) -> None:
        call = await a_call_for(scene, definition, entries)
        draft = await a_draft_for(scene, call)
        kept = await _write_in_turn(scene, draft, definition, sent, left)
        dossier = await dossier_for(scene.holder, draft)
        assert (dossier.definition, dossier.answers) == (definition, kept)
        await _deposits_what_counts(scene, draft, definition, kept, entries)
        exported = msgspec.json.decode(msgspec.json.encode(view_of(await dossier_for(scene.holder, draft), at=WRITTEN)))
        assert exported["answers"] == kept
        other = await _elsewhere(scene, call, write)
        assert other.form == call.form
        taken = await a_draft_for(scene, other)
        if kept:
            await import_answers(taken, ImportForm(draft), by=scene.holder, at=WRITTEN)
        assert await stored(taken) == _may_travel(definition, kept)

    example(story)


@often(40)
@given(st.data())
def test_what_a_program_reads_it_can_write_elsewhere_at_once(example: Example, data: st.DataObject) -> None:
    definition = data.draw(definitions(kinds=tuple(kind for kind in Kind if kind is not Kind.FILE)))
    sent = data.draw(whole(definition, entries_of(definition)))

    async def story(scene: Scene) -> None:
        call = await a_call_for(scene, definition)
        draft = await a_draft_for(scene, call)
        values = {code: one.kept for code, one in sent.items()}
        counting = model.visible(definition, values)
        await keep(draft, {code: sent[code].sent for code in counting}, by=scene.holder)
        assert await stored(draft) == counting
        exported = view_of(await dossier_for(scene.holder, draft), at=WRITTEN)
        again = msgspec.json.decode(msgspec.json.encode(exported.answers))
        other = await a_draft_for(scene, await _elsewhere(scene, call, as_json))
        await keep(other, again, by=scene.holder)
        assert await stored(other) == counting
        await keep(other, dict.fromkeys(counting), by=scene.holder)
        assert await stored(other) == {}

    example(story)


@often(200)
@given(st.data())
def test_words_are_kept_in_one_form_and_kept_again_as_they_are(data: st.DataObject) -> None:
    definition = data.draw(definitions(most=3, kinds=(Kind.LINE, Kind.TEXT)))
    for code, one in data.draw(whole(definition, entries_of(definition))).items():
        limit = next(question.limit for question in definition.questions if question.code == code)
        assert len(one.kept) <= limit
        assert unicodedata.is_normalized("NFC", one.kept)
