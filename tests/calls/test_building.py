"""Building a form: every act on a draft, what it refuses, and codes that are never given twice (R54)."""

from __future__ import annotations

import msgspec
import pytest

from incubator.calls.actions import building
from incubator.calls.actions.drafts import discard_draft, publish_draft, start_form
from incubator.calls.actions.versions import publish_form
from incubator.calls.building_forms import (
    Join,
    MoveForm,
    NewQuestionForm,
    QuestionForm,
    QuickRuleForm,
    RemovalForm,
    SectionForm,
    SelfTestForm,
    SettingsForm,
    Thing,
    WholeForm,
)
from incubator.calls.definitions import Condition, Effect, Kind, Option, Question
from incubator.calls.queries import last_form
from incubator.calls.queries.building import built_form
from incubator.calls.reference import reference
from incubator.calls.rules.questions import digest_of, typed_question
from incubator.core.clock import now
from incubator.core.database import column, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from tests.world.building import SMALL, a_form_draft, codes, reread
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def world():
    return await the_programme()


@pytest.fixture
async def manager(world):
    return await a_manager(world.programme)


async def test_a_draft_starts_from_the_version_in_force_and_changes_nothing_for_teams(world, manager):
    draft = await a_form_draft(world, manager, None)
    assert (draft.number, draft.based_on, draft.published_at, draft.version) == (2, world.form, None, 1)
    assert draft.definition == reference().form
    latest = await last_form(world.programme)
    assert latest is not None
    assert latest.id == world.form


async def test_a_draft_may_start_from_nothing(world, manager):
    made = await start_form(world.programme, None, by=manager, at=now())
    assert [section.title for section in (await reread(manager, made)).sections] == ["Première section"]


async def test_only_the_manager_builds_and_others_find_nothing(world, manager):
    coach, stranger = await a_coach(world.programme), await someone()
    with pytest.raises(Refused):
        await start_form(world.programme, None, by=coach, at=now())
    draft = await a_form_draft(world, manager)
    assert (await built_form(coach, draft.id)).definition == SMALL
    with pytest.raises(Refused):
        await building.edit_settings(draft.id, SettingsForm(title="Autre"), by=coach, at=now())
    with pytest.raises(NotFound):
        await built_form(stranger, draft.id)
    with pytest.raises(NotFound):
        await building.edit_settings(draft.id, SettingsForm(title="Autre"), by=stranger, at=now())
    assert await reread(manager, draft.id) == SMALL


async def test_sections_are_added_renamed_moved_and_removed(world, manager):
    draft = await a_form_draft(world, manager)
    code = await building.add_section(draft.id, SectionForm(title="L’impact", version=1), by=manager, at=now())
    assert code == "S11"  # the form in force goes to S10
    await building.edit_section(draft.id, code, SectionForm(title="Les effets", version=2), by=manager, at=now())
    await building.move(draft.id, MoveForm(move=f"up section {code}", version=3), by=manager, at=now())
    changed = await reread(manager, draft.id)
    assert [(one.code, one.title) for one in changed.sections] == [("S1", "Le projet"), (code, "Les effets"), ("S2", "L’équipe")]
    await building.remove(draft.id, RemovalForm(what=Thing.SECTION, code="S1", version=4), by=manager, at=now())
    assert [one.code for one in (await reread(manager, draft.id)).sections] == [code, "S2"]


async def test_a_question_that_was_removed_never_gives_its_code_to_another(world, manager):
    """R54: nor does one of an earlier version, nor one of another draft."""
    draft = await a_form_draft(world, manager)
    new = NewQuestionForm(section="S1", label="Votre slogan", kind=Kind.LINE)
    first = await building.add_question(draft.id, new, by=manager, at=now())
    assert first == "1.9"  # the version in force goes to 1.8
    await building.remove(draft.id, RemovalForm(what=Thing.QUESTION, code=first), by=manager, at=now())
    second = await building.add_question(draft.id, new, by=manager, at=now())
    assert second == "1.10"
    other = await a_form_draft(world, manager)
    assert await building.add_question(other.id, new, by=manager, at=now()) == "1.11"
    assert codes(await reread(manager, draft.id)) == ["1.1", "1.2", "1.3", "1.10"]


async def test_a_question_is_copied_right_after_itself(world, manager):
    draft = await a_form_draft(world, manager)
    code = await building.copy_question(draft.id, "1.2", 1, by=manager, at=now())
    changed = await reread(manager, draft.id)
    assert codes(changed) == ["1.1", "1.2", code, "1.3"]
    assert changed.questions[2] == msgspec.structs.replace(SMALL.questions[1], code=code)


