"""Composing a committee, signing, declaring: what changes, what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, NotFound, Refused
from incubator.people.queries import person
from incubator.selection import actions
from incubator.selection.forms import (
    AssessmentForm,
    CommitteeForm,
    PresentationForm,
    SeatForm,
    UndertakingForm,
)
from incubator.selection.queries.assessments import my_assessment, sums_of
from incubator.selection.queries.decisions import decision_desk
from incubator.selection.queries.members import assessing_by, my_files
from incubator.selection.tables import College
from tests.selection.world import Scene, a_candidate, a_closed_call, presentation_of, verbs_of
from tests.world.people import a_coach, an_instructor, someone
from tests.world.selection import declared, scored, sign, sit

pytestmark = pytest.mark.usefixtures("db")


async def test_a_call_has_one_committee_made_by_its_manager(scene: Scene) -> None:
    with pytest.raises(Conflict, match="déjà un comité"):
        await actions.create_committee(scene.call.code, CommitteeForm(name="Autre"), by=scene.sitting.manager, at=now())
    with pytest.raises(Refused):
        await actions.create_committee(
            scene.call.code, CommitteeForm(name="Autre"), by=await an_instructor(scene.world.programme), at=now()
        )
    with pytest.raises(NotFound):
        await actions.create_committee(scene.call.code, CommitteeForm(name="Autre"), by=await someone(), at=now())
    assert await column("SELECT name FROM committee WHERE call = $1", scene.call.id) == ["Comité de sélection"]


async def test_a_seat_invites_who_has_no_account(scene: Scene) -> None:
    form = SeatForm(name="Nora Neuve", email="Nora.Neuve@Exemple.fr", college=College.ESS)
    seat = await actions.give_seat(scene.sitting.id, form, by=scene.sitting.manager, at=now())
    account = await value("SELECT account FROM seat WHERE id = $1", seat)
    assert (await person(account)).email == "nora.neuve@exemple.fr"
    assert await column("SELECT kind FROM letter WHERE to_account = $1", account) == ["people.invite"]
    with pytest.raises(Conflict, match="siège déjà"):
        await actions.give_seat(scene.sitting.id, form, by=scene.sitting.manager, at=now())


async def test_a_coach_may_sit_with_the_team_but_never_vote(scene: Scene) -> None:
    """R13."""
    coach = await a_coach(scene.world.programme)
    with pytest.raises(Conflict, match="travaille pour le programme"):
        await sit(scene.sitting.id, coach, College.ESS, by=scene.sitting.manager)
    await sit(scene.sitting.id, coach, College.TEAM, by=scene.sitting.manager)
    await declared(scene.first.application, coach)
    with pytest.raises(Conflict, match="consultative"):
        await actions.assess(scene.first.application, AssessmentForm(), by=coach, at=now())


async def test_a_seat_that_ended_opens_nothing_and_can_be_given_again(scene: Scene) -> None:
    member = scene.sitting.members[0]
    seat = (await assessing_by(member, scene.first.application)).seat
    await actions.end_seat(seat, by=scene.sitting.manager, at=now())
    with pytest.raises(NotFound):
        await my_files(member, scene.sitting.id, None)
    with pytest.raises(Conflict):
        await actions.end_seat(seat, by=scene.sitting.manager, at=now())
    form = SeatForm(name=member.name, email=member.email, college=College.FUNDERS)
    assert await actions.give_seat(scene.sitting.id, form, by=scene.sitting.manager, at=now()) == seat
    assert (await my_files(member, scene.sitting.id, None)).member.is_signed


async def test_only_admissible_applications_of_the_call_are_presented_all_or_none(scene: Scene) -> None:
    third = await a_candidate(scene.world, scene.call, "Tissu Commun")
    withdrawn = await a_candidate(scene.world, scene.call, "Ondes de Brenne")
    await execute("UPDATE application SET state = 'withdrawn' WHERE id = $1", withdrawn.application)
    elsewhere = await a_candidate(scene.world, await a_closed_call(scene.world), "Cantine des Possibles")
    for wrong in (withdrawn.application, elsewhere.application, scene.first.application):
        form = PresentationForm(applications=[third.application, wrong])
        with pytest.raises(Conflict):
            await actions.present_applications(scene.sitting.id, form, by=scene.sitting.manager, at=now())
    assert await presentation_of(third) is None
    form = PresentationForm(applications=[third.application])
    assert await actions.present_applications(scene.sitting.id, form, by=scene.sitting.manager, at=now()) == 1
    assert (await verbs_of(third.application))[-2:] == ["application.admissible", "application.presented"]


async def test_nothing_opens_before_the_undertaking_is_signed(scene: Scene) -> None:
    """R9, D01."""
    unsigned = await someone("Ugo Pas-Signé")
    await sit(scene.sitting.id, unsigned, College.ESS, by=scene.sitting.manager, signed=False)
    assert (await my_files(unsigned, scene.sitting.id, None)).files.items == []
    with pytest.raises(NotFound):
        await my_assessment(unsigned, scene.first.application)
    with pytest.raises(NotFound):
        await declared(scene.first.application, unsigned)
    await sign(scene.sitting.id, unsigned)
    files = (await my_files(unsigned, scene.sitting.id, None)).files.items
    assert {file.name for file in files} == {"Roule Sologne", "Nuit’Abri"}


async def test_the_hash_signed_is_that_of_the_text(scene: Scene) -> None:
    unsigned = await someone()
    await sit(scene.sitting.id, unsigned, College.ESS, by=scene.sitting.manager, signed=False)
    with pytest.raises(Conflict, match="a changé"):
        await actions.sign_undertaking(scene.sitting.id, UndertakingForm(text_hash="autre", agreed=True), by=unsigned, at=now())
    await sign(scene.sitting.id, unsigned)
    stored = await value("SELECT u.text_hash FROM undertaking u JOIN seat s ON s.id = u.seat WHERE s.account = $1", unsigned.id)
    assert len(stored) == 64


async def test_a_file_opens_after_a_declaration(scene: Scene) -> None:
    """R10."""
    member = scene.sitting.members[0]
    with pytest.raises(Conflict, match="Dites d’abord"):
        await my_assessment(member, scene.first.application)
    await declared(scene.first.application, member)
    opened = await my_assessment(member, scene.first.application)
    assert opened.file.name == "Roule Sologne"
    assert opened.spread is None


async def test_an_interest_hides_the_application_at_once(scene: Scene) -> None:
    """R10: like an application that does not exist; in the list, not even its name."""
    member = scene.sitting.members[0]
    await declared(scene.first.application, member, interest=True, reason="Mon organisation le finance.")
    with pytest.raises(NotFound):
        await my_assessment(member, scene.first.application)
    with pytest.raises(NotFound):
        await declared(scene.first.application, member)
    mine = await my_files(member, scene.sitting.id, None)
    assert {(line.application, line.name, line.state) for line in mine.files.items} == {
        (None, None, "recused"),
        (scene.second.application, "Nuit’Abri", "to_declare"),
    }
    assert (mine.progress.files_count, mine.progress.next) == (1, scene.second.application)


async def test_an_interest_after_handing_in_withdraws_the_voice(scene: Scene) -> None:
    """R10: the voice leaves averages, flags and quorum; the others' stay."""
    members = scene.sitting.members
    for member, mark in zip(members, (1, 4, 5), strict=True):
        await scored(scene.first.application, member, mark)
    presentation = await presentation_of(scene.first)
    before = await sums_of(presentation)
    assert before
    assert (before.count, before.mean) == (3, Decimal("66.667"))
    await declared(scene.first.application, members[0], interest=True)
    after = await sums_of(presentation)
    assert after
    assert (after.count, after.mean, after.low) == (2, Decimal("90.000"), Decimal("80.000"))
    assert after.criteria["A1"].count == 2
    assert after.flags == ["insufficient"]
    desk = await decision_desk(scene.sitting.manager, scene.first.application)
    assert (desk.deciding.voters_count, desk.deciding.voices_count) == (2, 2)


async def test_who_ruled_on_a_file_or_is_of_its_team_does_not_find_it(scene: Scene) -> None:
    """R13, D11."""
    ruled, mate = scene.sitting.members[0], scene.sitting.members[1]
    await execute(
        "INSERT INTO ruling (id, application, outcome, reason, checks, pronounced_at, pronounced_by)"
        " VALUES (gen_random_uuid(), $1, 'admissible', '', '[]', $2, $3)",
        scene.first.application, now(), ruled.id,
    )  # fmt: skip
    await execute(
        "INSERT INTO team_member (id, project, account, role, name, email, skills, joined_at)"
        " VALUES (gen_random_uuid(), $1, $2, 'editor', '', '', '', $3)",
        scene.first.project, mate.id, now(),
    )  # fmt: skip
    for member in (ruled, mate):
        with pytest.raises(NotFound):
            await my_assessment(member, scene.first.application)
        mine = await my_files(member, scene.sitting.id, None)
        assert {(line.application, line.name, line.state) for line in mine.files.items} == {
            (None, None, "not_mine"),
            (scene.second.application, "Nuit’Abri", "to_declare"),
        }
        assert (mine.progress.files_count, mine.progress.next) == (1, scene.second.application)
