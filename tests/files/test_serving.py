"""Who opens a document, how it is given, and when it is not (C01, R10, R12)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from incubator.applications.actions import deposit, request_complement
from incubator.applications.actions.files import remove_file
from incubator.applications.forms import ComplementForm, DepositForm
from incubator.applications.queries.dossiers import latest_deposit
from incubator.core.clock import now
from incubator.core.database import execute, value
from incubator.documents.serving import disposition
from tests.conftest import SETTINGS
from tests.files.dossiers import Desk, a_desk
from tests.files.making import an_image
from tests.world.documents import a_document, a_pdf, kept_here
from tests.world.people import a_coach, a_manager, an_instructor, someone

pytestmark = pytest.mark.usefixtures("db")


async def a_deposited_desk() -> tuple[Desk, UUID, UUID]:
    """A deposited dossier with a CV for the committee and a letter for the manager alone."""
    desk = await a_desk()
    cv = await a_document(desk.application, "F.1", by=desk.person, at=now())
    letter = await a_document(desk.application, "F.2", by=desk.person, at=now(), name="Lettre.pdf")
    await deposit(desk.application, DepositForm(), by=desk.person, at=now())
    return desk, cv, letter


async def test_a_document_is_a_download_in_a_sandbox(signed_in):
    desk = await a_desk()
    content = a_pdf("Aïcha")
    code = await a_document(desk.application, "F.1", by=desk.person, at=now(), name="CV “Aïcha”; é.pdf", content=content)
    answer = await (await signed_in(desk.person)).get(f"/applications/{desk.application}/documents/{code}")
    assert (answer.status_code, answer.content) == (200, content)
    told = {name: answer.headers[name] for name in ("content-type", "content-length", "x-content-type-options", "cache-control")}
    assert told == {
        "content-type": "application/pdf", "content-length": str(len(content)), "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }  # fmt: skip
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"CV Aicha_ e.pdf\"; filename*=UTF-8''CV%20%E2%80%9CA%C3%AFcha%E2%80%9D%3B%20%C3%A9.pdf"
    )


@pytest.mark.parametrize("name", ["🐝.pdf", 'a"b.pdf', "é" * 120, "a\\b.pdf"])
def test_the_name_in_a_header_is_ascii_without_quotes(name: str):
    told = disposition(name)
    assert told.isascii()
    assert told.count('"') == 2
    assert "\\" not in told


async def test_who_opens_what(signed_in):
    desk, cv, letter = await a_deposited_desk()
    people = {
        "team": desk.person,
        "manager": await a_manager(desk.world.programme),
        "instructor": await an_instructor(desk.world.programme),
        "coach": await a_coach(desk.world.programme),
        "stranger": await someone("Sacha"),
    }
    seen = {}
    for name, person in people.items():
        me = await signed_in(person)
        seen[name] = [(await me.get(f"/applications/{desk.application}/documents/{code}")).status_code for code in (cv, letter)]
    assert seen == {
        "team": [200, 200], "manager": [200, 200], "instructor": [200, 404], "coach": [404, 404], "stranger": [404, 404],
    }  # fmt: skip


async def test_a_draft_is_the_team_s_alone(signed_in):
    desk = await a_desk()
    code = await a_document(desk.application, "F.1", by=desk.person, at=now())
    manager = await signed_in(await a_manager(desk.world.programme))
    assert (await manager.get(f"/applications/{desk.application}/documents/{code}")).status_code == 404


async def test_what_was_deposited_stays_when_a_complement_replaces_it(signed_in):
    desk, cv, _letter = await a_deposited_desk()
    filed = await latest_deposit(desk.application)
    assert next((one.question, one.document, one.name) for one in filed.content.files) == ("F.1", cv, "CV.pdf")
    assert filed.content.files[0].sha256 == await value("SELECT sha256 FROM document WHERE id = $1", cv)
    instructor = await an_instructor(desk.world.programme)
    await request_complement(desk.application, ComplementForm("Un CV récent.", ["F.1"]), by=instructor, at=now())
    await remove_file(desk.application, "F.1", cv, by=desk.person, at=now())
    assert (await desk.ids(), await value("SELECT removed_at FROM document WHERE id = $1", cv)) == ([], None)
    assert (await (await signed_in(instructor)).get(f"/applications/{desk.application}/documents/{cv}")).status_code == 200


@pytest.mark.parametrize(
    ("state", "status"), [("received", 409), ("held", 409), ("clean", 200), ("infected", 409), ("unscanned", 409)]
)
async def test_nothing_is_given_before_it_is_clean(signed_in, state: str, status: int):
    desk = await a_desk()
    code = await a_document(desk.application, "F.1", by=desk.person, at=now())
    await execute("UPDATE document SET state = $2, next_try_at = $3 WHERE id = $1", code, state, now())
    answer = await (await signed_in(desk.person)).get(f"/applications/{desk.application}/documents/{code}")
    assert answer.status_code == status
    assert (b"%PDF" in answer.content) == (status == 200)


@pytest.mark.parametrize("harm", ["changed", "cut", "lost"])
async def test_bytes_that_are_not_those_received_are_never_given(signed_in, harm: str):
    desk = await a_desk()
    code = await a_document(desk.application, "F.1", by=desk.person, at=now())
    key = await value("SELECT key FROM document WHERE id = $1", code)
    file = next(kept_here().incoming.parent.glob(key))
    content = file.read_bytes()
    if harm == "lost":
        file.unlink()
    else:
        file.write_bytes(content[:-1] + (b"?" if harm == "changed" else b""))
    answer = await (await signed_in(desk.person)).get(f"/applications/{desk.application}/documents/{code}")
    assert (answer.status_code, b"%PDF" in answer.content) == (410, False)
    assert await value("SELECT count(*) FROM journal_entry WHERE verb = 'document.torn' AND subject = $1", code) == 1


async def test_a_picture_is_a_download_too(signed_in):
    desk = await a_desk()
    code = await a_document(desk.application, "F.2", by=desk.person, at=now(), name="a.jpg", content=an_image("JPEG"))
    answer = await (await signed_in(desk.person)).get(f"/applications/{desk.application}/documents/{code}")
    assert (answer.headers["content-type"], answer.headers["content-disposition"][:10]) == ("image/jpeg", "attachment")


async def test_a_file_that_still_waits_does_not_make_a_team_late():
    """C05 against the deadline: received in time is deposited in time; what turns out dangerous is asked for again (R6)."""
    desk = await a_desk()
    await a_document(desk.application, "F.1", by=desk.person, at=now(), is_clean=False)
    await deposit(desk.application, DepositForm(), by=desk.person, at=now() + timedelta(minutes=1))
    assert (await latest_deposit(desk.application)).content.files[0].name == "CV.pdf"
    assert SETTINGS.clamd_url == ""
