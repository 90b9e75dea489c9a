"""A programme for programs."""

from __future__ import annotations

from litestar import get
from litestar.params import FromPath

from incubator.core.policy import PUBLIC
from incubator.programmes.queries import ProgrammeView, programme_view


@get("/api/v1/programmes/{code:str}", opt=PUBLIC, summary="A programme", tags=["programmes"], operation_id="readProgramme")
async def programme(code: FromPath[str]) -> ProgrammeView:
    """The strategy with its axes and propositions, the axis this programme carries out, its plan in force with phases and
    milestones, and the published versions of the plan."""
    return await programme_view(code)


HANDLERS = [programme]
