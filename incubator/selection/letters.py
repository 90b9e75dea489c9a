"""The mails of the room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from incubator.mail.actions import post
from incubator.mail.letters import LetterText, write
from incubator.selection.queries.decisions import PublishedDecision, TeamMate


async def tell_teams(decisions: Sequence[PublishedDecision], mates: Sequence[TeamMate], *, at: datetime) -> int:
    """One mail to each member with an account of each team: the decision, its reasons, what comes next; how many."""
    of_project = {decision.project: decision for decision in decisions}
    told = 0
    for mate in mates:
        decision = of_project.get(mate.project)
        if decision is None:
            continue
        letter = _letter(decision, mate)
        path = f"/applications/{decision.application}/decision"
        await post(
            letter, kind="selection.decision", about=decision.id, to_email=mate.email, to_account=mate.account, path=path, at=at
        )
        told += 1
    return told


def _letter(decision: PublishedDecision, mate: TeamMate) -> LetterText:
    return write(
        "selection/letters/decision.txt",
        mate.language,
        name=mate.name,
        project=decision.project_name,
        outcome=decision.outcome,
        phase=decision.phase_name or "",
        rank=decision.waiting_rank,
        conditions=decision.conditions,
        orientation=decision.orientation,
        strengths=_told(decision, is_strength=True),
        weaknesses=_told(decision, is_strength=False),
        contact=decision.contact_email,
    )


def _told(decision: PublishedDecision, *, is_strength: bool) -> str:
    return "\n".join(f"– {one.label} : {one.text}" for one in decision.reasons if one.is_strength == is_strength)
