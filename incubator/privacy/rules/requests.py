"""When a person may be erased, and the words of requests."""

from __future__ import annotations

import msgspec

from incubator.core.language import N_, _

KIND_WORDS = {
    "access": N_("Avoir accès à mes données"),
    "rectification": N_("Faire corriger mes données"),
    "erasure": N_("Faire effacer mes données"),
    "limitation": N_("Limiter l’usage de mes données"),
    "objection": N_("M’opposer à un usage de mes données"),
}
STATE_WORDS = {"open": N_("En cours"), "done": N_("Acceptée"), "refused": N_("Refusée")}


class Ties(msgspec.Struct, frozen=True):
    """What still needs this person: each is a legal or practical reason not to erase yet."""

    is_held: bool
    is_staff: bool
    has_seat: bool
    has_open_path: bool
    is_examined: bool
    is_last_depositor: bool


def why_not_erase(ties: Ties) -> str | None:
    """Why this person may not be erased now, or None (R56: refused only for a stated reason)."""
    reasons = (
        (ties.is_held, N_("Une retenue (contrôle, litige) interdit l’effacement. Elle dit son motif.")),
        (ties.is_staff, N_("Cette personne a un rôle dans un programme. Retirez-le d’abord.")),
        (ties.has_seat, N_("Cette personne siège dans un comité dont les décisions ne sont pas publiées.")),
        (ties.has_open_path, N_("Un de ses projets suit un parcours. Terminez-le d’abord.")),
        (ties.is_examined, N_("Une de ses candidatures est à l’examen. Elle doit d’abord être décidée ou retirée.")),
        (ties.is_last_depositor, N_("Cette personne dépose pour une équipe. L’équipe doit d’abord désigner quelqu’un d’autre.")),
    )
    return next((_(words) for is_so, words in reasons if is_so), None)
