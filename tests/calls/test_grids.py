"""Building a grid: weights that sum to 100, anchors, pre-selection; published once and for all (R16, R20, R23)."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from incubator.calls.actions import grid_building
from incubator.calls.actions.grids import discard_grid, publish_grid_draft, start_grid
from incubator.calls.building_forms import BlockForm, CriterionForm, GridForm, GridPart, GridRemovalForm, WholeGrid
from incubator.calls.definitions import BlockDefinition, CriterionDefinition, GridDefinition
from incubator.calls.queries import grid_definition, grid_version, last_grid
from incubator.calls.queries.building import built_grid
from incubator.calls.reference import reference
from incubator.calls.rules.grids import grid_faults, preselection_weights
from incubator.core.clock import now
from incubator.core.database import value
from incubator.core.errors import Conflict, NotFound, Refused, Stale
from tests.world.building import a_grid_draft
from tests.world.people import a_coach, a_manager
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def world():
    return await the_programme()


@pytest.fixture
async def manager(world):
    return await a_manager(world.programme)


def figures(definition: GridDefinition, **changed) -> GridForm:
    """The grid as it is, but for what is changed."""
    facts = {
        "title": definition.title,
        "knock_out_below": definition.knock_out_below,
        "weight": {one.code: one.weight for one in definition.criteria},
        "knock_out": [one.code for one in definition.criteria if one.is_knock_out],
        "preselection": [one.code for one in definition.criteria if one.is_preselection],
    }
    return GridForm(**(facts | changed))


async def test_a_draft_is_the_grid_in_force_until_it_is_changed(world, manager):
    draft = await a_grid_draft(world, manager)
    assert draft.definition == reference().grid
    assert (draft.number, draft.published_at) == (2, None)
    await grid_building.edit_grid(draft.id, figures(draft.definition, version=1), by=manager, at=now())
    assert (await built_grid(manager, draft.id)).version == 1


async def test_weights_are_published_only_at_100_exactly(world, manager):
    """R23."""
    draft = await a_grid_draft(world, manager)
    weights = {one.code: one.weight for one in draft.definition.criteria}
    await grid_building.edit_grid(draft.id, figures(draft.definition, weight=weights | {"A1": 11}), by=manager, at=now())
    with pytest.raises(Conflict, match="Les poids font 99 au lieu de 100"):
        await publish_grid_draft(draft.id, None, by=manager, at=now())
    assert (await last_grid(world.programme)).id == world.grid
    await grid_building.edit_grid(draft.id, figures(draft.definition, weight=weights), by=manager, at=now())
    assert (await publish_grid_draft(draft.id, 3, by=manager, at=now())).number == 2
    assert (await last_grid(world.programme)).id == draft.id


async def test_what_is_published_is_what_was_written(world, manager):
    draft = await a_grid_draft(world, manager)
    form = figures(draft.definition, knock_out_below=Decimal("2.5"), preselection=["A1", "B4"], knock_out=["C7"])
    written = await grid_building.edit_grid(draft.id, form, by=manager, at=now())
    await publish_grid_draft(draft.id, 2, by=manager, at=now())
    published = await grid_version(draft.id)
    assert grid_definition(published) == written
    assert published.knock_out_below == Decimal("2.5")
    assert [one.code for one in published.criteria if one.is_knock_out] == ["C7"]
    assert (await built_grid(manager, draft.id)).definition == written
    assert await value("SELECT definition FROM grid WHERE id = $1", draft.id) is None
    with pytest.raises(Conflict, match="publiée"):
        await grid_building.edit_grid(draft.id, figures(written), by=manager, at=now())


async def test_a_criterion_without_its_anchors_is_a_fault(world, manager):
    """R16: each names the marks that say nothing yet."""
    draft = await a_grid_draft(world, manager)
    form = CriterionForm(label="Sobriété", block="C", weight=5, anchor_3="Pensée", version=1)
    code = await grid_building.save_criterion(draft.id, None, form, by=manager, at=now())
    assert code == "C13"  # numbers run through the whole grid, to D12
    faults = [fault.reason for fault in grid_faults((await built_grid(manager, draft.id)).definition)]
    assert faults == ["Critère C13\xa0: dites ce que vaut la note 1, 5.", "Les poids font 105 au lieu de 100."]


async def test_a_criterion_that_was_removed_never_gives_its_code_to_another(world, manager):
    draft = await a_grid_draft(world, manager)
    await grid_building.remove_from_grid(draft.id, GridRemovalForm(what=GridPart.CRITERION, code="D12"), by=manager, at=now())
    form = CriterionForm(label="Autre", block="D", weight=6)
    assert await grid_building.save_criterion(draft.id, None, form, by=manager, at=now()) == "D13"
    assert await grid_building.save_block(draft.id, None, BlockForm(title="Environnement"), by=manager, at=now()) == "E"


@pytest.mark.parametrize(
    ("then", "first", "second"),
    [
        ("down criterion A1", ["A2", "A1", "A3"], ["B4", "B5", "B6"]),
        ("down criterion A3", ["A1", "A2"], ["A3", "B4", "B5", "B6"]),
        ("up criterion B4", ["A1", "A2", "A3", "B4"], ["B5", "B6"]),
        ("up criterion A1", ["A1", "A2", "A3"], ["B4", "B5", "B6"]),
        ("down block A", ["B4", "B5", "B6"], ["A1", "A2", "A3"]),
        ("sideways criterion A1", ["A1", "A2", "A3"], ["B4", "B5", "B6"]),
    ],
)
async def test_criteria_and_blocks_move(world, manager, then, first, second):
    draft = await a_grid_draft(world, manager)
    changed = await grid_building.edit_grid(draft.id, figures(draft.definition, then=then), by=manager, at=now())
    assert [[one.code for one in block.criteria] for block in changed.blocks[:2]] == [first, second]


async def test_a_criterion_changes_block_and_keeps_its_code(world, manager):
    draft = await a_grid_draft(world, manager)
    one = draft.definition.criteria[0]
    form = CriterionForm(label=one.label, block="B", weight=12, anchor_1="a", anchor_3="b", anchor_5="c", version=1)
    await grid_building.save_criterion(draft.id, "A1", form, by=manager, at=now())
    blocks = (await built_grid(manager, draft.id)).definition.blocks
    assert [[criterion.code for criterion in block.criteria] for block in blocks[:2]] == [["A2", "A3"], ["B4", "B5", "B6", "A1"]]


async def test_whoever_changes_second_is_told(world, manager):
    draft = await a_grid_draft(world, manager)
    await grid_building.edit_grid(draft.id, figures(draft.definition, title="Une", version=1), by=manager, at=now())
    with pytest.raises(Stale, match="a changé cette grille") as raised:
        await grid_building.edit_grid(draft.id, figures(draft.definition, title="Deux", version=1), by=manager, at=now())
    assert raised.value.version == 2


async def test_only_the_manager_builds(world, manager):
    coach = await a_coach(world.programme)
    with pytest.raises(Refused):
        await start_grid(world.programme, None, by=coach, at=now())
    draft = await a_grid_draft(world, manager)
    with pytest.raises(Refused):
        await discard_grid(draft.id, 1, by=coach, at=now())
    await discard_grid(draft.id, 1, by=manager, at=now())
    with pytest.raises(NotFound):
        await built_grid(manager, draft.id)


async def test_a_draft_is_nobody_elses_to_read(world, manager, client):
    draft = await a_grid_draft(world, manager)
    assert (await client.get(f"/api/v1/grids/{draft.id}")).status_code == 404
    assert (await client.get(f"/api/v1/grids/{world.grid}")).status_code == 200


async def test_a_program_replaces_a_whole_draft(world, manager):
    draft = await a_grid_draft(world, manager)
    small = GridDefinition("Courte", (BlockDefinition("A", "Tout", (CriterionDefinition("A1", "Besoin", 100, "1", "3", "5"),)),))
    await grid_building.replace_grid(draft.id, WholeGrid(small, 1), by=manager, at=now())
    await publish_grid_draft(draft.id, 2, by=manager, at=now())
    assert grid_definition(await grid_version(draft.id)) == small


def test_preselection_brings_its_weights_back_to_100():
    """reference-programme §4: A1, A2, B6, C7, D10, D11."""
    shares = preselection_weights(reference().grid)
    assert shares == {
        "A1": Decimal("22.2"), "A2": Decimal("18.5"), "B6": Decimal("14.8"), "C7": Decimal("18.5"), "D10": Decimal("14.8"),
        "D11": Decimal("11.1"),
    }  # fmt: skip
    none = msgspec.structs.replace(reference().grid, blocks=())
    assert preselection_weights(none) == {}


async def test_the_page_shows_the_sum_and_what_was_typed(world, manager, signed_in):
    draft = await a_grid_draft(world, manager)
    browser = await signed_in(manager)
    fields = {f"weight.{one.code}": str(one.weight) for one in draft.definition.criteria}
    fields |= {"title": "Grille", "knock_out_below": "2", "version": "1"}
    wrong = await browser.send_form(f"/grids/{draft.id}", **fields | {"weight.A1": "beaucoup"})
    assert wrong.status_code == 422
    assert 'value="beaucoup"' in wrong.text
    sent = await browser.send_form(f"/grids/{draft.id}", **fields | {"weight.A1": "20"})
    assert sent.status_code == 303
    page = await browser.get(f"/grids/{draft.id}")
    assert "Les poids font 108 au lieu de 100." in page.text
    for path in ("criteria/A1", "new-criterion?block=B", "blocks/A", "new-block", "publication"):
        assert (await browser.get(f"/grids/{draft.id}/{path}")).status_code == 200
    assert (await browser.get(f"/grids/{world.grid}")).status_code == 200
