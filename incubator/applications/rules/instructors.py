"""Who may handle an application. No database."""

from __future__ import annotations

from uuid import UUID

import msgspec

from incubator.core.language import _


class Instructing(msgspec.Struct, frozen=True):
    """Who handles it now, who asks, and what ties the one chosen to the project or to its committee."""

    instructor: UUID | None
    asker: UUID
    is_manager: bool
    is_team: bool
    has_scored: bool
    has_interest: bool


def why_not_assign(asked: Instructing, chosen: UUID | None) -> str | None:
    """The manager chooses; an instructor takes what is nobody's and gives up their own (R13: who scored does not handle)."""
    if chosen == asked.instructor:
        return _("C’est déjà le cas.")
    if not asked.is_manager and (chosen not in (None, asked.asker) or asked.instructor not in (None, asked.asker)):
        return _("Seul le responsable du programme confie un dossier à quelqu’un d’autre.")
    if asked.is_team:
        return _("Cette personne est dans l’équipe du projet : elle ne peut pas instruire son dossier.")
    if asked.has_interest:
        return _("Cette personne a déclaré un intérêt dans ce dossier : elle ne peut pas l’instruire.")
    if asked.has_scored:
        return _("Cette personne a noté ce dossier au comité : elle ne peut pas l’instruire aussi.")
    return None
