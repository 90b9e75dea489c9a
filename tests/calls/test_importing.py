"""A call goes out as one file and comes back the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from incubator.calls.actions import import_call, publish_form
from incubator.calls.actions.faq import add_faq_entry
from incubator.calls.files import CallFile, as_json, as_yaml, read_call_file
from incubator.calls.forms import ImportFields
from incubator.calls.public_forms import FaqForm
from incubator.calls.queries import call_by_code
from incubator.calls.queries.files import call_file
from incubator.calls.reference import FILE, reference
from incubator.core.database import value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused
from incubator.people.queries import Person
from tests.world.calls import a_call
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import World, the_programme

pytestmark = pytest.mark.usefixtures("db")

BEFORE = datetime(2025, 11, 20, 9, tzinfo=UTC)
OPENS = datetime(2025, 12, 1, 8, tzinfo=UTC)
CLOSES = datetime(2026, 1, 30, 22, 59, tzinfo=UTC)


def fields(world: World, file: CallFile, code: str) -> ImportFields:
    assert file.call is not None
    dates = {name: getattr(file.call, name) for name in ("opens_at", "closes_at", "notify_on")}
    return ImportFields(programme=world.programme, code=code, **dates)


async def exported(world: World, manager: Person) -> CallFile:
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    for section, question in (("", "Combien ?"), ("S2", "Faut-il être deux ?")):
        await add_faq_entry(call.code, FaqForm(section=section, question=question, answer="Oui.\n\nOui."), by=manager, at=OPENS)
    return await call_file(await call_by_code(call.code))


@pytest.mark.parametrize("write", [as_yaml, as_json])
async def test_exported_imported_exported_is_the_same_bytes(write) -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    file = await exported(world, manager)
    await import_call(read_call_file(write(file)), fields(world, file, "AAC-RETOUR"), by=manager, at=BEFORE)
    back = await call_file(await call_by_code("AAC-RETOUR"))
    assert file.call is not None
    assert back.call is not None
    same_code = msgspec.structs.replace(back, call=msgspec.structs.replace(back.call, code=file.call.code))
    assert write(same_code) == write(file)
    assert len(back.faq) == 2
    counts = [await value(f"SELECT count(*) FROM {table}") for table in ("form_version", "grid", "plan_version")]
    assert counts == [1, 1, 1]
    assert (await call_by_code("AAC-RETOUR")).published_at is None


async def test_a_version_in_the_past_serves_again_and_a_new_one_is_the_next() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    file = await exported(world, manager)
    changed = msgspec.structs.replace(file.form, title="Dossier plus court")
    second = await publish_form(world.programme, changed, by=manager, at=BEFORE)
    await import_call(file, fields(world, file, "AAC-ANCIEN"), by=manager, at=BEFORE)
    await import_call(msgspec.structs.replace(file, form=changed), fields(world, file, "AAC-SECOND"), by=manager, at=BEFORE)
    third = msgspec.structs.replace(file, form=msgspec.structs.replace(file.form, title="Encore un autre"))
    await import_call(third, fields(world, file, "AAC-TROIS"), by=manager, at=BEFORE)
    assert [(await call_by_code(code)).form for code in ("AAC-ANCIEN", "AAC-SECOND")] == [world.form, second]
    assert (await call_by_code("AAC-TROIS")).form_number == 3


async def test_the_reference_file_is_imported_like_any_other() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    file = read_call_file(FILE.read_bytes())
    await import_call(file, fields(world, file, "AAC-CVL-2026-1"), by=manager, at=BEFORE)
    call = await call_by_code("AAC-CVL-2026-1")
    assert (call.form, call.grid, call.plan) == (world.form, world.grid, world.plan)
    assert [place.places_count for place in call.places] == [10, 2]
    assert call.title == "Appel à candidatures Alter’Incub Centre-Val de Loire, hiver 2026"


async def test_what_does_not_hold_together_makes_nothing() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    known = reference()
    file = CallFile(call=known.call, plan=known.plan, form=known.form, grid=known.grid)
    lighter = msgspec.structs.replace(file, grid=msgspec.structs.replace(file.grid, blocks=file.grid.blocks[1:]))
    with pytest.raises(Conflict, match="au lieu de 100"):
        await import_call(lighter, fields(world, file, "AAC-1"), by=manager, at=BEFORE)
    new_form = msgspec.structs.replace(file, form=msgspec.structs.replace(file.form, title="Nouveau"))
    early = msgspec.structs.replace(fields(world, file, "AAC-1"), closes_at=OPENS - timedelta(days=1))
    with pytest.raises(Invalid) as wrong:
        await import_call(new_form, early, by=manager, at=BEFORE)
    assert list(wrong.value.errors) == ["closes_at"]
    assert [await value(f"SELECT count(*) FROM {table}") for table in ("call", "form_version", "faq_entry")] == [0, 1, 0]


async def test_only_the_manager_imports() -> None:
    world = await the_programme()
    file = read_call_file(FILE.read_bytes())
    for person, failure in ((await a_coach(world.programme), Refused), (await someone(), NotFound)):
        with pytest.raises(failure):
            await import_call(file, fields(world, file, "AAC-1"), by=person, at=BEFORE)
    assert await value("SELECT count(*) FROM call") == 0