@pytest.mark.parametrize(
    ("move", "place", "first", "second"),
    [
        ("up question 1.2", "", ["1.2", "1.1", "1.3"], ["2.1"]),
        ("down question 1.3", "", ["1.1", "1.2"], ["1.3", "2.1"]),
        ("up question 2.1", "", ["1.1", "1.2", "1.3", "2.1"], []),
        ("up question 1.1", "", ["1.1", "1.2", "1.3"], ["2.1"]),
        ("to question 1.1", "S2 1", ["1.2", "1.3"], ["2.1", "1.1"]),
        ("to question 1.1", "S1 2", ["1.2", "1.3", "1.1"], ["2.1"]),
    ],
)
async def test_a_question_moves_in_its_section_and_into_others(world, manager, move, place, first, second):
    draft = await a_form_draft(world, manager)
    await building.move(draft.id, MoveForm(move=move, place=place, version=1), by=manager, at=now())
    changed = await reread(manager, draft.id)
    assert (codes(changed, 0), codes(changed, 1)) == (first, second)


@pytest.mark.parametrize("move", ["sideways question 1.1", "up page 1.1", "to question 1.1", "up", "up question 9.9"])
async def test_a_move_that_means_nothing_writes_nothing(world, manager, move):
    draft = await a_form_draft(world, manager)
    with pytest.raises((Invalid, NotFound)):
        await building.move(draft.id, MoveForm(move=move), by=manager, at=now())
    assert (await built_form(manager, draft.id)).version == 1


async def test_what_another_depends_on_may_move_but_is_not_published(world, manager):
    """Calm while drafting: the fault names both questions at once; publishing refuses."""
    draft = await a_form_draft(world, manager)
    await building.move(draft.id, MoveForm(move="down question 1.2", version=1), by=manager, at=now())
    with pytest.raises(Conflict, match=r"Question 1\.3\s: elle dépend de la question 1\.2, qui n’est pas posée avant elle"):
        await publish_draft(draft.id, 2, by=manager, at=now())
    assert (await built_form(manager, draft.id)).published_at is None


async def test_whoever_changes_second_is_told_and_writes_nothing(world, manager):
    draft = await a_form_draft(world, manager)
    await building.edit_settings(draft.id, SettingsForm(title="Premier", version=1), by=manager, at=now())
    with pytest.raises(Stale, match="Maryse Gérante a changé ce formulaire") as raised:
        await building.edit_settings(draft.id, SettingsForm(title="Second", version=1), by=manager, at=now())
    assert raised.value.version == 2
    assert (await reread(manager, draft.id)).title == "Premier"


async def test_two_may_change_two_questions_and_one_is_told_on_the_same(world, manager):
    draft = await a_form_draft(world, manager)
    name, exists = SMALL.questions[0], SMALL.questions[1]
    for question, label in ((name, "Nom"), (exists, "Existe-t-il ?")):
        options = {f"{one.code}": one.label for one in question.options}
        form = QuestionForm(was=digest_of(question), kind=question.kind, label=label, limit=80, option_label=options)
        await building.edit_question(draft.id, question.code, form, by=manager, at=now())
    assert [one.label for one in (await reread(manager, draft.id)).questions[:2]] == ["Nom", "Existe-t-il ?"]
    late = QuestionForm(was=digest_of(name), kind=Kind.LINE, label="Titre", limit=80)
    with pytest.raises(Stale) as raised:
        await building.edit_question(draft.id, "1.1", late, by=manager, at=now())
    assert raised.value.theirs == {"label": "Nom"}


async def test_answers_are_added_one_a_line_renamed_and_emptied(world, manager):
    draft = await a_form_draft(world, manager)
    form = QuestionForm(
        version=1, kind=Kind.CHOICE, label="Existe-t-il ?", more_options="Oui, en projet\n\nOui, en projet",
        option_label={"yes": "Oui, il existe", "no": ""},
    )  # fmt: skip
    await building.edit_question(draft.id, "1.2", form, by=manager, at=now())
    question = (await reread(manager, draft.id)).questions[1]
    assert question.options == (
        Option("yes", "Oui, il existe"),
        Option("oui_en_projet", "Oui, en projet"),
        Option("oui_en_projet_2", "Oui, en projet"),
    )


@pytest.mark.parametrize("kind", list(Kind))
async def test_a_question_of_any_kind_begins_almost_whole(world, manager, kind):
    """What its kind cannot do without has a usual value; only answers and columns are left to say."""
    draft = await a_form_draft(world, manager)
    await building.add_question(draft.id, NewQuestionForm(section="S2", label="Quoi ?", kind=kind), by=manager, at=now())
    if kind in (Kind.CHOICE, Kind.CHOICES, Kind.RANKED, Kind.ROWS):
        with pytest.raises(Conflict, match=r"Question 2\."):
            await publish_draft(draft.id, None, by=manager, at=now())
    else:
        await publish_draft(draft.id, None, by=manager, at=now())


