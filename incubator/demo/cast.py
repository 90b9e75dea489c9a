"""The people of the story. None of them exists; every address ends in `.example`, which no mail reaches."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

from incubator.core.database import execute
from incubator.core.text import search_form
from incubator.people.actions import confirm_address, give_role, invite, make_link, sign_up
from incubator.people.forms import SignUpForm
from incubator.people.queries import Person, person, person_by_email
from incubator.people.secrets import hash_password
from incubator.people.tables import Purpose, Role
from incubator.programmes.queries import ProgrammeFacts
from incubator.selection.tables import College

PASSWORD = "cinq ponts sur la Loire"  # noqa: S105 - everybody's, in the demo alone
HOUSE = "alterincub.example"


class Staff(msgspec.Struct, frozen=True):
    """Those who run the programme."""

    manager: Person
    instructor: Person
    coach: Person

    def coach_of(self, key: str) -> Person:
        """Who follows a project: each coach has half of them."""
        return self.coach if key in COACHED_BY_THIBAULT else self.instructor


COACHED_BY_THIBAULT = {"bricole", "sologne", "abri", "argile", "aines", "ondes", "croc"}

# Name, house, college.
MEMBERS: tuple[tuple[str, str, College], ...] = (
    ("Catherine Valadier", "region-centre.example", College.FUNDERS),
    ("Hugues Prévotat", "orleans-metropole.example", College.FUNDERS),
    ("Stéphanie Ollivry", "tours-metropole.example", College.FUNDERS),
    ("Driss El Amrani", "banque-publique.example", College.FUNDERS),
    ("Paul-Henri Lasserre", "urscop.example", College.ESS),
    ("Maud Quintin", "cress.example", College.ESS),
    ("Ghislain Tournebise", "finance-solidaire.example", College.ESS),
    ("Awa Diarra-Simon", "dla.example", College.ESS),
    ("Florent Bazire", "anciens.example", College.ENTREPRENEURS),
    ("Marguerite Lhomond", "anciens.example", College.ENTREPRENEURS),
    ("Jocelyn Patureau", "scop-du-val.example", College.ENTREPRENEURS),
    ("Inès Carpentras", "tiers-lieux.example", College.ENTREPRENEURS),
)


def address(name: str, house: str) -> str:
    """prenom.nom@maison"""
    return f"{slug(name, '.')}@{house}"


def slug(text: str, between: str = "-") -> str:
    """Letters and digits without accents, joined."""
    return re.sub(r"[^a-z0-9]+", between, search_form(text)).strip(between)


async def hire(programme: ProgrammeFacts, at: datetime) -> Staff:
    """A manager, an instructor who also coaches, a coach."""
    manager = await _hired("Nadège Belkacem", [Role.MANAGER], programme, None, at)
    instructor = await _hired("Judith Marchand", [Role.INSTRUCTOR, Role.COACH], programme, manager, at)
    coach = await _hired("Thibault Ferrand", [Role.COACH], programme, manager, at)
    return Staff(manager, instructor, coach)


async def _hired(name: str, roles: list[Role], programme: ProgrammeFacts, by: Person | None, at: datetime) -> Person:
    account = await invite(address(name, HOUSE), name, by=by, at=at)
    for role in roles:
        await give_role(account, role, programme.id, by=by, at=at)
    return await person(account)


async def meet(name: str, house: str, at: datetime) -> Person:
    """Someone signs up, opens the mail a few minutes later and confirms."""
    email = address(name, house)
    known = await person_by_email(email)
    if known is not None:
        return known
    made = await sign_up(SignUpForm(name=name, email=email), language="fr", address=house, at=at)
    _link, secret = await make_link(made.account, email, Purpose.CONFIRM, lasts=timedelta(days=3), at=at)
    return (await confirm_address(secret, at=at + timedelta(minutes=4))).person


async def let_everyone_in() -> None:
    """One password for those who were invited: in the story they never open their mail."""
    password_hash = await hash_password(PASSWORD)
    await execute(
        "UPDATE account SET password_hash = $1, confirmed_at = COALESCE(confirmed_at, created_at) WHERE password_hash = ''"
        " AND disabled_at IS NULL",
        password_hash,
    )
