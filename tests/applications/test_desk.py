"""The eligibility desk: who handles what, the queue, rules by condition, ready texts, look-alikes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import msgspec
import pytest

from incubator.applications.actions import (
    add_text,
    answer_complement,
    assign_instructor,
    remove_text,
    request_complement,
    save_text,
    withdraw,
)
from incubator.applications.forms import ComplementForm, DepositForm, InstructorForm, TextForm, WithdrawalForm
from incubator.applications.queries import desk_for, queue_of
from incubator.applications.queries.dossiers import receipts_of
from incubator.applications.queries.queue import Handled
from incubator.applications.queries.texts import texts_of
from incubator.applications.rules.eligibility import Evidence, eligibility
from incubator.applications.rules.texts import HOUSE, Filling, filled_text
from incubator.applications.tables import TextKind
from incubator.calls.definitions import Condition, Effect, EligibilityRule, FormDefinition, Kind, Question, Section
from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, NotFound, Refused, Stale
from incubator.people.actions import give_role
from incubator.people.queries import person
from incubator.people.tables import Role
from tests.world.applications import a_deposited_application, an_admissible_application, write
from tests.world.calls import a_call
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.selection import a_committee

OPENS, CLOSES = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 1, 30, 22, 59, tzinfo=UTC)
AFTER = CLOSES + timedelta(days=3)


async def _world():
    world = await the_programme()
    return world, await a_call(world, opens_at=OPENS, closes_at=CLOSES, code="AAC-1")


async def test_an_instructor_takes_what_is_nobodys_and_the_manager_gives_it_to_anyone(db):
    world, call = await _world()
    application = await a_deposited_application(world, call)
    ines, paul = await an_instructor(world.programme), await an_instructor(world.programme, "Paul")
    manager = await a_manager(world.programme)
    await assign_instructor(application, InstructorForm(ines.id), by=ines, at=AFTER)
    assert (await desk_for(manager, application)).instructor == ines.name
    for chosen in (paul.id, None):
        with pytest.raises(Conflict, match="Seul le responsable"):
            await assign_instructor(application, InstructorForm(chosen), by=paul, at=AFTER)
    with pytest.raises(Conflict, match="déjà le cas"):
        await assign_instructor(application, InstructorForm(ines.id), by=ines, at=AFTER)
    await assign_instructor(application, InstructorForm(paul.id), by=manager, at=AFTER)
    await assign_instructor(application, InstructorForm(None), by=paul, at=AFTER)
    assert await column("SELECT instructor FROM application") == [None]
    verbs = await column("SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number", application)
    assert verbs[-3:] == ["application.assigned"] * 3


async def test_who_may_not_handle_a_file(db):
    world, call = await _world()
    application = await a_deposited_application(world, call)
    manager = await a_manager(world.programme)
    coach = await a_coach(world.programme)
    with pytest.raises((NotFound, Refused)):
        await assign_instructor(application, InstructorForm(coach.id), by=coach, at=AFTER)
    with pytest.raises(NotFound):
        await assign_instructor(application, InstructorForm(coach.id), by=manager, at=AFTER)
    await execute(
        "INSERT INTO team_member (id, project, account, role, name, joined_at)"
        " SELECT gen_random_uuid(), project, $2, 'editor', 'M', $3 FROM application WHERE id = $1",
        application, manager.id, AFTER,
    )  # fmt: skip
    other = await a_manager(world.programme, "Autre gérante")
    with pytest.raises(Conflict, match="dans l’équipe"):
        await assign_instructor(application, InstructorForm(manager.id), by=other, at=AFTER)
    assert await column("SELECT instructor FROM application") == [None]


async def test_who_handles_a_file_does_not_find_it_in_their_committee(db, signed_in):
    """R13: they present it; they neither read it there nor score it."""
    world, call = await _world()
    application = await an_admissible_application(world, call)
    juror, manager = await someone("Inès, jurée puis instructrice"), await a_manager(world.programme)
    await a_committee(call, members=[await someone("Jules"), juror], manager=manager)
    await give_role(juror.id, Role.INSTRUCTOR, world.programme, by=None, at=now())
    ines = await person(juror.id)
    browser = await signed_in(ines)
    assert (await browser.get(f"/applications/{application}/conflict-declaration")).status_code == 200
    await assign_instructor(application, InstructorForm(ines.id), by=manager, at=AFTER)
    assert (await browser.get(f"/applications/{application}/conflict-declaration")).status_code == 404
    assert (await browser.get(f"/applications/{application}/assessments/mine")).status_code == 404


async def test_the_queue_says_age_state_and_who_handles(db):
    world, call = await _world()
    first = await a_deposited_application(world, call, name="Un", at=CLOSES - timedelta(days=5))
    second = await a_deposited_application(world, call, name="Deux", at=CLOSES - timedelta(days=1))
    ines = await an_instructor(world.programme)
    await assign_instructor(first, InstructorForm(ines.id), by=ines, at=AFTER)
    await request_complement(second, ComplementForm("Précisez.", ["3.1"]), by=ines, at=AFTER)

    async def seen(at=AFTER, **wanted):
        lines = (await queue_of(ines, call.code, at=at, **wanted)).page.items
        return [(one.project_name, one.shown, one.age_days, one.instructor_name) for one in lines]

    un, deux = ("Un", "deposited", 8, ines.name), ("Deux", "complement_requested", 4, None)
    assert await seen() == [un, deux]
    assert await seen(handled=Handled.MINE) == [un]
    assert await seen(handled=Handled.UNASSIGNED) == [deux]
    later = await seen(AFTER + timedelta(days=20), handled=Handled.UNASSIGNED)
    assert later == [("Deux", "complement_overdue", 24, None)]
    assert (await queue_of(ines, call.code, at=AFTER)).unassigned_count == 1


async def test_the_desk_tells_what_was_done_and_who_is_around_in_one_statement(db, statements):
    world, call = await _world()
    holder = await someone("Dora Dépôt")
    application = await a_deposited_application(world, call, holder, name="Un", at=CLOSES - timedelta(days=5))
    manager, ines = await a_manager(world.programme), await an_instructor(world.programme, "Inès")
    await execute("UPDATE account SET disabled_at = $2 WHERE id = $1", (await an_instructor(world.programme, "Partie")).id, AFTER)
    await a_coach(world.programme, "Carl")
    await assign_instructor(application, InstructorForm(ines.id), by=ines, at=AFTER)
    await request_complement(application, ComplementForm("Précisez.", ["3.1"], {"3.1": "Où ?"}), by=ines, at=AFTER)
    with statements() as seen:
        desk = await desk_for(manager, application)
    assert len(seen) <= 6, [one.sql[:80] for one in seen]
    (asked,) = desk.complements
    assert (asked.questions, asked.message, asked.asked_by, asked.asked_at, asked.answered_at, asked.sentences) == (
        ["3.1"], "Précisez.", ines.name, AFTER, None, {"3.1": "Où ?"},
    )  # fmt: skip
    assert (desk.instructor, desk.told, desk.rulings) == (ines.name, ["Dora Dépôt"], [])
    assert [one.name for one in desk.handlers] == ["Inès", manager.name, manager.name]  # who ruled on other files is one too
    assert {ines.id, manager.id} <= {one.id for one in desk.handlers}
    kept = await receipts_of(application)
    assert (desk.receipts, len(kept)) == (kept, 1)
    assert (await desk_for(ines, application)).handlers == []


async def test_the_queue_and_the_desk_cost_the_same_for_one_and_for_three(db, signed_in, statements):
    world, call = await _world()
    browser = await signed_in(await a_manager(world.programme))
    counts = []
    for names in (["Un"], ["Deux", "Trois"]):
        for name in names:
            application = await a_deposited_application(world, call, name=name)
        seen = []
        for path in (f"/calls/{call.code}/applications?handled=unassigned", f"/applications/{application}/eligibility"):
            with statements() as sent:
                assert (await browser.get(path)).status_code == 200
            seen.append(len(sent))
        counts.append(seen)
    assert counts[0] == counts[1]


async def test_the_name_deposited_is_the_one_staff_read(db, signed_in):
    world, call = await _world()
    application = await a_deposited_application(world, call, name="Repair’Bus")
    await execute("UPDATE project SET name = 'Tout autre chose', commune = NULL, version = version + 1")
    await execute("UPDATE team_member SET name = 'Un inconnu'")
    browser = await signed_in(await a_manager(world.programme))
    for path in (f"/calls/{call.code}/applications", f"/applications/{application}/eligibility"):
        text = unescape((await browser.get(path)).text)
        assert "Repair’Bus" in text
        assert "Tours" in text
        assert "Tout autre chose" not in text
        assert "Un inconnu" not in text


async def test_near_names_are_found_by_the_index(db):
    """R7, and at 20 000 applications as at two: the plan does not read every name."""
    world, call = await _world()
    me = await someone()
    one = await a_deposited_application(world, call, me, name="Repair’Bus du Lochois")
    near = await a_deposited_application(world, call, await someone("Autre"), name="Repair Bus du Lochois")
    await a_deposited_application(world, call, await someone("Loin"), name="Ondes de Brenne")
    desk = await desk_for(await a_manager(world.programme), one)
    assert [(line.id, line.is_same_depositor) for line in desk.lookalikes] == [(near, False)]


YES_NO = Question("9.1", "Êtes-vous accompagnés ailleurs ?", Kind.YES_NO)
FUNDED = Question("9.2", "Budget", Kind.AMOUNT)
NEITHER = Condition(every=(Condition("9.1", ("no",)), Condition("9.2", least=1000)))
RULE = EligibilityRule(
    "X1", "Seul", Effect.BLOCKING, questions=("9.1",), met_when=NEITHER, message="Un accompagnement est en cours."
)


@pytest.mark.parametrize(
    ("answers", "result", "said"),
    [
        ({"9.1": "no", "9.2": "1500"}, "ok", "Les réponses remplissent cette règle."),
        ({"9.1": "yes", "9.2": "1500"}, "failed", "Un accompagnement est en cours."),
        ({"9.1": "no", "9.2": "10"}, "failed", "Un accompagnement est en cours."),
        ({}, "to_judge", "Aucune réponse ne permet de le dire."),
    ],
)
def test_a_rule_is_told_by_its_own_condition(answers, result, said):
    form = FormDefinition("F", (Section("S", "S", (YES_NO, FUNDED)),), (RULE,))
    evidence = Evidence(answers, None, "", [], OPENS, CLOSES, 0)
    [check] = eligibility(form, evidence)
    assert (check.result, check.said, check.because) == (result, said, ["9.1", "9.2"])


def test_a_condition_goes_before_what_is_known_by_the_code():
    form = FormDefinition("F", (Section("S", "S", (YES_NO, FUNDED)),), (msgspec.structs.replace(RULE, code="E8"),))
    [check] = eligibility(form, Evidence({"9.1": "yes"}, None, "", [], OPENS, CLOSES, 0))
    assert check.said == "Un accompagnement est en cours."


def test_placeholders_are_filled_and_other_braces_stay():
    filling = Filling("Repair’Bus", "Hiver", "lundi")
    assert filled_text("{projet} {appel} {echeance} {x} {", filling) == "Repair’Bus Hiver lundi {x} {"
    assert {kind for kind, _title, _text in HOUSE} == set(TextKind)


async def test_the_manager_writes_changes_and_removes_ready_texts(db):
    world, _call = await _world()
    manager, form = await a_manager(world.programme), TextForm(TextKind.COMPLEMENT, "Budget", "{projet} : joignez le budget.")
    made = await add_text("alter-incub-cvl", form, by=manager, at=AFTER)
    for other in (await an_instructor(world.programme), await someone()):
        with pytest.raises(NotFound):
            await add_text("alter-incub-cvl", form, by=other, at=AFTER)
        with pytest.raises(NotFound):
            await save_text(made, form, by=other, at=AFTER)
        with pytest.raises(NotFound):
            await remove_text(made, by=other, at=AFTER)
    await save_text(made, TextForm(TextKind.COMPLEMENT, "Budget", "Joignez-le.", 1), by=manager, at=AFTER)
    with pytest.raises(Stale) as stale:
        await save_text(made, TextForm(TextKind.COMPLEMENT, "Budget", "Autrement.", 1), by=manager, at=AFTER)
    assert (stale.value.theirs["text"], stale.value.version) == ("Joignez-le.", 2)
    assert [one.text for one in await texts_of(world.programme, [TextKind.COMPLEMENT]) if one.id] == ["Joignez-le."]
    await remove_text(made, by=manager, at=AFTER)
    assert [one for one in await texts_of(world.programme) if one.id] == []
    assert await value("SELECT count(*) FROM text_template") == 1


async def test_a_ready_text_is_taken_up_without_javascript(db, signed_in):
    world, call = await _world()
    application = await a_deposited_application(world, call)
    manager = await a_manager(world.programme)
    form = TextForm(TextKind.INADMISSIBLE, "Hors sujet", "{projet} ne répond pas à « {appel} ».")
    made = await add_text("alter-incub-cvl", form, by=manager, at=now())
    browser = await signed_in(manager)
    page = unescape((await browser.get(f"/applications/{application}/eligibility?text={made}")).text)
    assert f"\nRepair’Bus ne répond pas à « {call.title} ».</textarea>" in page
    asked = unescape((await browser.get(f"/applications/{application}/complement?text=house-5")).text)
    assert "à 23\u00a0h\u00a059" in asked.split("<textarea")[1]


async def test_a_program_does_what_the_desk_does(db, signed_in, client):
    world, call = await _world()
    application = await a_deposited_application(world, call)
    ines = await an_instructor(world.programme)
    browser = await signed_in(ines)
    path = f"/api/v1/applications/{application}/instructor"
    assert (await browser.send_json("PUT", path, {"instructor": str(ines.id)})).status_code == 204
    lines = (await browser.get(f"/api/v1/calls/{call.code}/applications?handled=mine")).json()["page"]["items"]
    assert [(one["id"], one["instructor_name"]) for one in lines] == [(str(application), ines.name)]
    assert (await browser.send_json("PUT", path, {"instructor": "moi"})).status_code == 422
    assert (await browser.get(f"/api/v1/calls/{call.code}/drafts")).status_code == 404
    manager = await signed_in(await a_manager(world.programme))
    assert (await manager.get(f"/api/v1/calls/{call.code}/drafts")).json()["page"]["items"] == []
    digest = await value("SELECT content_hash FROM deposit")
    checked = [(await client.get(f"/api/v1/receipts/AAC-1-0001?content_hash={given}")).json() for given in (digest, "0" * 64)]
    assert checked == [{"matches": True, "is_erased": False}, {"matches": False, "is_erased": False}]


async def test_who_handles_a_file_is_told_what_becomes_of_it(db):
    world, call = await _world()
    me = await someone("Aïcha", email="aicha@exemple.fr")
    application = await a_deposited_application(world, call, me)
    ines, manager = await an_instructor(world.programme), await a_manager(world.programme)
    await assign_instructor(application, InstructorForm(ines.id), by=ines, at=AFTER)
    await request_complement(application, ComplementForm("Précisez.", ["3.1"]), by=manager, at=AFTER)
    await write(application, {"3.1": "Voici."}, by=me, at=AFTER)
    await answer_complement(application, DepositForm(), by=me, at=AFTER)
    await withdraw(application, WithdrawalForm("Repair’Bus"), by=me, at=AFTER)

    async def told(kind):
        return await column("SELECT to_email FROM letter WHERE kind = $1 ORDER BY to_email", f"applications.{kind}")

    assert await told("complement_answered") == sorted([ines.email, manager.email])
    assert await told("withdrawn") == sorted([ines.email, me.email])
