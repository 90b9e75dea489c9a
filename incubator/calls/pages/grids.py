"""The grid editor: blocks, criteria, weights that sum to 100, what 1, 3 and 5 mean, what counts at pre-selection."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.calls.actions import grid_building
from incubator.calls.actions.grids import discard_grid, publish_grid_draft
from incubator.calls.actions.managing import check_manages
from incubator.calls.building_forms import BlockForm, CriterionForm, GridForm, GridRemovalForm, VersionForm
from incubator.calls.definitions import BlockDefinition, CriterionDefinition
from incubator.calls.queries.building import BuiltGrid, built_grid, grid_in_force
from incubator.calls.rules.difference import grid_difference, summary
from incubator.calls.rules.editing import place_of
from incubator.calls.rules.grids import block_of, criterion_of, grid_faults, preselection_weights, total_weight
from incubator.calls.rules.telling import told
from incubator.core.clock import now
from incubator.core.errors import Conflict, NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, filled, page, submit
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]
FIGURES = ("label", "weight", "anchor_1", "anchor_3", "anchor_5", "is_knock_out", "is_preselection")


def _page(request: AnyRequest, template: str, grid: BuiltGrid, **context: Any) -> Response[Any]:
    may_edit = grid.published_at is None and request.user.manages(grid.programme)
    return page(request, f"calls/build/{template}.html", grid=grid, definition=grid.definition, may_edit=may_edit, **context)


@get("/grids/{grid_id:uuid}", opt=STAFF)
async def grid_page(request: AnyRequest, grid_id: FromPath[UUID]) -> Response[Any]:
    """The grid: its blocks, criteria and weights."""
    grid = await built_grid(request.user, grid_id)
    held = grid.definition
    figures = {f"weight.{one.code}": one.weight for one in held.criteria}
    values = filled(
        title=held.title,
        knock_out_below=f"{held.knock_out_below:g}".replace(".", ","),
        knock_out=[one.code for one in held.criteria if one.is_knock_out],
        preselection=[one.code for one in held.criteria if one.is_preselection],
        version=grid.version,
        **figures,
    )
    return await _shown(request, grid_id, values, {}, "")


async def _shown(request: AnyRequest, grid_id: UUID, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    grid = await built_grid(request.user, grid_id)
    return _page(
        request,
        "grid",
        grid,
        values=values,
        errors=errors,
        reason=reason,
        faults=list(grid_faults(grid.definition)) if grid.published_at is None else [],
        total=total_weight(grid.definition),
        shares=preselection_weights(grid.definition),
    )


@post("/grids/{grid_id:uuid}", opt=STAFF)
async def edit_grid(request: AnyRequest, grid_id: FromPath[UUID]) -> Response[Any]:
    """Save the figures of the grid, and what moves."""

    async def act(form: GridForm) -> str:
        await grid_building.edit_grid(grid_id, form, by=request.user, at=now())
        return f"/grids/{grid_id}#weights"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _shown(request, grid_id, values, errors, reason)

    return await submit(request, GridForm, act, shown, notice=_("C’est enregistré."))


async def _check_editable(request: AnyRequest, grid_id: UUID) -> None:
    grid = await built_grid(request.user, grid_id)
    check_manages(request.user, grid.programme)
    if grid.published_at is not None:
        raise Conflict(_("Cette version est publiée : elle ne change plus. Préparez-en une nouvelle."))


@get("/grids/{grid_id:uuid}/new-block", opt=STAFF)
async def new_block_page(request: AnyRequest, grid_id: FromPath[UUID]) -> Response[Any]:
    """The form that adds a block."""
    await _check_editable(request, grid_id)
    return await _block(request, grid_id, None, None, {}, "")


@post("/grids/{grid_id:uuid}/new-block", opt=STAFF)
async def new_block(request: AnyRequest, grid_id: FromPath[UUID]) -> Response[Any]:
    """Add a block."""
    return await _save_block(request, grid_id, None)


@get("/grids/{grid_id:uuid}/blocks/{code:str}", opt=STAFF)
async def block_page(request: AnyRequest, grid_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """A block's title."""
    return await _block(request, grid_id, code, None, {}, "")


