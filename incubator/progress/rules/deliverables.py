"""What may be done to a deliverable, by whom, and when."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from incubator.coaching.rules import Standing
from incubator.cohorts.rules import Moves
from incubator.core.errors import Invalid
from incubator.core.language import N_, _
from incubator.progress.rules.facts import GOING_ON, EnrolmentFacts, MilestoneFacts

MOVES: Moves = {
    "start": (("to_do", "in_progress", "sent_back"), "in_progress"),
    "submit": (("to_do", "in_progress", "sent_back"), "submitted"),
    "send_back": (("submitted",), "sent_back"),
    "validate": (("submitted",), "valid"),
    "ask_waiver": (("to_do", "in_progress", "sent_back"), "waiver_asked"),
    "confirm_waiver": (("waiver_asked",), "waived"),
    "refuse_waiver": (("waiver_asked",), "sent_back"),
}
STATES = {
    "to_do": N_("À faire"),
    "in_progress": N_("En cours"),
    "submitted": N_("Remis, à relire"),
    "sent_back": N_("À reprendre"),
    "valid": N_("Validé"),
    "waiver_asked": N_("Sans objet, à confirmer"),
    "waived": N_("Sans objet"),
}
TEAM_VERBS = ("start", "submit")
COACH_VERBS = ("send_back", "validate")


def why_never(verb: str, standing: Standing) -> str | None:
    """Who may do this at all: the team hands in, its coach reviews, a manager may answer a waiver; nobody of the team judges."""
    if verb in TEAM_VERBS and not standing.writes:
        return _("L’équipe du projet remet ses livrables.")
    if verb in (*COACH_VERBS, "confirm_waiver", "refuse_waiver") and standing.is_team:
        return _("Vous êtes dans l’équipe de ce projet : une autre personne du programme répond.")
    if verb in COACH_VERBS and not standing.is_coach:
        return _("La personne qui accompagne le projet relit ses livrables.")
    if verb == "ask_waiver" and not (standing.writes or standing.is_coach):
        return _("L’équipe, ou qui l’accompagne, demande à se passer d’un livrable.")
    if verb in ("confirm_waiver", "refuse_waiver") and not (standing.is_coach or standing.is_manager):
        return _("La personne qui accompagne le projet, ou la direction du programme, répond à cette demande.")
    return None


def why_not(verb: str, milestone: MilestoneFacts, enrolment: EnrolmentFacts, person: UUID) -> str | None:
    """Why a verb does not depart from the state a deliverable is in, or from where the path is."""
    if reason := _why_not_now(enrolment):
        return reason
    departures, _arrival = MOVES[verb]
    if milestone.state not in departures:
        return _state_says(milestone)
    if verb in ("confirm_waiver", "refuse_waiver") and milestone.waiver_asked_by == person:
        return _("Vous avez fait cette demande : une autre personne y répond.")
    return None


def _why_not_now(enrolment: EnrolmentFacts) -> str | None:
    if enrolment.state in GOING_ON:
        return None
    return {
        "to_start": _("La phase commence quand la convention est signée par les deux parties."),
        "suspended": _("Le parcours est suspendu. Il reprend avec la personne qui l’accompagne."),
    }.get(enrolment.state, _("Cette phase est terminée."))


def _state_says(milestone: MilestoneFacts) -> str:
    who = milestone.reviewed_by or ""
    return {
        "to_do": _("Ce livrable n’est pas encore remis."),
        "in_progress": _("Ce livrable n’est pas encore remis."),
        "submitted": _("Ce livrable est remis : il attend d’être relu."),
        "sent_back": _("Ce livrable est à reprendre par l’équipe ({who} l’a relu).").format(who=who),
        "valid": _("Ce livrable est déjà validé par {who}.").format(who=who),
        "waiver_asked": _("Ce livrable est dit sans objet : une autre personne doit d’abord le confirmer."),
        "waived": _("Ce livrable est sans objet, confirmé par {who}.").format(who=who),
    }[milestone.state]


def check_content(content: str, link: str, *, finished: bool) -> None:
    """A link leads to an https page; what is handed in says something. Raises `Invalid`."""
    if link:
        try:
            parts = urlsplit(link)
            sound = parts.scheme == "https" and "." in (parts.hostname or "") and not set(' <>"') & set(link)
        except ValueError:
            sound = False
        if not sound:
            raise Invalid({"link": _("Donnez une adresse complète qui commence par https://")})
    if finished and not (content or link):
        raise Invalid({"content": _("Écrivez quelques lignes ou donnez un lien avant de remettre.")})


def check_comment(verb: str, comment: str) -> None:
    """What is sent back or refused says why. Raises `Invalid`."""
    if verb in ("send_back", "refuse_waiver") and not comment:
        raise Invalid({"comment": _("Dites à l’équipe ce qui est à reprendre.")})
