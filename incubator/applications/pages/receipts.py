"""Receipts: on screen, as PDF, and checked by whoever holds one (R4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from incubator.applications import queries
from incubator.applications.pdf import dossier_paper, receipt_paper
from incubator.applications.queries.committee import content_as_filed, draft_for_committee
from incubator.applications.queries.dossiers import receipts_for
from incubator.applications.queries.receipts import verified
from incubator.applications.rules.standing import stand_of, standing
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.pages import filled, page, settings_of
from incubator.core.policy import PUBLIC, SIGNED_IN
from incubator.core.typesetting import typeset

AnyRequest = Request[Any, Any, Any]


@get("/applications/{application_id:uuid}/receipt", opt=SIGNED_IN)
async def receipt(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """The receipts: number, instant, hash; for the team."""
    facts = (await queries.dossier_for(request.user, application_id)).facts
    receipts = await queries.receipts_of(application_id) if facts.is_mine else []
    if not receipts:
        raise NotFound
    return page(
        request, "applications/receipt.html", facts=facts, project_id=facts.project, receipts=receipts,
        standing=standing(stand_of(facts), now()),
    )  # fmt: skip


@get("/applications/{application_id:uuid}/receipt.pdf", opt=SIGNED_IN)
async def receipt_pdf(request: AnyRequest, application_id: FromPath[UUID]) -> Response[bytes]:
    """The same as a PDF, the same bytes each time."""
    dossier = await queries.dossier_for(request.user, application_id)
    facts, receipts = dossier.facts, await receipts_for(request.user, dossier)
    if not receipts:
        raise NotFound
    paper = receipt_paper(facts, receipts, settings_of(request).public_url)
    return _pdf(await typeset("applications/receipt", paper), f"recu-{receipts[0].number}.pdf")


@get("/applications/{application_id:uuid}/dossier.pdf", opt=SIGNED_IN)
async def dossier_pdf(request: AnyRequest, application_id: FromPath[UUID]) -> Response[bytes]:
    """The whole file as the committee reads it: what was deposited last; for the team, before that, as it stands."""
    dossier = await queries.dossier_for(request.user, application_id)
    facts = dossier.facts
    read = await content_as_filed(application_id) if facts.number else await draft_for_committee(dossier)
    paper = dossier_paper(read, facts, facts.deposited_at or now())
    return _pdf(await typeset("applications/dossier", paper), f"dossier-{facts.number or facts.call_code}.pdf")


def _pdf(content: bytes, name: str) -> Response[bytes]:
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": disposition})


@get("/receipts", opt=PUBLIC)
async def verify(request: AnyRequest, number: FromQuery[str] = "", content_hash: FromQuery[str] = "") -> Response[Any]:
    """Whether a number and a hash go together; nothing else is told, to anyone."""
    asked = bool(number.strip() and content_hash.strip())
    found = await verified(number[:100], content_hash[:200]) if asked else None
    values = filled(number=number[:100], content_hash=content_hash[:200])
    return page(request, "applications/verify.html", found=found, values=values, errors={})


HANDLERS: list[Any] = [receipt, receipt_pdf, dossier_pdf, verify]
