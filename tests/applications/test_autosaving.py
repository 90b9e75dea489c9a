"""Saving as one types: three statements, versions, what is refused, what is kept (B06, B07, B14, B18, B21)."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from incubator.applications.actions import Given, be_present, deposit, save_answer, save_answers
from incubator.applications.forms import AnswerForm, DepositForm, PresenceForm
from incubator.applications.queries.dossiers import answers_of, dossier_for
from incubator.applications.queries.revisions import revisions_of
from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.invariants import broken
from tests.world.applications import CVS, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_project


async def a_mate(project, name="Basile Roy"):
    """Someone more in the team, who writes too."""
    mate = await someone(name)
    await execute(
        "INSERT INTO team_member (id, project, account, role, name, email, joined_at)"
        " VALUES (gen_random_uuid(), $1, $2, 'editor', $3, $4, $5)",
        project, mate.id, mate.name, mate.email, now(),
    )  # fmt: skip
    return mate


async def a_dossier(*, at=None):
    at = at or now()
    world, person = await the_programme(), await someone("Aïcha Diallo")
    call = await a_call(world, opens_at=at - timedelta(days=5), closes_at=at + timedelta(days=5))
    project = await a_project(person, world.programme, at=at)
    return world, call, person, project, await a_draft_application(call, person, project, at=at)


async def stored(application) -> dict[str, tuple[object, int]]:
    return {code: (one.value, one.version) for code, one in (await answers_of(application)).items()}


async def test_an_answer_saves_in_three_statements_with_its_session(db, signed_in, statements):
    *_ignored, person, _project, application = await a_dossier()
    await write(application, whole_answers() | CVS, by=person, at=now())
    me = await signed_in(person)
    path = f"/api/v1/applications/{application}/answers/1.2"
    await me.send_json("PUT", path, {"value": "Un atelier", "version": 1})
    with statements() as seen:
        sent = await me.send_json("PUT", path, {"value": "Un atelier mobile", "version": 2})
    assert (sent.status_code, sent.json()["version"], sent.json()["question"]) == (200, 3, "1.2")
    assert len(seen) <= 3, [one.sql[:80] for one in seen]
    assert (await stored(application))["1.2"] == ("Un atelier mobile", 3)


async def test_looking_at_the_others_costs_two_statements(db, signed_in, statements):
    *_ignored, person, project, application = await a_dossier()
    mate = await a_mate(project)
    await save_answer(application, "1.2", AnswerForm("Un vélo", 0), by=mate, at=now())
    await be_present(application, PresenceForm("S2", "2.2"), by=mate, at=now())
    me = await signed_in(person)
    with statements() as seen:
        told = await me.send_json(
            "POST", f"/api/v1/applications/{application}/presence", {"section": "S1", "versions": {"1.2": 0}}
        )
    assert told.json() == {
        "people": [{"name": "Basile Roy", "section": "S2", "question": "2.2"}],
        "changed": [{"question": "1.2", "version": 1, "by": "Basile Roy"}],
    }
    assert len(seen) <= 3


async def test_someone_seen_half_a_minute_ago_is_gone(db):
    at = now()
    *_ignored, person, project, application = await a_dossier()
    mate = await a_mate(project)
    await be_present(application, PresenceForm("S2"), by=mate, at=at)
    assert [one.name for one in (await be_present(application, PresenceForm("S1"), by=person, at=at)).people] == ["Basile Roy"]
    later = await be_present(application, PresenceForm("S1"), by=person, at=at + timedelta(seconds=31))
    assert later.people == []
    assert await value("SELECT count(*) FROM presence") == 2


async def test_a_late_save_never_overwrites_newer_words(db):
    """Out of order, or by someone else: the second is told both texts, and nothing changes (B07)."""
    *_ignored, person, project, application = await a_dossier()
    mate = await a_mate(project)
    await save_answer(application, "1.2", AnswerForm("premier", 0), by=person, at=now())
    await save_answer(application, "1.2", AnswerForm("deuxième", 1), by=mate, at=now())
    for version in (0, 1):
        with pytest.raises(Stale) as late:
            await save_answer(application, "1.2", AnswerForm("en retard", version), by=person, at=now())
        assert (late.value.theirs, late.value.version) == ({"1.2": "deuxième"}, 2)
    assert await stored(application) == {"1.2": ("deuxième", 2)}


async def test_the_same_words_sent_again_are_one_save(db):
    """The answer was lost on the way, not the words."""
    *_ignored, person, _project, application = await a_dossier()
    once = await save_answer(application, "1.2", AnswerForm("un texte", 0), by=person, at=now())
    again = await save_answer(application, "1.2", AnswerForm(" un texte\u200b", 0), by=person, at=now())
    assert (once.version, again.version, once.digest) == (1, 1, again.digest)
    assert len(await revisions_of(application, "1.2")) == 1


async def test_revisions_keep_every_word(db):
    """One person in a row is one revision; a pause, someone else, or a large cut opens another."""
    at = now()
    *_ignored, person, project, application = await a_dossier()
    mate = await a_mate(project)
    texts = [(person, "Un atelier", 0), (person, "Un atelier mobile", 10), (mate, "Un atelier mobile, vite", 20)]
    texts += [(person, "Un atelier mobile, très vite", 30), (person, "Un", 40), (person, "Un vélo", 400)]
    for version, (who, text, seconds) in enumerate(texts):
        await save_answer(application, "1.2", AnswerForm(text, version), by=who, at=at + timedelta(seconds=seconds))
    kept = [(one.value, one.version, one.by) for one in await revisions_of(application, "1.2")]
    assert kept == [
        ("Un vélo", 6, "Aïcha Diallo"),
        ("Un", 5, "Aïcha Diallo"),
        ("Un atelier mobile, très vite", 4, "Aïcha Diallo"),
        ("Un atelier mobile, vite", 3, "Basile Roy"),
        ("Un atelier mobile", 2, "Aïcha Diallo"),
    ]
    assert await value("SELECT count(*) FROM journal_entry WHERE verb = 'answers.saved' AND subject = $1", application) == 5


async def test_a_page_and_a_pause_keep_the_same_history(db):
    *_ignored, person, _project, application = await a_dossier()
    await save_answers(application, {"1.2": Given("Un vélo"), "1.3": Given("Voici.")}, by=person, at=now())
    await save_answer(application, "1.2", AnswerForm("Un vélo bleu", 1), by=person, at=now())
    assert [(one.value, one.version) for one in await revisions_of(application, "1.2")] == [("Un vélo bleu", 2)]
    assert await stored(application) == {"1.2": ("Un vélo bleu", 2), "1.3": ("Voici.", 1)}


async def test_after_the_closing_or_the_deposit_nothing_is_written(db):
    """B06, B27: the page is told why; what was there stays."""
    *_ignored, call, person, _project, application = await a_dossier()
    await write(application, whole_answers() | CVS, by=person, at=now())
    before = await stored(application)
    with pytest.raises(Conflict, match="clos depuis"):
        await save_answer(application, "1.2", AnswerForm("tard", 1), by=person, at=call.closes_at)
    await deposit(application, DepositForm(), by=person, at=now())
    with pytest.raises(Conflict, match="déposée"):
        await save_answer(application, "1.2", AnswerForm("tard", 1), by=person, at=now())
    assert await stored(application) == before


@pytest.mark.parametrize(
    ("code", "sent", "said"),
    [
        ("1.6", "99999", "n’existe pas"),
        ("1.6", "Tours", "Aucune commune"),
        ("1.2", 7, "Un texte est attendu"),
        ("1.7b", "Ma voisine", "n’est pas posée"),
        ("1.4", "status=retenue", "réponses proposées"),
    ],
)
async def test_what_cannot_be_taken_is_told_and_not_written(db, code, sent, said):
    """B14, B15: a hidden question, a place that does not exist, another shape."""
    *_ignored, person, _project, application = await a_dossier()
    with pytest.raises(Invalid) as refused:
        await save_answer(application, code, AnswerForm(sent, 0), by=person, at=now())
    assert said in " ".join(refused.value.errors.values())
    assert await stored(application) == {}
    with pytest.raises(NotFound):
        await save_answer(application, "99", AnswerForm("x", 0), by=person, at=now())


async def test_who_has_left_writes_and_sees_nothing_more(db):
    """B21: no resurrection; B07: nor does a reader write."""
    *_ignored, _person, project, application = await a_dossier()
    mate, stranger = await a_mate(project), await someone("Zoé")
    await save_answer(application, "1.2", AnswerForm("un texte", 0), by=mate, at=now())
    await execute("UPDATE team_member SET left_at = $2 WHERE account = $1", mate.id, now())
    for nobody in (mate, stranger):
        with pytest.raises(NotFound):
            await save_answer(application, "1.2", AnswerForm("autre", 1), by=nobody, at=now())
        with pytest.raises(NotFound):
            await be_present(application, PresenceForm("S1"), by=nobody, at=now())
    assert await stored(application) == {"1.2": ("un texte", 1)}


async def test_an_answer_that_hides_another_keeps_it_aside(db):
    """Conditions never lose an answer: it is kept, said, never deposited, and back when its question is."""
    *_ignored, person, _project, application = await a_dossier()
    await save_answers(application, {"1.7": Given("referrer"), "1.7b": Given("Ma voisine")}, by=person, at=now())
    told = await save_answer(application, "1.7", AnswerForm("web", 1), by=person, at=now())
    assert [one.question for one in told.set_aside] == ["1.7b"]
    assert "1.7b" not in told.asked
    assert (await dossier_for(person, application)).answers["1.7b"] == "Ma voisine"
    back = await save_answer(application, "1.7", AnswerForm("referrer", 2), by=person, at=now())
    assert (back.set_aside, "1.7b" in back.asked) == ([], True)


async def test_what_is_typed_under_a_question_hidden_by_the_same_page_is_kept(db):
    *_ignored, person, _project, application = await a_dossier()
    await save_answers(application, {"1.7": Given("referrer")}, by=person, at=now())
    await save_answers(application, {"1.7": Given("web", 1), "1.7b": Given("Ma voisine")}, by=person, at=now())
    assert (await dossier_for(person, application)).answers == {"1.7": "web", "1.7b": "Ma voisine"}


async def test_a_deposit_and_a_save_at_the_same_instant_agree(committed_db):
    """Whatever comes first: what is deposited is what is stored, and a save after it is refused (B06)."""
    *_ignored, person, _project, application = await a_dossier()
    await write(application, whole_answers() | CVS, by=person, at=now())

    async def save(number: int) -> bool:
        try:
            await save_answer(application, "1.2", AnswerForm(f"Texte {number}", 1), by=person, at=now())
        except Conflict:
            return False
        return True

    outcomes = await asyncio.gather(
        *(save(number) for number in range(8)), deposit(application, DepositForm(), by=person, at=now())
    )
    assert sum(one is True for one in outcomes) <= 1
    content = await column("SELECT content #>> '{answers,1.2}' FROM deposit WHERE application = $1", application)
    assert content == [(await stored(application))["1.2"][0]]


async def test_of_many_who_answer_first_one_is_kept_and_the_others_are_told(committed_db):
    """B07: an answer that did not exist yet has no row to lock; its uniqueness decides."""
    *_ignored, person, project, application = await a_dossier()
    mate = await a_mate(project)

    async def save(number: int) -> str:
        try:
            await save_answer(application, "1.2", AnswerForm(f"Texte {number}", 0), by=[person, mate][number % 2], at=now())
        except Stale as late:
            return late.theirs["1.2"]
        return f"Texte {number}"

    told = await asyncio.gather(*(save(number) for number in range(8)))
    assert set(told) == {(await stored(application))["1.2"][0]}
    assert len(await revisions_of(application, "1.2")) == 1


async def test_colleagues_in_different_answers_do_not_wait_for_each_other(committed_db):
    *_ignored, person, project, application = await a_dossier()
    mate = await a_mate(project)
    codes = ["1.2", "1.3", "2.2", "2.3", "3.1", "3.2"]
    saves = [
        save_answer(application, code, AnswerForm("texte", 0), by=[person, mate][n % 2], at=now()) for n, code in enumerate(codes)
    ]
    await asyncio.gather(*saves)
    assert await stored(application) == {code: ("texte", 1) for code in codes}


async def test_what_is_written_behind_the_back_of_the_revisions_is_found(db):
    *_ignored, person, _project, application = await a_dossier()
    await write(application, {"1.2": "Un vélo"}, by=person, at=now())
    await save_answer(application, "1.2", AnswerForm("Un vélo bleu", 1), by=person, at=now())
    assert await broken() == []
    await execute("UPDATE answer SET value = '\"Un vélo volé\"'")
    assert "the last revision of an answer is the answer" in " ".join(await broken())


async def test_a_reader_reads(db):
    """R2: a reader of the team sees the dossier and does not write in it."""
    *_ignored, _person, project, application = await a_dossier()
    mate = await a_mate(project)
    await execute("UPDATE team_member SET role = 'reader' WHERE account = $1", mate.id)
    with pytest.raises(Refused, match="sans y écrire"):
        await save_answer(application, "1.2", AnswerForm("x", 0), by=mate, at=now())
    with pytest.raises(Refused, match="sans y écrire"):
        await save_answers(application, {"1.2": Given("x")}, by=mate, at=now())
    assert await stored(application) == {}


async def test_a_reader_is_shown_the_dossier_without_fields(db, signed_in):
    *_ignored, person, project, application = await a_dossier()
    await write(application, {"1.2": "Un vélo"}, by=person, at=now())
    mate = await a_mate(project)
    await execute("UPDATE team_member SET role = 'reader' WHERE account = $1", mate.id)
    me = await signed_in(mate)
    page = await me.get(f"/applications/{application}/sections/S1")
    assert ("Un vélo" in page.text, "sans y écrire" in page.text, 'name="q1-2"' in page.text) == (True, True, False)
    assert "Lire le dossier" in (await me.get(f"/applications/{application}")).text
    sent = await me.send_form(f"/applications/{application}/sections/S1", **{"was.q1-2": "1.x", "q1-2": "Autre"})
    assert sent.status_code == 403
    assert (await stored(application)) == {"1.2": ("Un vélo", 1)}


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("1.2", {"value": "a\x00b", "version": 0}),
        ("1.2", {"value": "\ud800", "version": 0}),
        ("1.2", {"value": {"$ne": 1}, "version": 0}),
        ("1.2", {"value": "x" * 5000, "version": 0}),
        ("1.2", {"value": "x", "version": -1}),
        ("1.2", {"value": "x", "version": 2**40}),
        ("1.2", {"value": "x", "version": 0, "written_by": "moi"}),
        ("1.4", {"value": ["a"] * 2000, "version": 0}),
        ("2.1", {"value": [[[[1]]]], "version": 0}),
        ("6.4", {"value": 1e400, "version": 0}),
    ],
)
async def test_what_no_page_sends_is_refused_and_nothing_is_written(db, signed_in, code, body):
    """B15, B16: told in French, never a failure of ours."""
    *_ignored, person, _project, application = await a_dossier()
    me = await signed_in(person)
    text = json.dumps(body)
    headers = {"x-csrf-token": me.token(), "content-type": "application/json"}
    sent = await me.put(f"/api/v1/applications/{application}/answers/{code}", content=text, headers=headers)
    assert sent.status_code == 422, sent.text
    assert sent.json()["detail"] or sent.json()["errors"]
    assert await stored(application) == {}


@pytest.mark.parametrize("code", ["%00", "..%2f..", "é" * 30, "1.2%20or%201=1"])
async def test_a_question_nobody_asks_is_not_found(db, signed_in, code):
    *_ignored, person, _project, application = await a_dossier()
    me = await signed_in(person)
    for path in (
        f"/applications/{application}/answers/{code}/versions",
        f"/api/v1/applications/{application}/answers/{code}/versions",
    ):
        assert (await me.get(path)).status_code in (404, 422)
    sent = await me.send_json("PUT", f"/api/v1/applications/{application}/answers/{code}", {"value": "x"})
    assert sent.status_code in (404, 422)
    told = await me.send_json(
        "POST", f"/api/v1/applications/{application}/presence", {"section": "' --", "versions": {code[:20]: 1}}
    )
    assert told.status_code in (200, 422)
