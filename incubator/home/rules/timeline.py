"""What the journal tells of a project, to whom: an allow-list. An entry that is not listed is never shown.

No sentence carries what someone wrote: reasons, comments and notes stay where their readers may open them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from incubator.coaching.rules import KINDS as SESSION_KINDS
from incubator.coaching.tables import SessionKind
from incubator.core.language import N_, _, ngettext
from incubator.core.words import date_words, instant_words, minutes_words
from incubator.home.rules.facts import Viewer
from incubator.selection.rules.decisions import OUTCOMES


class Audience(StrEnum):
    """Who reads an entry.

    `everyone`: the team and all the staff; `followers`: the team, the programme's coaches and its manager; `coaches`: the
    same without the team; `manager`: the manager, unless of the team or with a declared interest (R10).
    """

    EVERYONE = "everyone"
    STAFF = "staff"
    FOLLOWERS = "followers"
    COACHES = "coaches"
    MANAGER = "manager"


class Logged(msgspec.Struct, frozen=True):
    """A journal entry of a project with the few facts its sentence needs; `other_name`: who joined, left, or coaches.

    `due_at`: until when the team may send what is asked for, or what it is allowed to.
    """

    number: int
    verb: str
    on: date
    subject: UUID
    by_name: str | None
    other_name: str | None
    enrolment: UUID | None
    milestone: UUID | None
    milestone_name: str | None
    phase_name: str | None
    session_kind: str | None
    session_minutes: int | None
    outcome: str | None
    until: str | None
    side: str | None
    months: int | None
    due_at: datetime | None = None


class Entry(msgspec.Struct, frozen=True):
    """A line of a project's timeline. `on` is the day of the fact; `kind` is how it is drawn."""

    on: date
    title: str
    detail: str
    kind: str
    href: str | None


class Told(msgspec.Struct, frozen=True):
    """How a verb is told: sentence, audience, drawing, link, and whether its author is named."""

    title: str
    audience: Audience = Audience.EVERYONE
    kind: str = "milestone"
    href: str | None = None
    names_author: bool = False


_APPLICATION = "/applications/{subject}"
_DECISION = "/applications/{subject}/decision"
_PLACE = "/projects/{project}/place"
_AGREEMENT = "/projects/{project}/agreement"
_PATH = "/projects/{project}/path"
_SESSIONS = "/projects/{project}/sessions"
_MILESTONE = "/enrolments/{enrolment}/milestones/{milestone}"
_FOLLOWED = frozenset({_PATH, _SESSIONS, _MILESTONE})
_EXAMINED = frozenset({_APPLICATION, _DECISION})

VERBS: Mapping[str, Told] = {
    "project.created": Told(N_("Premier contact : le projet est créé"), kind="contact", names_author=True),
    "member.joined": Told(N_("L’équipe s’agrandit"), kind="mail", href="/projects/{project}/team"),
    "member.left": Told(N_("Un membre quitte l’équipe"), kind="mail", href="/projects/{project}/team"),
    "application.started": Told(N_("Candidature commencée"), href=_APPLICATION, names_author=True),
    "application.rebased": Told(N_("Dossier passé au nouveau formulaire"), kind="mail", href=_APPLICATION),
    "derogation.given": Told(N_("Délai accordé après la clôture"), kind="mail", href=_APPLICATION),
    "application.deposited": Told(N_("Candidature déposée"), href=_APPLICATION, names_author=True),
    "complement.requested": Told(N_("Complément demandé"), kind="mail", href=_APPLICATION),
    "complement.answered": Told(N_("Complément envoyé"), href=_APPLICATION, names_author=True),
    "application.admissible": Told(N_("Dossier recevable"), href=_APPLICATION),
    "application.inadmissible": Told(N_("Dossier non recevable"), kind="stopped", href=_APPLICATION),
    "application.withdrawn": Told(N_("Candidature retirée"), kind="stopped", href=_APPLICATION),
    "application.presented": Told(N_("Dossier présenté au comité"), Audience.STAFF),
    "decision.recorded": Told(N_("Décision enregistrée"), Audience.MANAGER, "mail", _DECISION),
    "decision.published": Told(N_("Décision rendue"), kind="decision", href=_DECISION),
    "place.offered": Told(N_("Place proposée"), kind="decision", href=_PLACE),
    "place.accepted": Told(N_("Place acceptée"), href=_PLACE, names_author=True),
    "place.declined": Told(N_("Place rendue"), kind="stopped", href=_PLACE),
    "agreement.drawn_up": Told(N_("Convention établie"), kind="mail", href=_AGREEMENT),
    "agreement.signed": Told(N_("Convention signée"), href=_AGREEMENT, names_author=True),
    "enrolment.started": Told(N_("Entrée dans le parcours"), kind="decision", href=_PATH),
    "coach.assigned": Told(N_("Une personne est désignée pour accompagner le projet"), kind="mail"),
    "coach.ended": Told(N_("Une personne n’accompagne plus le projet"), Audience.COACHES, "mail"),
    "session.logged": Told(N_("Séance d’accompagnement"), Audience.FOLLOWERS, kind="session", href=_SESSIONS, names_author=True),
    "session.corrected": Told(N_("Séance corrigée"), Audience.COACHES, "session", _SESSIONS, True),
    "deliverable.submitted": Told(N_("Livrable remis"), Audience.FOLLOWERS, href=_MILESTONE, names_author=True),
    "deliverable.validated": Told(N_("Livrable validé"), Audience.FOLLOWERS, href=_MILESTONE, names_author=True),
    "deliverable.sent_back": Told(
        N_("Livrable à reprendre"), Audience.FOLLOWERS, kind="mail", href=_MILESTONE, names_author=True
    ),
    "deliverable.waived": Told(N_("Livrable sans objet"), Audience.FOLLOWERS, href=_MILESTONE),
    "enrolment.suspended": Told(N_("Parcours suspendu : le temps est arrêté"), kind="stopped", href=_PATH),
    "enrolment.resumed": Told(N_("Parcours repris"), href=_PATH),
    "diagnosis.made": Told(N_("Diagnostic fait"), Audience.FOLLOWERS, kind="mail", href=_PATH, names_author=True),
    "opinion.given": Told(N_("Avis donné sur le passage"), Audience.COACHES, "mail"),
    "enrolment.prolonged": Told(N_("Phase prolongée"), kind="decision", href=_PATH),
    "gate.passed": Told(N_("Phase validée"), kind="decision", href=_PATH),
    "gate.redirected": Told(N_("Projet réorienté"), kind="stopped", href=_PATH),
    "gate.stopped": Told(N_("Parcours arrêté"), kind="stopped", href=_PATH),
}


