"""Who changes a project, and how a team may change. No database."""

from __future__ import annotations

import msgspec

from incubator.core.language import _

TEAM_MAX = 12


class MemberFacts(msgspec.Struct, frozen=True):
    """What the rules look at. `is_gone`: has left; `has_account`: can sign in and see the project."""

    is_depositor: bool
    is_gone: bool
    has_account: bool


def why_not_add(members_count: int, *, is_in_team: bool) -> str | None:
    """A team has at most twelve members, each once."""
    if is_in_team:
        return _("Cette personne est déjà dans l’équipe.")
    if members_count >= TEAM_MAX:
        return _("L’équipe compte déjà {count} personnes, c’est le maximum.").format(count=members_count)
    return None


def why_not_leave(member: MemberFacts) -> str | None:
    """The depositor stays until another one is named (R2)."""
    if member.is_gone:
        return _("Cette personne a déjà quitté l’équipe.")
    if member.is_depositor:
        return _("Cette personne dépose pour l’équipe. Désignez d’abord quelqu’un d’autre.")
    return None


def why_not_deposit_for(member: MemberFacts) -> str | None:
    """Why this member may not become the one who deposits (R2): they must be in the team and able to sign in."""
    if member.is_gone:
        return _("Cette personne a quitté l’équipe.")
    if member.is_depositor:
        return _("Cette personne dépose déjà pour l’équipe.")
    if not member.has_account:
        return _("Cette personne n’a pas encore de compte confirmé à l’adresse indiquée. Elle doit d’abord en créer un.")
    return None
