"""Accounts: a manager, coaches, twelve members in three colleges, applicants, and one depositor a project."""

from __future__ import annotations

from uuid import UUID

import msgspec

from benchmarks.filling.rows import Filling, copy
from incubator.core.ids import new_id
from incubator.people.tables import Role
from incubator.selection.tables import College

MEMBERS = 12
COACHES = 6
APPLICANTS = 64
PAST_PROJECTS = 40
COLLEGES = (College.FUNDERS, College.ESS, College.ENTREPRENEURS)


class People(msgspec.Struct, frozen=True):
    """Ids of accounts. `applicants` have no project yet; `depositors` have one each, `past` of an earlier call."""

    manager: UUID
    coaches: tuple[UUID, ...]
    members: tuple[UUID, ...]
    applicants: tuple[UUID, ...]
    depositors: tuple[UUID, ...]
    past: tuple[UUID, ...]


async def fill_people(filling: Filling, size: int) -> People:
    """Everyone, with the roles of the staff."""
    groups = {
        "direction": 1,
        "accompagnement": COACHES,
        "membre": MEMBERS,
        "candidature": APPLICANTS,
        "projet": size,
        "ancien": PAST_PROJECTS,
    }
    made = {group: tuple(new_id() for _one in range(count)) for group, count in groups.items()}
    await copy(
        filling.connection,
        "account",
        "id email name password_hash language created_at confirmed_at",
        (
            (one, f"{group}-{number}@banc.example", f"{group.capitalize()} {number}", "", "fr", filling.at, filling.at)
            for group, ids in made.items()
            for number, one in enumerate(ids)
        ),
    )
    held = [(made["direction"][0], Role.MANAGER), *((coach, Role.COACH) for coach in made["accompagnement"])]
    await copy(
        filling.connection,
        "role_assignment",
        "id account role programme created_at",
        ((new_id(), account, role.value, filling.reference.programme, filling.at) for account, role in held),
    )
    return People(
        made["direction"][0], made["accompagnement"], made["membre"], made["candidature"], made["projet"], made["ancien"]
    )
