"""Acts on a real database: what changes, what is refused, what the journal and the outbox say."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from incubator.calls.queries import CallView
from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.people.queries import Person, person
from incubator.selection import actions
from incubator.selection.forms import (
    AssessmentForm,
    CommitteeForm,
    DecisionForm,
    Mark,
    PresentationForm,
    PublicationForm,
    SeatForm,
    UndertakingForm,
)
from incubator.selection.queries import decision_for_team, published_decision, retained_of, waiting_list
from incubator.selection.queries.assessments import assessments_of, my_assessment, sums_of
from incubator.selection.queries.decisions import decision_desk, published_decision_of_project
from incubator.selection.queries.members import assessing_by, committees_of, my_files
from incubator.selection.queries.ranking import places_of, ranking
from incubator.selection.tables import College, DecisionOutcome
from tests.selection.world import Candidate, a_candidate, a_closed_call
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import World, the_programme
from tests.world.selection import SITE, Sitting, a_committee, decided, declared, marks_of, published, scored, sign, sit

pytestmark = pytest.mark.usefixtures("db")


class Scene(msgspec.Struct, frozen=True):
    """A call closed, two admissible applications before a committee of three."""

    world: World
    call: CallView
    first: Candidate
    second: Candidate
    sitting: Sitting


@pytest.fixture
async def scene(db: None) -> Scene:
    world = await the_programme()
    call = await a_closed_call(world)
    first, second = await a_candidate(world, call, "Roule Sologne"), await a_candidate(world, call, "Nuit’Abri")
    return Scene(world, call, first, second, await a_committee(call))


async def verbs_of(subject: object) -> list[str]:
    return await column("SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number", subject)


async def presentation_of(candidate: Candidate) -> object:
    return await value("SELECT id FROM presentation WHERE application = $1", candidate.application)


# composing


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
    seat = await actions.give_seat(scene.sitting.id, form, site=SITE, by=scene.sitting.manager, at=now())
    account = await value("SELECT account FROM seat WHERE id = $1", seat)
    assert (await person(account)).email == "nora.neuve@exemple.fr"
    assert await column("SELECT kind FROM letter WHERE to_account = $1", account) == ["people.invite"]
    with pytest.raises(Conflict, match="siège déjà"):
        await actions.give_seat(scene.sitting.id, form, site=SITE, by=scene.sitting.manager, at=now())


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
    assert await actions.give_seat(scene.sitting.id, form, site=SITE, by=scene.sitting.manager, at=now()) == seat
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


# signing and declaring


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
        " VALUES (gen_random_uuid(), $1, $2, 'member', '', '', '', $3)",
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


# assessing


async def test_a_draft_is_saved_as_often_as_wanted_and_counts_for_nothing(scene: Scene) -> None:
    member = scene.sitting.members[0]
    await declared(scene.first.application, member)
    first = AssessmentForm(scores={"A1": Mark.FOUR, "A2": Mark.NSP}, comments={"A1": "Bien vu", "B4": "À relire"})
    assert await actions.assess(scene.first.application, first, by=member, at=now()) == 1
    second = AssessmentForm(scores={"A1": Mark.FIVE}, comments={"B4": "À relire"}, comment="En cours", version=1)
    assert await actions.assess(scene.first.application, second, by=member, at=now()) == 2
    mine = await my_assessment(member, scene.first.application)
    assert {code: (score.mark, score.comment) for code, score in mine.scores.items()} == {
        "A1": ("5", ""),
        "B4": ("", "À relire"),
    }
    assert (mine.comment, mine.state, mine.total, mine.spread) == ("En cours", "draft", None, None)
    sums = await sums_of(await presentation_of(scene.first))
    assert sums
    assert (sums.count, sums.criteria) == (0, {})


async def test_handing_in_needs_every_criterion_and_writes_nothing_otherwise(scene: Scene) -> None:
    member = scene.sitting.members[0]
    await declared(scene.first.application, member)
    form = AssessmentForm(scores={"A1": Mark.FOUR}, finished=True)
    with pytest.raises(Invalid) as refused:
        await actions.assess(scene.first.application, form, by=member, at=now())
    assert len(refused.value.errors) == 11
    assert await value("SELECT count(*) FROM assessment") == 0


async def test_what_is_handed_in_no_longer_changes(scene: Scene) -> None:
    """R14, R16."""
    member = scene.sitting.members[0]
    await scored(scene.first.application, member, 4, given={"A2": None}, comment="Solide")
    again = AssessmentForm(scores=marks_of(scene.sitting.criteria, 1), finished=True, version=1)
    with pytest.raises(Conflict, match="ne change plus"):
        await actions.assess(scene.first.application, again, by=member, at=now())
    mine = await my_assessment(member, scene.first.application)
    assert (mine.state, mine.total, mine.comment) == ("handed_in", Decimal("80.000"), "Solide")
    assert (mine.scores["A2"].value, mine.scores["A2"].is_nsp) == (None, True)
    verbs = await verbs_of(scene.first.application)
    assert verbs[-3:] == ["application.presented", "interest.declared", "assessment.handed_in"]


async def test_handing_in_without_80_percent_of_the_weight_gives_no_total(scene: Scene) -> None:
    """R17."""
    members = scene.sitting.members
    await scored(scene.first.application, members[0], 5, given={"A1": None, "A2": None})
    sums = await sums_of(await presentation_of(scene.first))
    assert sums
    assert (sums.count, sums.criteria["C7"].count) == (0, 1)
    assert (await my_assessment(members[0], scene.first.application)).total is None


async def test_a_second_tab_is_told_what_the_first_saved(scene: Scene) -> None:
    member = scene.sitting.members[0]
    await scored(scene.first.application, member, 4, comment="Premier onglet", finished=False)
    late = AssessmentForm(scores={"A1": Mark.ONE}, comment="Second onglet", version=0)
    with pytest.raises(Stale) as refused:
        await actions.assess(scene.first.application, late, by=member, at=now())
    assert refused.value.version == 1
    assert refused.value.theirs["comment"] == "Premier onglet"
    assert refused.value.theirs["scores.A1"] == "4"
    assert (await my_assessment(member, scene.first.application)).comment == "Premier onglet"


async def test_a_withdrawn_application_is_no_longer_scored_nor_waited_for(scene: Scene) -> None:
    member = scene.sitting.members[0]
    await declared(scene.first.application, member)
    await execute("UPDATE application SET state = 'withdrawn' WHERE id = $1", scene.first.application)
    with pytest.raises(Conflict, match="retiré"):
        await scored(scene.first.application, member)
    progress = (await my_files(member, scene.sitting.id, None)).progress
    assert (progress.files_count, progress.next) == (1, scene.second.application)


async def test_sums_are_those_of_the_voices(scene: Scene) -> None:
    """R18 to R21: means 60, 80, 100; A1 from 1 to 5."""
    for member, mark, key in zip(scene.sitting.members, (3, 4, 5), (1, 1, 3), strict=True):
        await scored(scene.first.application, member, mark, given={"A1": key})
    sums = await sums_of(await presentation_of(scene.first))
    assert sums
    totals = [Decimal(mark * 88 + key * 12) / 5 for mark, key in ((3, 1), (4, 1), (5, 3))]
    assert (sums.low, sums.median, sums.high) == tuple(totals)
    assert sums.mean == (sum(totals) / 3).quantize(Decimal("0.001"))
    assert sums.flags == ["blocking:A1", "to_debate"]
    spread = sums.criteria["A1"]
    assert (spread.count, spread.mean, spread.low, spread.high) == (3, Decimal("1.667"), 1, 3)


async def test_the_home_of_a_member_counts_what_is_left(scene: Scene) -> None:
    member = scene.sitting.members[0]
    await scored(scene.first.application, member)
    [mine] = await committees_of(member)
    assert (mine.id, mine.is_signed, mine.files_count, mine.handed_in_count) == (scene.sitting.id, True, 2, 1)
    await declared(scene.second.application, member, interest=True)
    [mine] = await committees_of(member)
    assert (mine.files_count, mine.handed_in_count) == (1, 1)


# ranking


async def test_the_ranking_is_by_mean_then_knock_out_then_first_block(scene: Scene) -> None:
    """R22: equal means are told apart by A1 and B6, then by block A."""
    members = scene.sitting.members
    third = await a_candidate(scene.world, scene.call, "Tissu Commun")
    form = PresentationForm(everything=True)
    await actions.present_applications(scene.sitting.id, form, by=scene.sitting.manager, at=now())
    given = {
        scene.first.application: {"A3": 4, "C9": 2},  # same mean, block A higher
        scene.second.application: {"B6": 4, "B5": 2},  # same mean, knock-outs higher
        third.application: {},
    }
    for application, marks in given.items():
        for member in members:
            await scored(application, member, 3, given=marks)
    lines = (await ranking(scene.sitting.manager, scene.sitting.id, None)).lines.items
    assert [(line.position, line.application, line.mean) for line in lines] == [
        (1, scene.second.application, Decimal("60.000")),
        (2, scene.first.application, Decimal("60.000")),
        (3, third.application, Decimal("60.000")),
    ]


async def test_a_ranking_without_voices_has_no_figures(scene: Scene) -> None:
    line = (await ranking(scene.sitting.manager, scene.sitting.id, None)).lines.items[0]
    assert (line.voices_count, line.mean, line.median, line.flags) == (0, None, None, ["insufficient"])


async def test_scores_are_the_managers_until_decisions_are_out(scene: Scene) -> None:
    """Access matrix (domain, 5.5): instructors after the decision, coaches never, members and strangers never."""
    instructor, coach = await an_instructor(scene.world.programme), await a_coach(scene.world.programme)
    for outsider in (scene.sitting.members[0], scene.first.holder, await someone()):
        with pytest.raises(NotFound):
            await ranking(outsider, scene.sitting.id, None)
        with pytest.raises(NotFound):
            await assessments_of(outsider, scene.first.application)
    for staff in (instructor, coach):
        with pytest.raises(Refused):
            await ranking(staff, scene.sitting.id, None)
    await _decide_all(scene)
    await published(scene.sitting)
    assert (await ranking(instructor, scene.sitting.id, None)).lines.items
    with pytest.raises(Refused):
        await ranking(coach, scene.sitting.id, None)


async def test_a_manager_with_an_interest_sees_nothing_of_that_application(scene: Scene) -> None:
    """R10 holds for whoever declares."""
    await sit(scene.sitting.id, scene.sitting.manager, College.TEAM, by=scene.sitting.manager)
    await declared(scene.first.application, scene.sitting.manager, interest=True)
    lines = (await ranking(scene.sitting.manager, scene.sitting.id, None)).lines.items
    assert [line.application for line in lines] == [scene.second.application]
    with pytest.raises(NotFound):
        await assessments_of(scene.sitting.manager, scene.first.application)
    with pytest.raises(NotFound):
        await decided(scene.first.application, by=scene.sitting.manager)
    other = await a_manager(scene.world.programme)
    await decided(scene.first.application, by=other)


async def test_places_tell_when_the_retained_overshoot(scene: Scene) -> None:
    """R26: a warning, not a wall."""
    call = await a_closed_call(scene.world)
    await execute("UPDATE entry_places SET places_count = 1 WHERE call = $1", call.id)
    candidates = [await a_candidate(scene.world, call, name) for name in ("Un", "Deux")]
    sitting = await a_committee(call)
    for candidate in candidates:
        await decided(candidate.application, by=sitting.manager)
    facts = (await ranking(sitting.manager, sitting.id, None)).committee
    told = {place.code: (place.places_count, place.retained_count, place.overshoot) for place in await places_of(facts)}
    assert told == {"pre_incubation": (1, 2, 1), "incubation": (1, 0, 0)}


# deciding and publishing


async def _decide_all(scene: Scene) -> None:
    await decided(scene.first.application, by=scene.sitting.manager, conditions="Compléter l’équipe.")
    await decided(scene.second.application, by=scene.sitting.manager, rank=1)


async def test_a_decision_keeps_the_quorum_of_its_moment(scene: Scene) -> None:
    """R24, D13."""
    for member in scene.sitting.members[:2]:
        await scored(scene.first.application, member)
    await decided(scene.first.application, by=scene.sitting.manager)
    desk = await decision_desk(scene.sitting.manager, scene.first.application)
    assert desk.recorded
    assert (desk.recorded.voters_count, desk.recorded.voices_count, desk.recorded.colleges_count) == (3, 2, 2)
    assert desk.recorded.no_quorum_reason == ""
    assert len(desk.recorded.reasons) == 12
    await decided(scene.second.application, by=scene.sitting.manager)
    lonely = await decision_desk(scene.sitting.manager, scene.second.application)
    assert lonely.recorded
    assert lonely.recorded.voices_count == 0
    assert lonely.recorded.no_quorum_reason


async def test_a_decision_may_change_and_the_second_to_save_sees_the_first(scene: Scene) -> None:
    await decided(scene.first.application, by=scene.sitting.manager, conditions="Une")
    await decided(scene.first.application, by=scene.sitting.manager, outcome=DecisionOutcome.NOT_RETAINED, conditions="Deux")
    desk = await decision_desk(scene.sitting.manager, scene.first.application)
    assert desk.recorded
    assert (desk.recorded.outcome, desk.recorded.phase, desk.recorded.version) == ("not_retained", "", 2)
    stale = DecisionForm(
        outcome=DecisionOutcome.RETAINED, phase="incubation", reasons={"A1": "Oui."}, no_quorum_reason="Urgence.", version=1
    )
    with pytest.raises(Stale) as refused:
        await actions.decide(scene.first.application, stale, by=scene.sitting.manager, at=now())
    assert refused.value.theirs["conditions"] == "Deux"
    assert refused.value.theirs["outcome"] == "Non retenu"
    assert (await verbs_of(scene.first.application))[-2:] == ["decision.recorded", "decision.recorded"]


async def test_only_a_manager_decides(scene: Scene) -> None:
    for other, failure in (
        (await an_instructor(scene.world.programme), Refused),
        (scene.sitting.members[0], NotFound),
        (scene.first.holder, NotFound),
    ):
        with pytest.raises(failure):
            await decided(scene.first.application, by=other)
    assert await value("SELECT count(*) FROM decision") == 0


async def test_publishing_needs_every_decision_and_the_code_of_the_call(scene: Scene) -> None:
    await decided(scene.first.application, by=scene.sitting.manager)
    with pytest.raises(Conflict, match="Sans décision : Nuit’Abri"):
        await published(scene.sitting)
    await decided(scene.second.application, by=scene.sitting.manager, rank=1)
    with pytest.raises(Invalid):
        await actions.publish(scene.sitting.id, PublicationForm(call="AUTRE"), site=SITE, by=scene.sitting.manager, at=now())
    assert await value("SELECT count(*) FROM publication") == 0
    assert await value("SELECT count(*) FROM letter WHERE kind = 'selection.decision'") == 0


async def test_published_decisions_reach_each_team_and_no_other(scene: Scene) -> None:
    for member in scene.sitting.members:
        await scored(scene.first.application, member, 4, comment="Ceci reste au comité")
    await _decide_all(scene)
    assert await published_decision(scene.first.application) is None
    with pytest.raises(NotFound):
        await decision_for_team(scene.first.holder, scene.first.application)
    await published(scene.sitting)
    told = await decision_for_team(scene.first.holder, scene.first.application)
    assert (told.outcome, told.phase_code, told.conditions) == ("retained", "pre_incubation", "Compléter l’équipe.")
    assert {reason.text for reason in told.reasons} == {"Le besoin est démontré."}
    with pytest.raises(NotFound):
        await decision_for_team(scene.second.holder, scene.first.application)
    with pytest.raises(NotFound):
        await decision_for_team(scene.sitting.members[0], scene.first.application)
    assert await decision_for_team(await a_coach(scene.world.programme), scene.first.application) == told
    letters = await column(
        "SELECT subject || text FROM letter WHERE kind = 'selection.decision' AND to_account = $1", scene.first.holder.id
    )
    assert len(letters) == 1
    assert "Roule Sologne : la décision du comité" in letters[0]
    assert "Le besoin est démontré." in letters[0]
    assert f"{SITE}/applications/{scene.first.application}/decision" in letters[0]
    assert "Ceci reste au comité" not in letters[0]
    assert "&#" not in letters[0]
    assert (await verbs_of(scene.first.application))[-1] == "decision.published"
    assert await value(
        "SELECT project FROM journal_entry WHERE verb = 'decision.published' AND subject = $1", scene.first.application
    ) == (scene.first.project)


async def test_published_decisions_no_longer_change_and_are_published_once(scene: Scene) -> None:
    await _decide_all(scene)
    await published(scene.sitting)
    with pytest.raises(Conflict, match="déjà publiées"):
        await published(scene.sitting)
    with pytest.raises(Conflict, match="ne change plus"):
        await decided(scene.first.application, by=scene.sitting.manager)
    with pytest.raises(Conflict, match="ne change plus"):
        await scored(scene.first.application, scene.sitting.members[0])
    assert await value("SELECT count(*) FROM letter WHERE kind = 'selection.decision'") == 2


async def test_a_withdrawn_application_does_not_hold_publication_back_nor_hear_of_it(scene: Scene) -> None:
    await decided(scene.first.application, by=scene.sitting.manager)
    await execute("UPDATE application SET state = 'withdrawn' WHERE id = $1", scene.second.application)
    await published(scene.sitting)
    assert await column("SELECT to_account FROM letter WHERE kind = 'selection.decision'") == [scene.first.holder.id]


async def test_later_rooms_read_the_retained_and_the_waiting_list(scene: Scene) -> None:
    third = await a_candidate(scene.world, scene.call, "Tissu Commun")
    await actions.present_applications(scene.sitting.id, PresentationForm(everything=True), by=scene.sitting.manager, at=now())
    await decided(scene.first.application, by=scene.sitting.manager)
    await decided(scene.second.application, by=scene.sitting.manager, rank=2)
    await decided(third.application, by=scene.sitting.manager, rank=1)
    phase = scene.world.phases["pre_incubation"]
    assert await retained_of(scene.call.id) == []
    await published(scene.sitting)
    assert [one.project for one in await retained_of(scene.call.id)] == [scene.first.project]
    assert [(one.project, one.waiting_rank) for one in await waiting_list(scene.call.id, phase)] == [
        (third.project, 1),
        (scene.second.project, 2),
    ]
    assert await waiting_list(scene.call.id, scene.world.phases["incubation"]) == []
    found = await published_decision_of_project(scene.first.project, scene.call.id)
    assert found
    assert found.application == scene.first.application


async def test_a_person_of_another_programme_finds_nothing(scene: Scene) -> None:
    """D16."""
    stranger = Person(scene.sitting.manager.id, "x@exemple.fr", "X", "fr", True, ())
    with pytest.raises(NotFound):
        await ranking(stranger, scene.sitting.id, None)
