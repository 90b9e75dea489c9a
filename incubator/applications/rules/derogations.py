"""When a draft of a closed call may still be let in (domain, 5.3). No database."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from incubator.applications.rules.moves import DRAFT, WITHDRAWN
from incubator.applications.tables import ApplicationState
from incubator.core.language import _
from incubator.core.words import instant_words

LONGEST = timedelta(days=60)


class LateDraft(msgspec.Struct, frozen=True):
    """A draft in the eyes of the manager: what tells whose it is, nothing of what it says.

    `is_sitting`: applications of its call are before the committee. `is_mine`: the manager is of its team.
    """

    id: UUID
    project: UUID
    project_name: str
    programme: UUID
    call: UUID
    call_code: str
    call_title: str
    state: ApplicationState
    closes_at: datetime
    reason: str | None
    until_at: datetime | None
    is_sitting: bool
    is_mine: bool


def why_not_derogate(draft: LateDraft, at: datetime) -> str | None:
    """The call is closed, the draft was not deposited, and the committee has not begun to read."""
    if draft.state is WITHDRAWN:
        return _("Cette candidature est retirée.")
    if draft.state is not DRAFT:
        return _("Cette candidature est déjà déposée.")
    if at < draft.closes_at:
        return _("L’appel est encore ouvert : l’équipe peut déposer jusqu’au {closing}.").format(
            closing=instant_words(draft.closes_at)
        )
    if draft.is_sitting:
        return _("Le comité lit déjà les dossiers de cet appel : aucun ne s’y ajoute hors délai.")
    if draft.until_at is not None and at < draft.until_at:
        return _("Un délai court déjà jusqu’au {until}.").format(until=instant_words(draft.until_at))
    return None


def check_until(until_at: datetime, at: datetime) -> dict[str, str]:
    """What is wrong with the deadline given, or nothing."""
    if not at < until_at <= at + LONGEST:
        return {"until_at": _("Choisissez un moment à venir, au plus tard le {last}.").format(last=instant_words(at + LONGEST))}
    return {}