async def test_a_quick_rule_holds_when_the_answers_that_spoil_are_not_given(world, manager):
    draft = await a_form_draft(world, manager)
    form = QuickRuleForm(question="1.2", effect=Effect.BLOCKING, answers=["no"], message="Le projet doit exister.", version=1)
    code = await building.add_quick_rule(draft.id, form, by=manager, at=now())
    rule = (await reread(manager, draft.id)).eligibility[-1]
    assert (rule.code, rule.met_when, rule.questions) == (code, Condition("1.2", values=("yes",)), ("1.2",))
    assert code == "E11"
    with pytest.raises(Invalid):
        await building.add_quick_rule(draft.id, msgspec.structs.replace(form, answers=[], version=2), by=manager, at=now())


async def test_the_self_test_is_built_too(world, manager):
    draft = await a_form_draft(world, manager)
    form = SelfTestForm(label="Êtes-vous deux ?", wanted="yes", message="Seul, c’est difficile.", version=1)
    code = await building.save_self_test(draft.id, None, form, by=manager, at=now())
    await building.move(draft.id, MoveForm(move=f"up self_test {code}", version=2), by=manager, at=now())
    assert [one.code for one in (await reread(manager, draft.id)).self_test] == [code, "T1"]


async def test_publishing_freezes_and_gives_the_next_number(world, manager):
    """Versions are numbered as they were published, whichever draft was begun first."""
    first, second = await a_form_draft(world, manager), await a_form_draft(world, manager)
    assert (first.number, second.number) == (2, 3)
    assert (await publish_draft(second.id, 1, by=manager, at=now())).number == 3
    assert (await publish_draft(first.id, 1, by=manager, at=now())).number == 4
    latest = await last_form(world.programme)
    assert latest is not None
    assert (latest.id, latest.number) == (first.id, 4)
    with pytest.raises(Conflict, match="publiée"):
        await building.edit_settings(first.id, SettingsForm(title="Autre"), by=manager, at=now())
    with pytest.raises(Conflict, match="publiée"):
        await discard_draft(first.id, None, by=manager, at=now())


async def test_a_form_published_past_a_draft_takes_the_number_after_it(world, manager):
    draft = await a_form_draft(world, manager)
    made = await publish_form(world.programme, SMALL, by=manager, at=now())
    assert await column("SELECT number FROM form_version WHERE id = ANY($1) ORDER BY number", [draft.id, made]) == [2, 3]


async def test_a_form_that_cites_a_criterion_of_no_grid_is_not_published(world, manager):
    question = msgspec.structs.replace(SMALL.questions[0], criteria=("Z9",))
    section = msgspec.structs.replace(SMALL.sections[0], questions=(question,))
    draft = await a_form_draft(world, manager, msgspec.structs.replace(SMALL, sections=(section,), eligibility=()))
    with pytest.raises(Conflict, match="cite le critère Z9"):
        await publish_draft(draft.id, 1, by=manager, at=now())


async def test_a_discarded_draft_is_gone(world, manager):
    draft = await a_form_draft(world, manager)
    await discard_draft(draft.id, 1, by=manager, at=now())
    with pytest.raises(NotFound):
        await built_form(manager, draft.id)


async def test_each_act_is_journaled_and_an_act_that_changes_nothing_is_not(world, manager):
    draft = await a_form_draft(world, manager)
    await building.edit_settings(draft.id, SettingsForm(title=SMALL.title, version=1), by=manager, at=now())
    assert (await built_form(manager, draft.id)).version == 1
    await building.edit_settings(draft.id, SettingsForm(title="Autre", version=1), by=manager, at=now())
    verbs = "SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number"
    assert await column(verbs, draft.id) == ["form.started", "form.changed"]


async def test_a_program_replaces_a_whole_draft(world, manager):
    draft = await a_form_draft(world, manager, None)
    with pytest.raises(Invalid):
        await building.replace_form(draft.id, WholeForm(SMALL), by=manager, at=now())
    await building.replace_form(draft.id, WholeForm(SMALL, 1), by=manager, at=now())
    assert await reread(manager, draft.id) == SMALL
    assert await value("SELECT version FROM form_version WHERE id = $1", draft.id) == 2


def test_a_question_keeps_what_its_page_does_not_show():
    """A condition too deep for rows stays as it is."""
    deep = Condition(some=(Condition(every=(Condition("1.2", values=("yes",)), Condition("1.2", values=("no",)))),))
    stored = Question("1.3", "Depuis quand ?", Kind.DAY, when=deep)
    form = QuestionForm(kind=Kind.DAY, label="Depuis ?", when_join=Join.KEPT)
    assert typed_question(stored, form, {}).when == deep
