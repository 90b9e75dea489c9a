"""Sending and removing files by the page: what is taken, what is refused and said, what is never written."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest

from incubator.applications.actions import Given, deposit, save_answers
from incubator.applications.actions.files import remove_left_out
from incubator.applications.forms import DepositForm
from incubator.core.clock import now
from incubator.core.database import execute, value
from incubator.core.errors import Invalid
from incubator.documents.queries import documents_of
from incubator.documents.tables import DocumentState
from tests.files.dossiers import Desk, a_desk
from tests.files.making import a_pdf_with, a_photo
from tests.world.documents import a_document, a_pdf, kept_here
from tests.world.people import someone
from tests.world.projects import a_member

pytestmark = pytest.mark.usefixtures("db")


async def post(browser, desk: Desk, name: str, content: bytes, question: str = "F.1", **fields: str):
    """What a browser without JavaScript sends."""
    form = {"csrf": browser.token(), **fields}
    return await browser.post(f"/applications/{desk.application}/files/{question}", data=form, files={"file": (name, content)})


async def count() -> int:
    return await value("SELECT count(*) FROM document")


async def test_a_file_is_part_of_the_answer_and_waits_for_the_scanner(signed_in):
    desk = await a_desk()
    me = await signed_in(desk.person)
    path = f"/applications/{desk.application}/files/F.1"
    assert "Un fichier PDF, de 3 Mo au plus" not in (await me.get(path)).text
    assert "Jusqu’à 2 fichiers PDF, de 3 Mo au plus chacun" in unescape((await me.get(path)).text).replace("\u202f", " ").replace(
        "\xa0", " "
    )
    sent = await post(me, desk, "CV d’Aïcha.pdf", a_pdf())
    assert (sent.status_code, sent.headers["location"]) == (303, path)
    (code,) = await desk.ids()
    (document,) = (await documents_of(desk.application)).values()
    assert (str(document.id), document.name, document.state) == (code, "CV d’Aïcha.pdf", DocumentState.RECEIVED)
    page = unescape((await me.get(path)).text)
    assert ("CV d’Aïcha.pdf" in page, "En cours d’analyse" in page, f"/documents/{code}" in page) == (True, True, False)
    assert (await me.get(f"/applications/{desk.application}/documents/{code}")).status_code == 409
    section = unescape((await me.get(f"/applications/{desk.application}/sections/F")).text)
    assert ("CV d’Aïcha.pdf" in section, 'value="files.F.1"' in section) == (True, True)
    verbs = await value("SELECT array_agg(verb) FROM journal_entry WHERE subject = $1", document.id)
    assert verbs == ["document.received"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("CV.docx", a_pdf(), "n’est pas accepté ici"),
        ("CV.pdf", b"", "vide"),
        ("CV.pdf", b"<html>", "pas ce que son nom annonce"),
        ("CV.pdf", a_pdf_with("/OpenAction << /S /JavaScript /JS (x) >>"), "contient un programme"),
        ("CV.pdf", a_pdf() + bytes(3_000_000), "dépasse 3 Mo"),
        ("", a_pdf(), "Choisissez un fichier"),
    ],
    ids=["type", "empty", "content", "program", "too large", "none"],
)
async def test_what_cannot_be_taken_is_said_beside_the_field(signed_in, name: str, content: bytes, words: str):
    desk = await a_desk()
    sent = await post(await signed_in(desk.person), desk, name, content)
    assert sent.status_code == 422
    assert words in unescape(sent.text).replace("\xa0", " ").replace("\u202f", " ")
    assert (await count(), await desk.ids()) == (0, [])
    assert list(kept_here().incoming.glob("arriving-*")) == []


async def test_limits_are_those_of_the_question_and_of_the_whole_dossier(signed_in):
    desk = await a_desk()
    me = await signed_in(desk.person)
    heavy = a_pdf()[:-6] + b"%" + b"x" * 1_900_000 + b"\nstartxref\n9\n%%EOF\n"
    assert [(await post(me, desk, "a.pdf", heavy)).status_code for _one in range(3)] == [303, 303, 422]
    last = await post(me, desk, "a.pdf", heavy, "F.2")
    assert last.status_code == 422
    assert "le dossier dépasserait 5 Mo en tout" in unescape(last.text).replace("\xa0", " ").replace("\u202f", " ")
    assert len(await desk.ids()) == 2


async def test_a_removed_file_leaves_the_answer_and_its_place_is_free(signed_in):
    desk = await a_desk()
    me = await signed_in(desk.person)
    for name in ("a.pdf", "b.pdf"):
        await post(me, desk, name, a_pdf())
    first, second = await desk.ids()
    gone = await me.send_form(f"/applications/{desk.application}/files/F.1/{first}/removal")
    assert (gone.status_code, await desk.ids()) == (303, [second])
    again = await me.send_form(f"/applications/{desk.application}/files/F.1/{first}/removal")
    assert (again.status_code, await desk.ids()) == (303, [second])
    assert list(await documents_of(desk.application)) == [second]
    await execute("UPDATE document SET state = 'clean', next_try_at = NULL WHERE removed_at IS NULL")
    assert (await me.get(f"/applications/{desk.application}/documents/{first}")).status_code == 410


async def test_only_the_team_that_writes_sends_while_it_may(signed_in):
    desk = await a_desk()
    reader, stranger = await someone("Rim"), await someone("Sacha")
    project = await value("SELECT project FROM application WHERE id = $1", desk.application)
    await a_member(project, reader.name, reader.email, by=desk.person, role="reader")
    assert (await post(await signed_in(reader), desk, "a.pdf", a_pdf())).status_code == 403
    assert (await post(await signed_in(stranger), desk, "a.pdf", a_pdf())).status_code == 404
    assert (await (await signed_in(stranger)).get(f"/applications/{desk.application}/files/F.1")).status_code == 404
    me = await signed_in(desk.person)
    assert (await post(me, desk, "a.pdf", a_pdf(), "F.4")).status_code == 409
    assert (await post(me, desk, "a.pdf", a_pdf(), "F.0")).status_code == 404
    await execute("UPDATE call SET closes_at = $1 WHERE id = $2", now() - timedelta(hours=1), desk.call.id)
    late = await post(me, desk, "a.pdf", a_pdf())
    assert (late.status_code, "clos" in late.text) == (409, True)
    assert await count() == 0


async def test_the_token_comes_before_the_file(signed_in):
    """ASVS 3.5.1: not a byte of what another site has sent is written."""
    desk = await a_desk()
    me = await signed_in(desk.person)
    path = f"/applications/{desk.application}/files/F.1"
    answers = [
        await me.post(path, files={"file": ("a.pdf", a_pdf())}),
        await me.post(path, data={"csrf": "autre"}, files={"file": ("a.pdf", a_pdf())}),
        await me.post(path, files=[("file", ("a.pdf", a_pdf())), ("csrf", (None, me.token()))]),
        await me.post(path, files={"csrf": ("x.pdf", a_pdf()), "file": ("a.pdf", a_pdf())}),
    ]
    assert [one.status_code for one in answers[:3]] == [403, 403, 403]
    assert answers[3].status_code in (403, 422)
    elsewhere = await me.post(
        path, data={"csrf": me.token()}, files={"file": ("a.pdf", a_pdf())}, headers={"origin": "https://evil.example"}
    )
    assert (elsewhere.status_code, await count()) == (403, 0)


HOSTILE = [
    (b"", "multipart/form-data; boundary=x"),
    (b"--x\r\n", "multipart/form-data; boundary=x"),
    (b"--x--\r\n", "multipart/form-data; boundary=x"),
    (b"rien", "multipart/form-data"),
    (b"rien", "multipart/form-data; boundary="),
    (b"csrf=1", "application/x-www-form-urlencoded"),
    (b"{}", "application/json"),
    (b"--x\r\nContent-Disposition: form-data; name=" + b"a" * 9000 + b"\r\n\r\n1\r\n--x--\r\n",
     "multipart/form-data; boundary=x"),
    (b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n1\r\n--x--\r\n',
     "multipart/form-data; boundary=x"),
    (b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + b"a" * 100_000 + b"\r\n--x--\r\n",
     "multipart/form-data; boundary=x"),
    (b"".join(b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n' % n for n in range(2000)) + b"--x--\r\n",
     "multipart/form-data; boundary=x"),
    (b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff\xfe"\r\n\r\n1\r\n--x--\r\n',
     "multipart/form-data; boundary=x"),
    (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF', "multipart/form-data; boundary=x"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind"), HOSTILE)
async def test_what_no_browser_sends_is_refused_in_french(signed_in, body: bytes, kind: str):
    desk = await a_desk()
    me = await signed_in(desk.person)
    path = f"/applications/{desk.application}/files/F.1"
    for headers in ({}, {"x-csrf-token": me.token()}):
        answer = await me.post(path, content=body, headers={"content-type": kind, **headers})
        assert answer.status_code in (400, 403, 422), answer.text[:300]
        assert "<html" in answer.text
    assert (await count(), list(kept_here().incoming.glob("arriving-*"))) == (0, [])


async def test_an_answer_names_only_files_that_came_with_it(signed_in):
    """An id of another dossier, or of another question, is not taken (HotCRP CVE-2026-23878)."""
    mine, theirs = await a_desk(), await a_desk()
    await post(await signed_in(theirs.person), theirs, "secret.pdf", a_pdf())
    (stolen,) = await theirs.ids()
    with pytest.raises(Invalid):
        await save_answers(mine.application, {"F.1": Given([stolen], 0)}, by=mine.person, at=now())
    me = await signed_in(mine.person)
    assert (await me.get(f"/applications/{mine.application}/documents/{stolen}")).status_code == 404
    assert (await me.get(f"/applications/{theirs.application}/documents/{stolen}")).status_code == 404


async def test_a_photo_is_kept_without_its_place(signed_in):
    """C09"""
    desk = await a_desk()
    assert (await post(await signed_in(desk.person), desk, "photo.jpg", a_photo(), "F.2")).status_code == 303
    (code,) = await desk.ids("F.2")
    key = await value("SELECT key FROM document WHERE id = $1", UUID(code))
    assert b"Camille" not in b"".join([some async for some in kept_here().read(key)])


async def test_the_page_costs_the_same_for_one_file_and_for_three(signed_in, statements):
    desk = await a_desk()
    me = await signed_in(desk.person)
    costs = []
    for _one in range(3):
        await post(me, desk, "a.pdf", a_pdf(), "F.2")
        with statements() as seen:
            assert (await me.get(f"/applications/{desk.application}/files/F.2")).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[2]


@pytest.mark.parametrize(("is_deposited", "is_former"), [(False, False), (False, True), (True, False)])
async def test_a_file_nothing_names_any_more_is_taken_away_after_a_day(is_deposited: bool, is_former: bool):
    """What a deposit holds stays, and in a draft what was an answer before a newer form had no place for it."""
    desk, at = await a_desk(), now()
    cv = await a_document(desk.application, "F.1", by=desk.person, at=at)
    other = await a_document(desk.application, "F.1", by=desk.person, at=at)
    if is_deposited:
        await deposit(desk.application, DepositForm(), by=desk.person, at=at)
    await execute("UPDATE answer SET value = $1 WHERE question = 'F.1'", f'["{other}"]')
    if not is_former:
        await execute("DELETE FROM answer_revision")
    assert await remove_left_out(at=at + timedelta(hours=23)) == 0
    assert await remove_left_out(at=at + timedelta(days=2)) == (0 if is_deposited or is_former else 1)
    assert set(await documents_of(desk.application)) == ({str(cv), str(other)} if is_deposited or is_former else {str(other)})
