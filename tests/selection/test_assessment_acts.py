"""Saving and handing in: what changes, what is refused, what is added up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from incubator.core.clock import now
from incubator.core.database import execute, value
from incubator.core.errors import Conflict, Invalid, Stale
from incubator.selection import actions
from incubator.selection.forms import (
    AssessmentForm,
    Mark,
)
from incubator.selection.queries.assessments import my_assessment, sums_of
from incubator.selection.queries.members import committees_of, my_files
from tests.selection.world import Scene, presentation_of, verbs_of
from tests.world.selection import declared, marks_of, scored

pytestmark = pytest.mark.usefixtures("db")


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
