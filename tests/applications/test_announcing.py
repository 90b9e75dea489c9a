"""The team of every draft hears that the closing of its call moved (domain §5.3)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from incubator.applications.actions.announcing import announce_extensions
from incubator.calls.actions import extend_call
from incubator.calls.forms import ExtensionForm
from incubator.calls.queries import extensions_of
from incubator.core.database import detached, rows, value
from tests.world.applications import a_deposited_application, a_draft_application
from tests.world.calls import a_call
from tests.world.people import a_manager, someone
from tests.world.programmes import the_programme

OPENS, CLOSES = datetime(2025, 12, 1, 8, tzinfo=UTC), datetime(2026, 1, 30, 22, 59, tzinfo=UTC)
WHEN = CLOSES - timedelta(hours=2)
LATER = CLOSES + timedelta(days=7)


class Posted(msgspec.Struct, frozen=True):
    """A letter."""

    to_email: str
    subject: str
    text: str
    path: str


async def posted() -> list[Posted]:
    return await rows(
        Posted, "SELECT to_email, subject, text, path FROM letter WHERE kind = 'applications.extended' ORDER BY created_at, path"
    )


@pytest.mark.usefixtures("db")
async def test_each_draft_is_told_once_and_nobody_else() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    other = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    writer, elsewhere = await someone("Camille"), await someone("Ailleurs")
    draft = await a_draft_application(call, writer)
    await a_draft_application(other, elsewhere)
    await a_deposited_application(world, call, await someone("Déjà déposé"))
    await extend_call(call.code, ExtensionForm(closes_at=LATER, reason="Neige sur la Sologne"), by=manager, at=WHEN)
    assert [one.told_at for one in await extensions_of(call.id)] == [None]
    told_at = WHEN + timedelta(seconds=10)
    assert (await announce_extensions(at=told_at), await announce_extensions(at=told_at)) == (1, 0)
    letters = await posted()
    assert [(one.to_email, one.path) for one in letters] == [(writer.email, f"/applications/{draft}")]
    assert "repoussée au vendredi 6 février 2026 à 23\u00a0h\u00a059" in letters[0].text
    assert "Neige sur la Sologne" in letters[0].text
    assert [one.told_at for one in await extensions_of(call.id)] == [told_at]


@pytest.mark.usefixtures("db")
async def test_it_is_told_even_when_the_call_closed_meanwhile_and_each_extension_by_itself() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    await a_draft_application(call, await someone("Camille"))
    await extend_call(call.code, ExtensionForm(closes_at=CLOSES + timedelta(minutes=1), reason="Panne"), by=manager, at=WHEN)
    await extend_call(call.code, ExtensionForm(closes_at=CLOSES + timedelta(minutes=2), reason="Encore"), by=manager, at=WHEN)
    assert await announce_extensions(at=LATER) == 2
    assert sorted("Encore" in one.text for one in await posted()) == [False, True]


@pytest.mark.usefixtures("committed_db")
async def test_two_workers_tell_once() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    await a_draft_application(call, await someone("Camille"))
    await extend_call(call.code, ExtensionForm(closes_at=LATER, reason="Panne"), by=manager, at=WHEN)
    told = await asyncio.gather(*(detached(announce_extensions(at=WHEN)) for _worker in range(3)))
    assert sum(told) == 1
    assert (len(await posted()), await value("SELECT count(*) FROM journal_entry WHERE verb = 'extension.told'")) == (1, 1)
