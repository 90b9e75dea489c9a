"""The mails of the room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.selection.queries.decisions import PublishedDecision, TeamMate


async def tell_teams(decisions: Sequence[PublishedDecision], mates: Sequence[TeamMate], *, site: str, at: datetime) -> int:
    """One mail to each member with an account of each team: the decision, its reasons, what comes next; how many."""
    of_project = {decision.project: decision for decision in decisions}
    told = 0
    for mate in mates:
        decision = of_project.get(mate.project)
        if decision is None:
            continue
        letter = write(
            "selection/letters/decision.txt", mate.language, name=mate.name, project=decision.project_name, decision=decision,
            link=f"{site}/applications/{decision.application}/decision",
        )  # fmt: skip
        await post(letter, kind="selection.decision", about=decision.id, to_email=mate.email, to_account=mate.account, at=at)
        told += 1
    return told
