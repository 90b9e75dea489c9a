"""When a member of the team agrees to the deposit, and how often they may be reminded (R2). No database."""

from __future__ import annotations

from datetime import datetime, timedelta

from incubator.applications.rules.moves import DRAFT, WITHDRAWN, ApplicationFacts, why_not_write
from incubator.core.language import _

REMINDER_EVERY = timedelta(days=1)


def why_not_confirm(facts: ApplicationFacts, at: datetime) -> str | None:
    """One agrees to what is still to be deposited."""
    if facts.state is WITHDRAWN:
        return _("Cette candidature est retirée.")
    if facts.state is not DRAFT:
        return _("Cette candidature est déjà déposée.")
    return why_not_write(facts, at)


def why_not_remind(facts: ApplicationFacts, reminded_at: datetime | None, at: datetime) -> str | None:
    """Once a day, those who have not answered."""
    if reason := why_not_confirm(facts, at):
        return reason
    if not facts.unconfirmed:
        return _("Toute l’équipe a confirmé.")
    if reminded_at is not None and at < reminded_at + REMINDER_EVERY:
        return _("Un rappel est parti il y a moins d’un jour. Vous pourrez en envoyer un autre demain.")
    return None
