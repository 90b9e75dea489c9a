"""The worker's errand with a real scanner: clean, dangerous, away, back, killed, forgotten (C05)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from incubator.applications.actions import deposit
from incubator.applications.actions.files import tell_infected
from incubator.applications.forms import DepositForm
from incubator.applications.queries.files import waiting_in
from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.documents.actions import forget_documents, scan_again, scan_due, sweep_files
from tests.files.clamd import STREAM_MAX, Clamd
from tests.files.dossiers import Desk, a_desk
from tests.files.making import EICAR, an_office
from tests.world.documents import a_document, kept_here
from tests.world.people import a_manager

pytestmark = pytest.mark.usefixtures("db")
NOWHERE = "tcp://127.0.0.1:1"
DANGEROUS = an_office("docx", {"word/media/a.txt": EICAR})


async def scan(url: str, at: datetime, *, demo: bool = False) -> int:
    return await scan_due(kept_here(), url, demo=demo, at=at, tell=partial(tell_infected, at=at))


async def told(code: UUID) -> tuple[str, str]:
    return (
        await value("SELECT state FROM document WHERE id = $1", code),
        await value("SELECT reason FROM document WHERE id = $1", code),
    )


async def received(desk: Desk, at: datetime, **changed: object) -> UUID:
    return await a_document(desk.application, "F.2", by=desk.person, at=at, is_clean=False, **changed)


async def test_a_sound_file_opens_once_it_is_scanned(scanner: Clamd):
    desk, at = await a_desk(), now()
    codes = [await received(desk, at) for _one in range(3)]
    assert await scan(scanner.url, at) == 3
    assert [await told(one) for one in codes] == [("clean", "")] * 3
    assert await scan(scanner.url, at + timedelta(hours=1)) == 0
    verbs = await column("SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number", codes[0])
    assert verbs == ["document.received", "document.clean"]


async def test_a_dangerous_file_is_erased_and_its_people_are_told(scanner: Clamd, signed_in):
    desk, at = await a_desk(), now()
    manager = await a_manager(desk.world.programme)
    await a_document(desk.application, "F.1", by=desk.person, at=at)
    code = await received(desk, at, name="Lettre.docx", content=DANGEROUS)
    key = await value("SELECT key FROM document WHERE id = $1", code)
    await deposit(desk.application, DepositForm(), by=desk.person, at=at)
    assert await scan(scanner.url, at) == 1
    state, signature = await told(code)
    assert (state, "EICAR" in signature) == ("infected", True)
    letters = "SELECT to_email FROM letter WHERE about = $1 ORDER BY kind DESC, to_email"
    people = await column(letters, code)
    assert people[0] == desk.person.email
    assert manager.email in people
    assert not (kept_here().incoming.parent / key).exists()
    assert await value("SELECT length(sha256) FROM document WHERE id = $1", code) == 64
    for person in (desk.person, manager):
        answer = await (await signed_in(person)).get(f"/applications/{desk.application}/documents/{code}")
        assert (answer.status_code, b"PK" in answer.content[:2]) == (410, False)
    assert await scan(scanner.url, at + timedelta(days=1)) == 0
    assert await column(letters, code) == people


async def test_a_draft_s_dangerous_file_is_its_team_s_affair(scanner: Clamd, signed_in):
    desk, at = await a_desk(), now()
    await a_manager(desk.world.programme)
    code = await received(desk, at, name="Lettre.docx", content=DANGEROUS)
    await scan(scanner.url, at)
    assert await column("SELECT to_email FROM letter WHERE about = $1", code) == [desk.person.email]
    page = await (await signed_in(desk.person)).get(f"/applications/{desk.application}/files/F.2")
    assert "Dangereux, écarté" in page.text


async def test_files_are_held_while_the_scanner_is_away_and_drained_when_it_is_back(scanner: Clamd):
    desk, at = await a_desk(), now()
    codes = [await received(desk, at) for _one in range(3)]
    assert await scan(NOWHERE, at) == 0
    states = [await told(one) for one in codes]
    assert states.count(("held", "away")) == 1
    asked = [await value("SELECT attempts_count FROM document WHERE id = $1", one) for one in codes]
    assert sum(asked) == 1, "an absent scanner is asked once, not once a file"
    for seconds in range(1, 5):
        await scan(NOWHERE, at + timedelta(seconds=seconds))
    assert [one.count for one in await waiting_in(desk.call.id)] == [3]
    assert await value("SELECT sum(attempts_count) FROM document") == 3, "nor is it asked again at once for the same file"
    assert await value("SELECT max(next_try_at) FROM document") <= at + timedelta(seconds=70)
    assert await scan(scanner.url, at + timedelta(seconds=70)) == 3
    assert [await told(one) for one in codes] == [("clean", "")] * 3


async def test_too_large_to_scan_is_held_for_staff_to_see(scanner: Clamd):
    desk, at = await a_desk(files_size_max=0), now()
    code = await received(desk, at)
    file = kept_here().incoming.parent / await value("SELECT key FROM document WHERE id = $1", code)
    file.write_bytes(bytes(STREAM_MAX + 1))
    await scan(scanner.url, at)
    assert await told(code) == ("held", "too_large")
    assert await scan(scanner.url, at + timedelta(days=1)) == 0
    assert [(one.reason, one.count) for one in await waiting_in(desk.call.id)] == [("too_large", 1)]


async def test_bytes_that_are_gone_are_held_not_clean(scanner: Clamd):
    desk, at = await a_desk(), now()
    code = await received(desk, at)
    (kept_here().incoming.parent / await value("SELECT key FROM document WHERE id = $1", code)).unlink()
    await scan(scanner.url, at)
    assert await told(code) == ("held", "lost")


async def test_without_a_scanner_everything_is_held_and_the_demo_says_that_it_scans_nothing(scanner: Clamd):
    desk, at = await a_desk(), now()
    code = await received(desk, at)
    assert await scan("", at) == 1
    assert await told(code) == ("held", "no_scanner")
    assert await scan("", at, demo=True) == 1
    assert await told(code) == ("unscanned", "no_scanner")
    other = await received(desk, at)
    await scan("", at)
    assert await scan(scanner.url, at) == 1
    assert await told(other) == ("clean", "")


async def test_what_a_killed_worker_had_claimed_is_looked_at_by_the_next(scanner: Clamd):
    desk, at = await a_desk(), now()
    code = await received(desk, at)
    await execute("UPDATE document SET next_try_at = $1, attempts_count = 1", at + timedelta(minutes=3))
    assert await scan(scanner.url, at + timedelta(minutes=2)) == 0
    assert await scan(scanner.url, at + timedelta(minutes=3)) == 1
    assert await told(code) == ("clean", "")


async def test_what_was_clean_can_be_scanned_again_and_stays_open_meanwhile(scanner: Clamd):
    desk, at = await a_desk(), now()
    code = await received(desk, at)
    await scan(scanner.url, at)
    assert await scan_again(at, at=at) == 0
    assert await scan_again(at + timedelta(hours=1), at=at + timedelta(hours=1)) == 1
    assert await scan(NOWHERE, at + timedelta(hours=1)) == 0
    assert await told(code) == ("clean", "")
    file = kept_here().incoming.parent / await value("SELECT key FROM document WHERE id = $1", code)
    file.write_bytes(EICAR)
    assert await scan(scanner.url, at + timedelta(hours=2)) == 1
    assert (await told(code))[0] == "infected"


async def test_a_removed_file_is_not_scanned_and_its_bytes_are_swept(scanner: Clamd):
    desk, at = await a_desk(), now()
    code = await received(desk, at)
    key = await value("SELECT key FROM document WHERE id = $1", code)
    assert await forget_documents(desk.application, by=None, at=at) == 1
    assert await forget_documents(desk.application, by=None, at=at) == 0
    assert await scan(scanner.url, at + timedelta(days=1)) == 0
    assert await value("SELECT name FROM document WHERE id = $1", code) == ""
    assert await sweep_files(kept_here(), at=at) == 1
    assert not (kept_here().incoming.parent / key).exists()
    assert await value("SELECT key FROM document WHERE id = $1", code) == ""
    assert await value("SELECT length(sha256) FROM document WHERE id = $1", code) == 64


async def test_staff_see_that_files_wait_and_why(scanner: Clamd, signed_in):
    desk, at = await a_desk(), now()
    await received(desk, at)
    manager = await signed_in(await a_manager(desk.world.programme))
    page = f"/calls/{desk.call.code}/applications"
    assert "antivirus" not in (await manager.get(page)).text
    await scan("", at)
    assert "Aucun antivirus n’est installé" in (await manager.get(page)).text
    await scan(NOWHERE, at)
    assert "L’antivirus ne répond pas" in (await manager.get(page)).text
    assert (await manager.get("/health/ready")).status_code == 200
    await scan(scanner.url, at + timedelta(minutes=2))
    assert "antivirus" not in (await manager.get(page)).text
