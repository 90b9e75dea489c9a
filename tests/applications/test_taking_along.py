"""A draft moves onto a newer form; a former application is taken up again; what an answer was comes back (R8, B27)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import msgspec
import pytest

from incubator.applications.actions import Given, deposit, import_answers, rebase, save_answer, save_answers
from incubator.applications.forms import AnswerForm, DepositForm, ImportForm, RebaseForm
from incubator.applications.queries.dossiers import answers_of, dossier_for
from incubator.applications.queries.revisions import revisions_of
from incubator.calls.definitions import FormDefinition, Kind, Question, Section
from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, NotFound
from tests.world.applications import CVS, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.forms import EVERY_KIND, MONEY, PROJECT, a_form, use_form
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_project

SHORTER = msgspec.structs.replace(PROJECT.questions[1], limit=5)
NEW = FormDefinition(
    "Formulaire revu",
    (
        Section("P", "Le projet", (PROJECT.questions[0], SHORTER, Question("P.11", "Une question neuve", Kind.YES_NO))),
        Section("M", MONEY.title, (MONEY.questions[1], msgspec.structs.replace(PROJECT.questions[2], kind=Kind.CHOICES))),
    ),
)
WRITTEN = {"P.1": "Un vélo", "P.2": "Trente habitants", "P.3": "a", "M.1": "1250.5", "M.2": "no"}


async def a_draft(person=None, definition=EVERY_KIND, **call_options):
    at = now()
    world, person = await the_programme(), person or await someone("Aïcha Diallo")
    call = await a_call(world, opens_at=at - timedelta(days=5), closes_at=at + timedelta(days=5), **call_options)
    await use_form(call.id, await a_form(world.programme, definition, at=at))
    project = await a_project(person, world.programme, at=at)
    return world, call, person, project, await a_draft_application(call, person, project, at=at)


async def values(application):
    return {code: one.value for code, one in (await answers_of(application)).items() if one.value is not None}


async def test_a_draft_moves_onto_the_new_form_with_its_answers(db, signed_in):
    world, call, person, _project, application = await a_draft()
    await write(application, WRITTEN, by=person, at=now())
    newer = await a_form(world.programme, NEW, at=now())
    await use_form(call.id, newer)
    me = await signed_in(person)
    assert "Voir ce qui change" in (await me.get(f"/applications/{application}")).text
    page = unescape((await me.get(f"/applications/{application}/form")).text)
    assert ["Trente habitants" in page, "Une question neuve" in page, bool(re.search("de «.Le projet.» à", page))] == [True] * 3
    sent = await me.send_form(f"/applications/{application}/form", form=str(newer))
    assert (sent.status_code, sent.headers["location"]) == (303, f"/applications/{application}")
    assert await values(application) == {"P.1": "Un vélo", "P.3": ["a"], "M.1": "1250.5"}
    assert [one.value for one in await revisions_of(application, "P.2")] == [None, "Trente habitants"]
    assert await column("SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number DESC LIMIT 1", application) == [
        "application.rebased"
    ]
    assert (await me.get(f"/applications/{application}/form")).status_code == 303


async def test_what_is_deposited_never_moves(db):
    world, call, person, project, _draft = await a_draft()
    await execute("DELETE FROM answer_revision")
    del project
    reference = await a_call(world, opens_at=call.opens_at, closes_at=call.closes_at)
    application = await a_draft_application(reference, person, at=now())
    await write(application, whole_answers() | CVS, by=person, at=now())
    await deposit(application, DepositForm(), by=person, at=now())
    newer = await a_form(world.programme, NEW, at=now())
    await use_form(reference.id, newer)
    with pytest.raises(Conflict, match="garde le formulaire"):
        await rebase(application, RebaseForm(newer), by=person, at=now())
    assert await value("SELECT form FROM application WHERE id = $1", application) == reference.form


async def test_a_form_that_changed_again_is_read_again(db):
    world, call, person, _project, application = await a_draft()
    newer = await a_form(world.programme, NEW, at=now())
    await use_form(call.id, newer)
    with pytest.raises(Conflict, match="a encore changé"):
        await rebase(application, RebaseForm(world.form), by=person, at=now())
    with pytest.raises(NotFound):
        await rebase(application, RebaseForm(newer), by=await someone(), at=now())


async def test_a_page_left_open_on_the_old_form_loses_nothing(db):
    """What is sent under the old form after the move is refused; its page keeps the words."""
    world, call, person, _project, application = await a_draft()
    await write(application, WRITTEN, by=person, at=now())
    newer = await a_form(world.programme, NEW, at=now())
    await use_form(call.id, newer)
    await rebase(application, RebaseForm(newer), by=person, at=now())
    saved = await save_answer(application, "P.1", AnswerForm("Un vélo bleu", 1), by=person, at=now())
    assert saved.version == 2
    with pytest.raises(NotFound):
        await save_answer(application, "M.5", AnswerForm("3", 0), by=person, at=now())


async def test_a_former_application_is_taken_up_as_a_draft(db, signed_in):
    """R8: what fits where nothing is written; what does not is named; what is written stays unless one asks."""
    _world, _call, person, project, former = await a_draft()
    await write(former, WRITTEN | {"P.10": True}, by=person, at=now())
    _world, _call, _person, _other, application = await a_draft(person, NEW, code="AAC-SUIVANT")
    await save_answers(application, {"P.1": Given("Un autre vélo")}, by=person, at=now())
    me = await signed_in(person)
    assert "Voir ce qui convient" in (await me.get(f"/applications/{application}/import")).text
    page = unescape((await me.get(f"/applications/{application}/import?source={former}")).text)
    told = ["2 réponses à reprendre", "1 question a déjà", "Remplacer aussi", "Cette question n’existe plus"]
    assert [one for one in told if one not in page] == []
    sent = await me.send_form(f"/applications/{application}/import", source=str(former))
    assert (sent.status_code, sent.headers["location"]) == (303, f"/applications/{application}")
    assert "2 réponses sont reprises. Relisez-les" in (await me.get(sent.headers["location"])).text
    assert await values(application) == {"P.1": "Un autre vélo", "P.3": ["a"], "M.1": "1250.5"}
    await import_answers(application, ImportForm(former, replace=True), by=person, at=now())
    assert (await values(application))["P.1"] == "Un vélo"
    assert [one.value for one in await revisions_of(application, "P.1")][1:] == ["Un autre vélo"]
    assert await values(former) == WRITTEN | {"P.10": True}
    del project


async def test_what_a_colleague_writes_after_the_preview_is_not_replaced_unseen(db, signed_in):
    _world, _call, person, _project, former = await a_draft()
    await write(former, WRITTEN, by=person, at=now())
    _world, _call, _person, _other, application = await a_draft(person, code="AAC-SUIVANT")
    await write(application, {"P.1": "Un autre vélo"}, by=person, at=now())
    me, path = await signed_in(person), f"/applications/{application}/import"
    seen = re.search(r'name="seen" value="(\w+)"', (await me.get(f"{path}?source={former}")).text)
    assert seen
    await write(application, {"P.1": "Les mots de Basile"}, by=person, at=now())
    sent = await me.send_form(path, source=str(former), replace="on", seen=seen[1])
    assert (sent.status_code, "a écrit entre-temps" in unescape(sent.text)) == (409, True)
    assert (await values(application))["P.1"] == "Les mots de Basile"
    seen = re.search(r'name="seen" value="(\w+)"', sent.text)
    assert seen
    assert (await me.send_form(path, source=str(former), replace="on", seen=seen[1])).status_code == 303
    assert (await values(application))["P.1"] == "Un vélo"


async def test_programs_take_answers_along_too(db, signed_in):
    world, call, person, _project, former = await a_draft()
    await write(former, WRITTEN, by=person, at=now())
    _world, _call, _person, _other, application = await a_draft(person, code="AAC-SUIVANT")
    me = await signed_in(person)
    base = f"/api/v1/applications/{application}"
    taken = await me.send_json("POST", f"{base}/imported-answers", {"source": str(former)}, **{"idempotency-key": "k"})
    again = await me.send_json("POST", f"{base}/imported-answers", {"source": str(former)}, **{"idempotency-key": "k"})
    assert (taken.status_code, taken.json(), again.json()) == (201, {"questions": sorted(WRITTEN)}, taken.json())
    told = (await me.get(f"{base}/answers/P.1/versions")).json()["items"]
    assert [(one["value"], one["version"], one["by"]) for one in told] == [("Un vélo", 1, "Aïcha Diallo")]
    newer = await a_form(world.programme, NEW, at=now())
    await use_form(call.id, newer)
    moved = await me.send_json("PUT", f"/api/v1/applications/{former}/form", {"form": str(newer)})
    assert (moved.status_code, [one["question"] for one in moved.json()["left"]]) == (200, ["P.2", "M.2"])


async def test_only_ones_own_applications_are_taken_up(db):
    _world, _call, _stranger, _project, theirs = await a_draft()
    await write(theirs, WRITTEN, by=_stranger, at=now())
    *_ignored, person, _mine, application = await a_draft(code="AAC-SUIVANT")
    with pytest.raises(NotFound):
        await import_answers(application, ImportForm(theirs), by=person, at=now())
    assert await values(application) == {}


async def test_what_an_answer_was_comes_back(db, signed_in):
    *_ignored, person, _project, application = await a_draft()
    await save_answers(application, {"P.2": Given("Trente habitants du quartier")}, by=person, at=now())
    await save_answers(application, {"P.2": Given("Rien", 1)}, by=person, at=now())
    me = await signed_in(person)
    path = f"/applications/{application}/answers/P.2/versions"
    page = await me.get(path)
    assert re.findall(r'class="revision">([^<]+)<', unescape(page.text)) == ["Rien", "Trente habitants du quartier"]
    sent = await me.send_form(path, revision="1", version="2")
    assert sent.headers["location"] == f"/applications/{application}/sections/P#f-qP-2"
    assert (await values(application))["P.2"] == "Trente habitants du quartier"
    assert len(await revisions_of(application, "P.2")) == 3
    late = await me.send_form(path, revision="2", version="2")
    assert late.status_code == 409
    assert (await (await signed_in(await someone())).get(path)).status_code == 404


async def test_a_draft_of_a_closed_call_is_only_read(db, signed_in):
    """B27."""
    *_ignored, call, person, _project, application = await a_draft()
    await write(application, WRITTEN, by=person, at=now())
    await execute(
        "UPDATE call SET opens_at = $2, closes_at = $3 WHERE id = $1", call.id, now() - timedelta(9), now() - timedelta(1)
    )
    me = await signed_in(person)
    page = await me.get(f"/applications/{application}/sections/P")
    assert (page.status_code, "Trente habitants" in page.text, "write.js" in page.text) == (200, True, False)
    assert "Reprendre ce texte" not in (await me.get(f"/applications/{application}/answers/P.2/versions")).text
    assert (await dossier_for(person, application)).answers == WRITTEN


async def test_the_token_of_another_session_is_given_to_its_person_alone(db, signed_in, client):
    person = await someone()
    me = await signed_in(person)
    told = await me.get("/form-token")
    assert told.json() == {"token": me.token(), "person": str(person.id)}
    assert told.headers["cache-control"] == "no-store"
    assert (await me.get("/form-token", headers={"sec-fetch-site": "cross-site"})).status_code == 403
    assert (await client.get("/form-token", headers={"accept": "application/json"})).status_code in (303, 401)
