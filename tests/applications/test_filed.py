"""What a deposit keeps of the project, and that deposits made before it was kept hash as they did."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from importlib import import_module
from uuid import UUID

import msgspec

from incubator.applications.actions import answer_complement, request_complement
from incubator.applications.forms import ComplementForm, DepositForm
from incubator.applications.queries import content_for_committee
from incubator.applications.rules.dossier import Content, canonical, content_hash
from incubator.applications.rules.filed import FiledCard, FiledDocument, FiledMember
from incubator.core.database import column, execute, rows
from tests.world.applications import a_deposited_application, a_draft_application, write
from tests.world.calls import a_call
from tests.world.people import an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.projects import TOURS

OPENS = datetime(2026, 1, 5, 8, tzinfo=UTC)


class _Filed(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    commune: str | None


BEFORE = Content({"1.1": "Vélos"}, "AAC-1", 1, UUID(int=1), UUID(int=2), "Repair’Bus", "pre_incubation")
# Written down as deposits were before the project was kept with them.
AS_IT_WAS = (
    '{"answers":{"1.1":"Vélos"},"call":"AAC-1","form":"00000000-0000-0000-0000-000000000001","ordinal":1,'
    '"phase":"pre_incubation","project":"00000000-0000-0000-0000-000000000002","project_name":"Repair’Bus"}'
)


def test_the_hash_of_older_deposits_is_unchanged():
    """R4: their receipts hold for ever."""
    assert canonical(BEFORE).decode() == AS_IT_WAS
    assert content_hash(BEFORE) == hashlib.sha256(AS_IT_WAS.encode()).hexdigest()


def test_everything_kept_is_hashed():
    card = FiledCard("Repair’Bus", "Un atelier", "37261", "Tours", "Tours Métropole", "Indre-et-Loire")
    file = FiledDocument("9.1", UUID(int=3), "cv.pdf", 12, "ab" * 32)
    whole = Content({"1.1": "Vélos"}, card=card, team=(FiledMember("Aïcha", "depositor"),), files=(file,))
    others = [
        Content({"1.1": "Vélos"}, card=card, team=(FiledMember("Aïcha", "depositor"),)),
        Content({"1.1": "Vélos"}, card=card, team=(FiledMember("Basile", "depositor"),), files=(file,)),
        Content({"1.1": "Vélos"}, card=FiledCard("Autre"), team=(FiledMember("Aïcha", "depositor"),), files=(file,)),
    ]
    assert len({content_hash(one) for one in [whole, *others]}) == 4


async def test_what_was_deposited_before_is_named_by_its_latest_deposit(db):
    """The migration fills what lists read, for the deposits that were there."""
    world = await the_programme()
    call = await a_call(world, opens_at=OPENS, closes_at=OPENS + timedelta(days=30))
    application = await a_deposited_application(world, call, name="Repair’Bus")
    draft = await a_draft_application(call, await someone("Brouillon"))
    await execute("UPDATE application SET filed_name = '', filed_commune = NULL")
    await execute("UPDATE project SET name = 'Un autre nom'")
    migration = import_module("piccolo_migrations.incubator_2026_11_26t00_07_00_depositing")
    await execute(migration.FORWARDS.split(";")[0])
    found = await rows(_Filed, "SELECT id, filed_name, filed_commune FROM application ORDER BY filed_name DESC")
    assert found == [_Filed(application, "Repair’Bus", TOURS), _Filed(draft, "", None)]


async def test_a_complement_does_not_change_what_was_kept_of_the_project(db):
    """R6: the rest is frozen, the project and its team among it."""
    world = await the_programme()
    call = await a_call(world, opens_at=OPENS, closes_at=OPENS + timedelta(days=30))
    me = await someone("Aïcha")
    application = await a_deposited_application(world, call, me)
    at = call.closes_at + timedelta(days=1)
    await request_complement(application, ComplementForm("Précisez.", ["3.1"]), by=await an_instructor(world.programme), at=at)
    await execute("UPDATE project SET name = 'Un autre nom', commune = NULL")
    await execute("UPDATE team_member SET name = 'Quelqu’un d’autre'")
    await write(application, {"3.1": "Voici nos sources."}, by=me, at=at)
    await answer_complement(application, DepositForm(), by=me, at=at)
    read = await content_for_committee(application)
    assert (read.number[-2:], read.name, read.commune, read.names) == ("-2", "Repair’Bus", "Tours", ["Aïcha"])
    assert await column("SELECT filed_name FROM application") == ["Repair’Bus"]
    said = [answer.paragraphs for section in read.sections for answer in section.answers if answer.code == "3.1"]
    assert said == [["Voici nos sources."]]
