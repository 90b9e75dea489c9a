"""The pages about a project, each only for who may open it."""

from __future__ import annotations

import msgspec

from incubator.core.language import _
from incubator.home.rules.facts import ThreadFacts, Viewer


class Part(msgspec.Struct, frozen=True):
    """A page about the project."""

    label: str
    href: str


def parts_of(facts: ThreadFacts, viewer: Viewer) -> list[Part]:
    """The pages of a project this viewer may open, in the order of its life."""
    project = f"/projects/{facts.project}"
    return [
        *_candidacy(facts, viewer),
        *([Part(_("La place dans la promotion"), f"{project}/place")] if _has_place(facts) else []),
        *([Part(_("La convention"), f"{project}/agreement")] if facts.enrolments else []),
        *_path(facts, viewer, project),
        Part(_("L’équipe"), f"{project}/team"),
        *([Part(_("Changer le nom, le résumé ou la commune"), f"{project}/edit")] if _may_edit(viewer) else []),
    ]


def _may_edit(viewer: Viewer) -> bool:
    return viewer.writes or (viewer.manages and not viewer.has_interest)


def _candidacy(facts: ThreadFacts, viewer: Viewer) -> list[Part]:
    application = facts.application
    if application is None or viewer.has_interest or not (viewer.is_team or application.state != "draft"):
        return []
    found = []
    if viewer.is_team or viewer.handles:
        found.append(Part(_("Le dossier de candidature"), f"/applications/{application.id}"))
    if facts.verdict is not None:
        found.append(Part(_("La décision"), f"/applications/{application.id}/decision"))
    elif viewer.manages and application.is_presented:
        found.append(Part(_("Les évaluations"), f"/applications/{application.id}/assessments"))
        found.append(Part(_("La décision à enregistrer"), f"/applications/{application.id}/decision"))
    return found


def _has_place(facts: ThreadFacts) -> bool:
    return facts.verdict is not None and facts.verdict.outcome in ("retained", "waiting_list")


def _path(facts: ThreadFacts, viewer: Viewer, project: str) -> list[Part]:
    if not facts.enrolments or not viewer.follows:
        return []
    found = [
        Part(_("Le parcours : phases et jalons"), f"{project}/path"),
        Part(_("Les séances d’accompagnement"), f"{project}/sessions"),
    ]
    if viewer.is_staff:
        found.append(Part(_("Qui accompagne le projet"), f"{project}/coaches"))
    return found
