"""What comes next for someone whom nothing awaits, in one sentence a project."""

from __future__ import annotations

from datetime import datetime

from incubator.applications.rules.standing import Stand, Standing, standing
from incubator.core.clock import local_date
from incubator.core.language import _
from incubator.core.words import date_words
from incubator.home.rules.calendar import ends_on, milestone_due
from incubator.home.rules.facts import Candidacy, EnrolmentFacts, ThreadFacts, Verdict


def comes_next(facts: ThreadFacts, at: datetime) -> str:
    """What happens next to a project, said to its team; empty when nothing does."""
    if facts.current is not None:
        return _on_the_path(facts, facts.current, at)
    if facts.enrolments:
        return ""
    if facts.verdict is not None:
        return _after_decision(facts.verdict, facts)
    if facts.application is not None:
        return _before_decision(facts.application, at)
    return ""


def _on_the_path(facts: ThreadFacts, enrolment: EnrolmentFacts, at: datetime) -> str:
    today = local_date(at)
    if enrolment.state == "to_start":
        return _("La convention est en cours de signature. Le parcours commence le {day}.").format(
            day=date_words(enrolment.starts_on)
        )
    if enrolment.state == "suspended":
        return _("Le parcours est suspendu : le temps est arrêté jusqu’à la reprise.")
    if enrolment.state == "in_review":
        return _("Le passage à la phase suivante est en revue. La décision vous sera écrite.")
    submitted = [one for one in enrolment.milestones if one.state == "submitted"]
    if submitted:
        return _("« {label} » est remis : votre accompagnateur ou accompagnatrice le relit.").format(label=submitted[0].name)
    awaited = [milestone_due(enrolment, one, today) for one in enrolment.milestones if one.is_awaited]
    if awaited:
        return _("Le prochain jalon est attendu le {day}.").format(day=date_words(min(awaited)))
    return _("La phase s’achève le {day}.").format(day=date_words(ends_on(enrolment, today)))


def _after_decision(verdict: Verdict, facts: ThreadFacts) -> str:
    place = facts.seating.state if facts.seating else None
    if verdict.outcome == "retained" and place is None:
        return _("Votre projet est retenu. Dès que la promotion est créée, un courriel vous invite à répondre.")
    if verdict.outcome == "waiting_list" and place is None:
        return _("Votre projet est sur liste d’attente, au rang {rank}. Si une place se libère, elle vous est proposée.").format(
            rank=verdict.waiting_rank
        )
    return ""


def _before_decision(application: Candidacy, at: datetime) -> str:
    if application.state not in ("complement_requested", "deposited", "admissible"):
        return ""
    told = standing(stand_of(application), at)
    return f"{told.said} {told.next}"


def standing_of(facts: ThreadFacts, at: datetime) -> Standing | None:
    """Where the application of a project stands, until its decision is out."""
    if facts.application is None or facts.verdict is not None or facts.enrolments:
        return None
    return standing(stand_of(facts.application), at)


def stand_of(application: Candidacy) -> Stand:
    """What tells where an application stands."""
    return Stand(
        state=application.state,
        closes_at=application.closes_at,
        writes_until=application.writes_until,
        notify_on=application.notify_on,
        complement_due_at=application.complement_due_at,
        deposits_count=application.deposits_count,
        is_presented=application.is_presented,
    )