def verbs_for(viewer: Viewer) -> list[str]:
    """The verbs someone reads on a project's timeline."""
    shown = {Audience.EVERYONE}
    if viewer.is_staff:
        shown.add(Audience.STAFF)
    if viewer.follows:
        shown.add(Audience.FOLLOWERS)
    if viewer.follows and viewer.is_staff:
        shown.add(Audience.COACHES)
    if viewer.manages and not (viewer.has_interest or viewer.is_team):
        shown.add(Audience.MANAGER)
    return [verb for verb, told in VERBS.items() if told.audience in shown]


def told(entry: Logged, project: UUID, viewer: Viewer) -> Entry:
    """An entry in words."""
    words = VERBS[entry.verb]
    detail = _DETAILS[entry.verb](entry) if entry.verb in _DETAILS else ""
    parts = [detail, entry.by_name if words.names_author and entry.by_name else ""]
    href = _link(words.href, entry, project, viewer)
    return Entry(entry.on, _(words.title), " · ".join(part for part in parts if part), words.kind, href)


def _link(href: str | None, entry: Logged, project: UUID, viewer: Viewer) -> str | None:
    """The address, when this viewer may open what stands there."""
    if href == _MILESTONE and (entry.enrolment is None or entry.milestone is None):
        href = _PATH
    if href is None or (href in _FOLLOWED and not viewer.follows) or (href in _EXAMINED and viewer.has_interest):
        return None
    if href == _APPLICATION and not (viewer.is_team or viewer.handles):
        return None
    return href.format(subject=entry.subject, project=project, enrolment=entry.enrolment, milestone=entry.milestone)


def _outcome(entry: Logged) -> str:
    phase = entry.phase_name if entry.outcome == "retained" else None
    return " · ".join(part for part in (_(OUTCOMES.get(entry.outcome or "", "")) if entry.outcome else "", phase or "") if part)


def _until(entry: Logged) -> str:
    return (
        _("réponse attendue au plus tard le {day}").format(day=date_words(date.fromisoformat(entry.until[:10])))
        if entry.until
        else ""
    )


def _due(entry: Logged) -> str:
    """A day and an hour: whoever is late by a minute can read it here (B25)."""
    if entry.due_at is None:
        return ""
    return _("à envoyer au plus tard le {due}, heure de Paris").format(due=instant_words(entry.due_at))


def _session(entry: Logged) -> str:
    if entry.session_kind is None or entry.session_minutes is None:
        return ""
    return f"{_(SESSION_KINDS[SessionKind(entry.session_kind)])} · {minutes_words(entry.session_minutes)}"


def _side(entry: Logged) -> str:
    return {"project": _("par l’équipe"), "programme": _("par le programme")}.get(entry.side or "", "")


def _other(entry: Logged) -> str:
    return entry.other_name or ""


def _milestone(entry: Logged) -> str:
    return entry.milestone_name or ""


def _phase(entry: Logged) -> str:
    return entry.phase_name or ""


def _months(entry: Logged) -> str:
    return ngettext("de {n} mois", "de {n} mois", entry.months).format(n=entry.months) if entry.months else ""


_DETAILS: Mapping[str, Callable[[Logged], str]] = {
    "member.joined": _other,
    "member.left": _other,
    "coach.assigned": _other,
    "coach.ended": _other,
    "decision.recorded": _outcome,
    "decision.published": _outcome,
    "place.offered": _until,
    "complement.requested": _due,
    "derogation.given": _due,
    "place.accepted": _phase,
    "agreement.signed": _side,
    "enrolment.started": _phase,
    "session.logged": _session,
    "session.corrected": _session,
    "deliverable.submitted": _milestone,
    "deliverable.validated": _milestone,
    "deliverable.sent_back": _milestone,
    "deliverable.waived": _milestone,
    "enrolment.prolonged": _months,
    "gate.passed": _phase,
}
