"""Writing, depositing, ruling, asking for more: what each act changes, and what it refuses to."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from incubator.applications.actions import (
    Given,
    answer_complement,
    deposit,
    pronounce,
    request_complement,
    save_answers,
    start_application,
    withdraw,
)
from incubator.applications.forms import ComplementForm, DepositForm, RulingForm, StartForm, WithdrawalForm
from incubator.applications.queries import content_for_committee, desk_for, dossier_for
from incubator.applications.queries.dossiers import latest_deposit
from incubator.applications.rules import canonical, content_hash
from incubator.applications.tables import Outcome
from incubator.core.database import column, detached, execute, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from tests.world.applications import (
    CVS,
    a_deposited_application,
    a_draft_application,
    an_admissible_application,
    typed,
    whole_answers,
    write,
)
from tests.world.calls import a_call, a_draft_call
from tests.world.confirmations import all_agree
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.projects import PARIS, a_member, a_project

OPENS, CLOSES = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 1, 30, 23, tzinfo=UTC)
DURING, AFTER = OPENS + timedelta(days=1), CLOSES + timedelta(days=2)
YES, NO = RulingForm(Outcome.ADMISSIBLE, "Complet."), RulingForm(Outcome.INADMISSIBLE, "Hors sujet.")
STRUCTURE = {"2.5b": "association", "2.5c": "732829320", "2.5d": "2025-03-01", "2.5e": "2", "2.5f": "is_so"}
MORE = ComplementForm(questions=["3.3", "3.1"], message="Donnez vos sources.")


async def the_call(world, **changed):
    return await a_call(world, opens_at=OPENS, closes_at=CLOSES, code="AAC-CVL-2026-1", **changed)


async def send(application, by, at=DURING):
    return await deposit(application, DepositForm(), by=by, at=at)


async def verbs(application):
    return await column("SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number", application)


async def test_a_draft_is_started_while_the_call_is_open(db):
    world, me = await the_programme(), await someone()
    call = await the_call(world)
    project = await a_project(me, world.programme)
    for at, sentence in ((OPENS - timedelta(hours=1), "ouvre le"), (CLOSES, "est clos")):
        with pytest.raises(Conflict, match=sentence):
            await start_application(call.code, StartForm(project), by=me, at=at)
    application = await start_application(call.code, StartForm(project), by=me, at=DURING)
    with pytest.raises(Conflict, match="déjà une candidature"):
        await start_application(call.code, StartForm(project), by=me, at=DURING)
    assert await column("SELECT state FROM application") == ["draft"]
    assert await verbs(application) == ["application.started"]


async def test_one_applies_with_one_s_own_project_to_a_published_call(db):
    world, me = await the_programme(), await someone()
    call = await the_call(world)
    theirs = await a_project(await someone("Autre"), world.programme)
    with pytest.raises(NotFound):
        await start_application(call.code, StartForm(theirs), by=me, at=DURING)
    with pytest.raises(Refused):
        await start_application(call.code, StartForm(theirs), by=await a_coach(world.programme), at=DURING)
    hidden = await a_draft_call(world, opens_at=OPENS, closes_at=CLOSES)
    with pytest.raises(NotFound):
        await start_application(hidden.code, StartForm(await a_project(me, world.programme)), by=me, at=DURING)


async def test_only_changed_answers_are_written_each_with_its_version(db):
    world, me = await the_programme(), await someone()
    application = await a_draft_application(await the_call(world), me)
    assert await write(application, {"1.1": "Un", "1.3": "Deux", "7.3": ""}, by=me, at=DURING) == ["1.1", "1.3"]
    assert await write(application, {"1.1": "Un", "1.3": "Deux bis"}, by=me, at=DURING) == ["1.3"]
    assert await write(application, {"1.1": "Un"}, by=me, at=DURING) == []
    dossier = await dossier_for(me, application)
    assert {code: (one.value, one.version) for code, one in dossier.stored.items()} == {"1.1": ("Un", 1), "1.3": ("Deux bis", 2)}
    assert await verbs(application) == ["application.started", "answers.saved", "answers.saved"]
    await write(application, {"1.1": " "}, by=me, at=DURING)
    assert (await dossier_for(me, application)).answers == {"1.3": "Deux bis"}


async def test_a_journal_entry_says_which_questions_never_what_was_written(db):
    world, me = await the_programme(), await someone()
    application = await a_draft_application(await the_call(world), me)
    await write(application, {"1.1": "Mot secret"}, by=me, at=DURING)
    data = await column("SELECT data::text FROM journal_entry WHERE subject = $1 ORDER BY number", application)
    assert '"1.1"' in data[-1]
    assert "secret" not in " ".join(data)


async def test_what_cannot_be_taken_is_told_place_by_place_and_nothing_is_written(db):
    world, me = await the_programme(), await someone()
    application = await a_draft_application(await the_call(world), me)
    sent = {
        "1.1": "x" * 81,
        "1.3": "Bon",
        "2.1": [{"name": "X", "days": "9"}],
        "1.6": "99999",
        "1.7b": "Une voisine",
        "9.9": "?",
        "6.4": "NaN",
    }
    with pytest.raises(Invalid) as refused:
        await write(application, sent, by=me, at=DURING)
    assert sorted(refused.value.errors) == ["1.1", "1.6", "1.7b", "2.1/0/days", "6.4", "9.9"]
    assert "n’est pas posée" in refused.value.errors["1.7b"]
    assert await value("SELECT count(*) FROM answer") == 0


async def test_the_second_to_save_the_same_answer_sees_both_texts(db):
    """B07: nothing is overwritten unseen; different answers never collide."""
    world, me = await the_programme(), await someone()
    mate = await someone("Basile", email="basile@exemple.fr")
    application = await a_draft_application(await the_call(world), me)
    await a_member((await dossier_for(me, application)).facts.project, "Basile", mate.email, by=me)
    await save_answers(application, {"1.3": Given("Le premier")}, by=me, at=DURING)
    await save_answers(application, {"1.1": Given("Un nom")}, by=mate, at=DURING)
    with pytest.raises(Stale) as stale:
        await save_answers(application, {"1.3": Given("Le second"), "1.2": Given("Aussi")}, by=mate, at=DURING)
    assert stale.value.theirs == {"1.3": "Le premier"}
    assert (await dossier_for(me, application)).answers == {"1.1": "Un nom", "1.3": "Le premier"}
    await save_answers(application, {"1.3": Given("Le premier")}, by=mate, at=DURING)
    await save_answers(application, {"1.3": Given("Le second", 1)}, by=mate, at=DURING)
    assert (await dossier_for(me, application)).answers["1.3"] == "Le second"


async def test_a_deposit_gives_a_receipt_that_the_content_proves(db):
    """R4: number, instant, SHA-256 over the canonical content; on the journal and by mail to the whole team."""
    world, me = await the_programme(), await someone(email="aicha@exemple.fr")
    mate = await someone("Basile", email="basile@exemple.fr")
    call = await the_call(world)
    project = await a_project(me, world.programme)
    await a_member(project, "Basile", mate.email, by=me, at=DURING)
    await a_member(project, "Zoé", "sans.compte@exemple.fr", by=me, at=DURING)
    application = await a_draft_application(call, me, project)
    await write(application, whole_answers() | CVS, by=mate, at=DURING)
    await all_agree(application, at=DURING)
    made = await send(application, me)
    stored = await latest_deposit(application)
    assert stored is not None
    assert (made.number, made.received_at) == ("AAC-CVL-2026-1-0001", DURING)
    assert stored.content_hash == made.content_hash == content_hash(stored.content)
    assert hashlib.sha256(canonical(stored.content)).hexdigest() == made.content_hash
    assert typed(stored.content.answers) == whole_answers()
    assert (stored.content.phase, stored.content.project_name, stored.content.call) == ("pre_incubation", "Repair’Bus", call.code)
    assert await column("SELECT to_email FROM letter WHERE kind = 'applications.receipt' ORDER BY to_email") == [
        "aicha@exemple.fr",
        "basile@exemple.fr",
    ]
    text = await value("SELECT text FROM letter WHERE kind = 'applications.receipt' AND to_email = 'basile@exemple.fr'")
    assert made.content_hash in text
    assert (
        await value("SELECT DISTINCT path FROM letter WHERE kind = 'applications.receipt'")
        == f"/applications/{application}/receipt"
    )
    assert (await verbs(application))[-1] == "application.deposited"
    assert await column("SELECT phase FROM application") == [world.phases["pre_incubation"]]


async def test_numbers_follow_one_another_in_each_call(db):
    world = await the_programme()
    call = await the_call(world)
    other = await a_call(world, opens_at=OPENS, closes_at=CLOSES, code="AAC-B")
    for one in (call, other, call):
        await a_deposited_application(world, one)
    numbers = await column("SELECT number FROM deposit ORDER BY received_at, number")
    assert numbers == ["AAC-B-0001", "AAC-CVL-2026-1-0001", "AAC-CVL-2026-1-0002"]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(milliseconds=100)])
async def test_one_instant_after_the_closing_the_draft_stays(db, late):
    """B01: the instant recorded decides; the message says so; nothing is lost, nothing can be written any more."""
    world, me = await the_programme(), await someone()
    application = await a_draft_application(await the_call(world), me)
    await write(application, whole_answers() | CVS, by=me, at=DURING)
    with pytest.raises(Conflict, match=r"clos depuis .* brouillon est conservé"):
        await send(application, me, CLOSES + late)
    with pytest.raises(Conflict, match="clos depuis"):
        await write(application, {"1.1": "Trop tard"}, by=me, at=CLOSES + late)
    assert typed((await dossier_for(me, application)).answers) == whole_answers()
    assert await value("SELECT count(*) FROM deposit") + await value("SELECT count(*) FROM receipt_counter") == 0
    assert (await send(application, me, CLOSES - timedelta(milliseconds=100))).number == "AAC-CVL-2026-1-0001"


async def test_an_incomplete_dossier_and_another_person_are_refused(db):
    """R2: one person deposits for the team."""
    world, me = await the_programme(), await someone()
    mate = await someone("Basile", email="basile@exemple.fr")
    application = await a_draft_application(await the_call(world), me)
    await a_member((await dossier_for(me, application)).facts.project, "Basile", mate.email, by=me, at=DURING)
    await write(application, {key: one for key, one in (whole_answers() | CVS).items() if key != "3.1"}, by=me, at=DURING)
    with pytest.raises(Conflict, match="manquent"):
        await send(application, me)
    await all_agree(application, at=DURING)
    await write(application, {"3.1": "Le besoin"}, by=me, at=DURING)
    with pytest.raises(Refused):
        await send(application, mate)
    with pytest.raises(NotFound):
        await send(application, await someone("Autre"))
    await send(application, me)
    with pytest.raises(Conflict, match="AAC-CVL-2026-1-0001"):
        await send(application, me)
    with pytest.raises(Conflict, match="est déposée"):
        await write(application, {"3.1": "Autre chose"}, by=me, at=DURING)
    with pytest.raises(Stale):
        await deposit(application, DepositForm(version=1), by=me, at=DURING)


async def test_a_hundred_identical_deposits_are_one(committed_db):
    """B08: one deposit, one receipt, one number taken, one mail."""
    world, me = await the_programme(), await someone()
    application = await a_draft_application(await the_call(world), me)
    await write(application, whole_answers() | CVS, by=me, at=DURING)
    answers = await asyncio.gather(*(detached(send(application, me)) for _one in range(100)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["Conflict"] * 99 + ["Deposited"]
    counts = [await value(f"SELECT count(*) FROM {table}") for table in ("deposit", "letter")]
    assert [*counts, await value("SELECT last FROM receipt_counter")] == [1, 1, 1]


async def test_two_people_depositing_at_once_get_two_numbers(committed_db):
    world = await the_programme()
    call = await the_call(world)
    people = [await someone(f"P{rank}") for rank in range(8)]
    drafts = [await a_draft_application(call, person) for person in people]
    for person, draft in zip(people, drafts, strict=True):
        await write(draft, whole_answers() | CVS, by=person, at=DURING)
    made = await asyncio.gather(*(detached(send(draft, who)) for draft, who in zip(drafts, people, strict=True)))
    assert sorted(one.number for one in made) == [f"AAC-CVL-2026-1-{rank:04d}" for rank in range(1, 9)]


async def test_staff_pronounce_and_what_the_rules_said_is_kept(db):
    """R5: the reason and the checks of that moment stay with the ruling; it can be revised."""
    world = await the_programme()
    application = await a_deposited_application(world, await the_call(world))
    staff = await an_instructor(world.programme)
    for form in (NO, YES):
        await pronounce(application, form, by=staff, at=AFTER)
    desk = await desk_for(staff, application)
    assert sorted((one.outcome, one.reason) for one in desk.rulings) == [
        ("admissible", "Complet."),
        ("inadmissible", "Hors sujet."),
    ]
    assert [check.code for check in desk.rulings[0].checks] == ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10"]
    assert {check.code: check.result for check in desk.checks}["E1"] == "ok"
    assert (await verbs(application))[-2:] == ["application.inadmissible", "application.admissible"]
    assert await column("SELECT kind FROM letter ORDER BY kind") == [
        "applications.admissible",
        "applications.inadmissible",
        "applications.receipt",
    ]
    assert "Hors sujet." in await value("SELECT text FROM letter WHERE kind = 'applications.inadmissible'")


async def test_a_refusal_and_a_derogation_have_their_reason(db):
    world = await the_programme()
    application = await a_deposited_application(world, await the_call(world), commune=PARIS)
    staff = await an_instructor(world.programme)
    with pytest.raises(Invalid) as refused:
        await pronounce(application, RulingForm(Outcome.INADMISSIBLE), by=staff, at=AFTER)
    assert list(refused.value.errors) == ["reason"]
    with pytest.raises(Invalid) as refused:
        await pronounce(application, RulingForm(Outcome.ADMISSIBLE), by=staff, at=AFTER)
    assert "(E1)" in refused.value.errors["reason"]
    assert await value("SELECT count(*) FROM ruling") == 0
    await pronounce(application, RulingForm(Outcome.ADMISSIBLE, "Essai à Tours."), by=staff, at=AFTER)
    assert await column("SELECT state FROM application") == ["admissible"]


async def test_a_presented_application_is_no_longer_revised(db):
    """Whoever is before the committee stays there; the database holds it."""
    world = await the_programme()
    call = await the_call(world)
    application = await an_admissible_application(world, call)
    staff = await a_manager(world.programme)
    committee = await value(
        "INSERT INTO committee (id, call, name, created_at, created_by) VALUES (gen_random_uuid(), $1, 'C', $2, $3) RETURNING id",
        call.id, AFTER, staff.id,
    )  # fmt: skip
    await execute(
        "INSERT INTO presentation (id, committee, application, presented_at, presented_by)"
        " VALUES (gen_random_uuid(), $1, $2, $3, $4)",
        committee, application, AFTER, staff.id,
    )  # fmt: skip
    with pytest.raises(Exception, match="stays admissible") as refused:
        await pronounce(application, NO, by=staff, at=AFTER)
    assert refused.value.constraint_name == "presented_application_stays_admissible"


async def test_the_team_and_strangers_do_not_pronounce(db):
    world, me = await the_programme(), await someone(email="moi@exemple.fr")
    application = await a_deposited_application(world, await the_call(world), me)
    with pytest.raises(Refused, match="Seul le programme"):
        await pronounce(application, YES, by=me, at=AFTER)
    with pytest.raises(NotFound):
        await pronounce(application, YES, by=await someone("Autre"), at=AFTER)
    judge = await an_instructor(world.programme)
    await a_member((await dossier_for(me, application)).facts.project, "Inès", judge.email, by=me)
    with pytest.raises(Refused, match="dans l’équipe"):
        await pronounce(application, YES, by=judge, at=AFTER)


async def test_a_complement_opens_named_questions_for_fifteen_days(db):
    """R6, B24, B25: the rest is frozen; the deadline is a date and an hour, in the mail as on the page."""
    world, me = await the_programme(), await someone()
    application = await a_deposited_application(world, await the_call(world), me)
    staff = await an_instructor(world.programme)
    asked_at = datetime(2026, 2, 2, 9, tzinfo=UTC)
    with pytest.raises(Invalid):
        await request_complement(application, ComplementForm(message="?"), by=staff, at=asked_at)
    await request_complement(application, MORE, by=staff, at=asked_at)
    with pytest.raises(Conflict, match="déjà demandé"):
        await request_complement(application, MORE, by=staff, at=asked_at)
    text = await value("SELECT text FROM letter WHERE kind = 'applications.complement_requested'")
    assert "mardi 17 février 2026 à 23 h 59" in text
    assert "– À quel besoin social" in text
    with pytest.raises(Conflict, match="jusqu’au mardi 17 février 2026 à 23 h 59"):
        await pronounce(application, YES, by=staff, at=asked_at)
    with pytest.raises(Invalid) as refused:
        await write(application, {"3.1": "Nouveau", "3.2": "En douce"}, by=me, at=AFTER)
    assert list(refused.value.errors) == ["3.2"]
    await write(application, {"3.1": "Nouveau"}, by=me, at=AFTER)
    assert (await latest_deposit(application)).content.answers["3.1"] != "Nouveau"
    made = await answer_complement(application, DepositForm(), by=me, at=datetime(2026, 2, 17, 22, 59, 59, 400_000, tzinfo=UTC))
    assert made.number == "AAC-CVL-2026-1-0001-2"
    stored = await latest_deposit(application)
    assert (stored.content.ordinal, stored.content.answers["3.1"]) == (2, "Nouveau")
    assert typed(stored.content.answers) | {"3.1": ""} == whole_answers() | {"3.1": ""}
    assert await column("SELECT state FROM application") == ["deposited"]
    assert await value("SELECT to_email FROM letter WHERE kind = 'applications.complement_answered'") == staff.email
    assert (await verbs(application))[-1] == "complement.answered"
    await pronounce(application, YES, by=staff, at=AFTER)


async def test_a_complement_that_comes_too_late_is_refused_and_staff_pronounce(db):
    world, me = await the_programme(), await someone()
    application = await a_deposited_application(world, await the_call(world), me)
    staff = await an_instructor(world.programme)
    await request_complement(application, MORE, by=staff, at=datetime(2026, 2, 2, 9, tzinfo=UTC))
    late = datetime(2026, 2, 17, 23, 0, 0, tzinfo=UTC)
    for act in (
        answer_complement(application, DepositForm(), by=me, at=late),
        write(application, {"3.1": "Trop tard"}, by=me, at=late),
    ):
        with pytest.raises(Conflict, match="Le délai pour compléter est passé"):
            await act
    await pronounce(application, NO, by=staff, at=late)
    assert (await content_for_committee(application)).number == "AAC-CVL-2026-1-0001"


async def test_a_complement_opens_the_questions_that_depend_on_those_it_names(db):
    """R6: what the new answer makes mandatory can be answered; what it closes leaves the new deposit, and the rest is frozen."""
    world, me = await the_programme(), await someone()
    application = await a_deposited_application(world, await the_call(world), me)
    staff = await an_instructor(world.programme)
    ask = ComplementForm(questions=["2.5"], message="Une structure existe, disiez-vous.")
    await request_complement(application, ask, by=staff, at=datetime(2026, 2, 2, 9, tzinfo=UTC))
    await write(application, {"2.5": "is_so"}, by=me, at=AFTER)
    with pytest.raises(Conflict, match="manquent"):
        await answer_complement(application, DepositForm(), by=me, at=AFTER)
    with pytest.raises(Invalid) as refused:
        await write(application, {"2.5b": "association", "3.2": "En douce"}, by=me, at=AFTER)
    assert list(refused.value.errors) == ["3.2"]
    follow_ups = await value("SELECT follow_ups FROM complement_request")
    assert follow_ups == ["2.5b", "2.5c", "2.5d", "2.5e", "2.5f", "9.4", "9.6"]
    await write(application, STRUCTURE, by=me, at=AFTER)
    await answer_complement(application, DepositForm(), by=me, at=AFTER)
    assert typed((await latest_deposit(application)).content.answers) == whole_answers() | STRUCTURE | {"2.5": "is_so"}


async def test_withdrawing_needs_the_name_and_is_final(db):
    world, me = await the_programme(), await someone()
    application = await an_admissible_application(world, await the_call(world), me)
    with pytest.raises(Invalid):
        await withdraw(application, WithdrawalForm("Autre nom"), by=me, at=AFTER)
    with pytest.raises(Refused):
        await withdraw(application, WithdrawalForm("Repair’Bus"), by=await a_manager(world.programme), at=AFTER)
    await withdraw(application, WithdrawalForm("repair'bus", "Autre projet"), by=me, at=AFTER)
    assert await column("SELECT state FROM application") == ["withdrawn"]
    assert (await verbs(application))[-1] == "application.withdrawn"
    with pytest.raises(Conflict, match="déjà retirée"):
        await withdraw(application, WithdrawalForm("Repair’Bus"), by=me, at=AFTER)
    with pytest.raises(Conflict, match="est retirée"):
        await pronounce(application, NO, by=await a_manager(world.programme), at=AFTER)


async def test_lookalikes_are_flagged_and_nothing_is_refused(db):
    """R7."""
    world, me = await the_programme(), await someone()
    call = await the_call(world)
    first = await a_deposited_application(world, call, me, name="Repair’Bus")
    await a_deposited_application(world, call, me, name="Tout autre chose")
    await a_deposited_application(world, call, name="Repair Bus 41")
    await a_deposited_application(world, call, name="Cantine des Possibles")
    await a_draft_application(call, await someone("Brouillon"))
    desk = await desk_for(await an_instructor(world.programme), first)
    assert sorted((one.project_name, one.is_same_depositor) for one in desk.lookalikes) == [
        ("Repair Bus 41", False),
        ("Tout autre chose", True),
    ]


async def test_the_committee_reads_the_last_deposit_without_what_is_reserved(db):
    """R12."""
    world = await the_programme()
    reserved = [{"who": "M. Untel", "reason": "Concurrent"}]
    application = await an_admissible_application(world, await the_call(world), **{"10.7": reserved})
    read = await content_for_committee(application)
    assert (read.name, read.phase, read.number) == ("Repair’Bus", "Pré-incubation", "AAC-CVL-2026-1-0001")
    assert "Untel" not in msgspec.json.encode(read).decode()
    assert "Tours (Indre-et-Loire)" in msgspec.json.encode(read).decode()
    manager, instructor = await a_manager(world.programme), await an_instructor(world.programme)
    assert "10.7" in (await dossier_for(manager, application)).answers
    assert "10.7" not in (await dossier_for(instructor, application)).answers


async def test_a_deposit_is_never_changed(committed_db):
    world = await the_programme()
    await a_deposited_application(world, await the_call(world))
    for sql in ("UPDATE deposit SET number = 'X'", "DELETE FROM deposit"):
        with pytest.raises(Exception, match="permission denied"):
            await execute(sql)