@post("/grids/{grid_id:uuid}/blocks/{code:str}", opt=STAFF)
async def edit_block(request: AnyRequest, grid_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """Rename a block."""
    return await _save_block(request, grid_id, code)


async def _save_block(request: AnyRequest, grid_id: UUID, code: str | None) -> Response[Any]:
    async def act(form: BlockForm) -> str:
        saved = await grid_building.save_block(grid_id, code, form, by=request.user, at=now())
        return f"/grids/{grid_id}/new-criterion?block={saved}" if code is None else f"/grids/{grid_id}#weights"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _block(request, grid_id, code, values, errors, reason)

    return await submit(request, BlockForm, act, shown, notice=_("C’est enregistré."))


async def _block(
    request: AnyRequest, grid_id: UUID, code: str | None, values: Typed | None, errors: dict[str, str], reason: str
) -> Response[Any]:
    grid = await built_grid(request.user, grid_id)
    block: BlockDefinition | None = grid.definition.blocks[place_of(grid.definition.blocks, code)] if code else None
    values = values or filled(title=block.title if block else "", version=grid.version)
    return _page(request, "block", grid, block=block, values=values, errors=errors, reason=reason)


@get("/grids/{grid_id:uuid}/new-criterion", opt=STAFF)
async def new_criterion_page(request: AnyRequest, grid_id: FromPath[UUID]) -> Response[Any]:
    """The form that adds a criterion."""
    await _check_editable(request, grid_id)
    return await _criterion(request, grid_id, None, None, {}, "")


@post("/grids/{grid_id:uuid}/new-criterion", opt=STAFF)
async def new_criterion(request: AnyRequest, grid_id: FromPath[UUID]) -> Response[Any]:
    """Add a criterion."""
    return await _save_criterion(request, grid_id, None)


@get("/grids/{grid_id:uuid}/criteria/{code:str}", opt=STAFF)
async def criterion_page(request: AnyRequest, grid_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """A criterion: its words, its weight, what 1, 3 and 5 mean."""
    return await _criterion(request, grid_id, code, None, {}, "")


@post("/grids/{grid_id:uuid}/criteria/{code:str}", opt=STAFF)
async def edit_criterion(request: AnyRequest, grid_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """Change a criterion."""
    return await _save_criterion(request, grid_id, code)


async def _save_criterion(request: AnyRequest, grid_id: UUID, code: str | None) -> Response[Any]:
    async def act(form: CriterionForm) -> str:
        await grid_building.save_criterion(grid_id, code, form, by=request.user, at=now())
        return f"/grids/{grid_id}#weights"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _criterion(request, grid_id, code, values, errors, reason)

    return await submit(request, CriterionForm, act, shown, notice=_("C’est enregistré."))


async def _criterion(
    request: AnyRequest, grid_id: UUID, code: str | None, values: Typed | None, errors: dict[str, str], reason: str
) -> Response[Any]:
    grid = await built_grid(request.user, grid_id)
    held: CriterionDefinition | None = criterion_of(grid.definition, code) if code else None
    if not grid.definition.blocks:
        raise NotFound
    if values is None:
        facts = {name: getattr(held, name) for name in FIGURES} if held else {}
        block = block_of(grid.definition, held.code).code if held else request.query_params.get("block", "")
        values = filled(version=grid.version, block=block, **facts)
    others = total_weight(grid.definition) - (held.weight if held else 0)
    blocks = [(block.code, block.title) for block in grid.definition.blocks]
    return _page(
        request, "criterion", grid, criterion=held, values=values, errors=errors, reason=reason, others=others, blocks=blocks
    )


@post("/grids/{grid_id:uuid}/removal", opt=STAFF)
async def grid_removal(request: AnyRequest, grid_id: FromPath[UUID]) -> Response[Any]:
    """Take a block or a criterion out."""

    async def act(form: GridRemovalForm) -> str:
        await grid_building.remove_from_grid(grid_id, form, by=request.user, at=now())
        return f"/grids/{grid_id}"

    return await submit(request, GridRemovalForm, act, _again(request, grid_id), notice=_("C’est retiré."))


def _again(request: AnyRequest, grid_id: UUID) -> Any:
    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _publication(request, grid_id, reason)

    return shown


@get("/grids/{grid_id:uuid}/publication", opt=STAFF)
async def grid_publication_page(request: AnyRequest, grid_id: FromPath[UUID]) -> Response[Any]:
    """What is to be mended, what changes, and the button that publishes."""
    return await _publication(request, grid_id, "")


async def _publication(request: AnyRequest, grid_id: UUID, reason: str) -> Response[Any]:
    grid = await built_grid(request.user, grid_id)
    before = await grid_in_force(grid.programme)
    changes = grid_difference(before, grid.definition) if before else []
    faults = list(grid_faults(grid.definition))
    return _page(
        request,
        "grid_publication",
        grid,
        reason=reason,
        faults=faults,
        has_before=before is not None,
        changes=told(changes, {}),
        summary=summary(changes),
    )


@post("/grids/{grid_id:uuid}/publication", opt=STAFF)
async def grid_publication(request: AnyRequest, grid_id: FromPath[UUID]) -> Response[Any]:
    """Freeze a draft: it becomes the grid in force."""

    async def act(form: VersionForm) -> str:
        await publish_grid_draft(grid_id, form.version, by=request.user, at=now())
        return f"/grids/{grid_id}"

    notice = _("Cette grille est publiée. Les prochains appels la proposent.")
    return await submit(request, VersionForm, act, _again(request, grid_id), notice=notice)


@post("/grids/{grid_id:uuid}/discard", opt=STAFF)
async def grid_discard(request: AnyRequest, grid_id: FromPath[UUID]) -> Response[Any]:
    """Throw a draft away."""
    grid = await built_grid(request.user, grid_id)

    async def act(form: VersionForm) -> str:
        await discard_grid(grid_id, form.version, by=request.user, at=now())
        return f"/programmes/{grid.programme_code}/forms"

    return await submit(request, VersionForm, act, _again(request, grid_id), notice=_("Le brouillon est jeté."))


HANDLERS: list[Any] = [
    grid_page,
    edit_grid,
    new_block_page,
    new_block,
    block_page,
    edit_block,
    new_criterion_page,
    new_criterion,
    criterion_page,
    edit_criterion,
    grid_removal,
    grid_publication_page,
    grid_publication,
    grid_discard,
]
