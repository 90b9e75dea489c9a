"""Receipts: printed, and checked by whoever holds one; the deposit page and its statements (R4, R12)."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest

from incubator.applications.queries.receipts import Verified, verified
from incubator.core.clock import now
from incubator.core.database import column, value
from tests.world.applications import CVS, a_deposited_application, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme

STATEMENTS = ["10.1", "10.2", "10.3", "10.4"]


async def _call():
    world = await the_programme()
    return world, await a_call(world, opens_at=now() - timedelta(days=5), closes_at=now() + timedelta(days=5), code="AAC-1")


async def test_whoever_holds_a_receipt_checks_it_and_learns_nothing_else(db, client):
    world, call = await _call()
    await a_deposited_application(world, call)
    digest = await value("SELECT content_hash FROM deposit")
    assert await verified("AAC-1-0001", digest) is Verified.MATCHES
    assert await verified(" aac-1-0001 ", f"{digest[:32]} {digest[32:].upper()}") is Verified.MATCHES
    for number, given in (
        ("AAC-1-0002", digest),
        ("AAC-1-0001", digest[::-1]),
        ("AAC-1-0001", ""),
        ("", ""),
        ("AAC-1-0001", "é"),
    ):
        assert await verified(number, given) is Verified.DIFFERS
    page = await client.get("/receipts", params={"number": "AAC-1-0001", "content_hash": digest})
    assert "a exactement cette empreinte" in unescape(page.text)
    assert "Repair" not in page.text
    wrong = await client.get("/receipts", params={"number": "AAC-1-0001", "content_hash": "0" * 64})
    unknown = await client.get("/receipts", params={"number": "AAC-1-0009", "content_hash": "0" * 64})
    assert "Pas conforme" in wrong.text
    told, silent = (one.text.split("<main")[1].replace("AAC-1-0009", "AAC-1-0001") for one in (wrong, unknown))
    assert told == silent
    assert "Pas conforme" not in (await client.get("/receipts")).text


@pytest.mark.parametrize("typed", ["x" * 5000, "\x00", "' OR 1=1 --", "<script>"])
async def test_hostile_numbers_match_nothing(db, client, typed):
    answer = await client.get("/receipts", params={"number": typed, "content_hash": typed})
    assert answer.status_code in (200, 400, 422)
    assert "a exactement" not in answer.text
    assert "<script>x" not in answer.text


async def test_the_receipt_and_the_dossier_are_printed(db, signed_in):
    world, call = await _call()
    me = await someone("Aïcha")
    application = await a_deposited_application(world, call, me)
    browser = await signed_in(me)
    for name in ("receipt", "dossier"):
        answer = await browser.get(f"/applications/{application}/{name}.pdf")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")
        assert answer.content == (await browser.get(f"/applications/{application}/{name}.pdf")).content
    assert "AAC-1-0001" in answer.headers["content-disposition"]
    staff = await signed_in(await an_instructor(world.programme))
    assert (await staff.get(f"/applications/{application}/dossier.pdf")).status_code == 200
    for other in (await someone("Autre"), await a_coach(world.programme)):
        stranger = await signed_in(other)
        for name in ("receipt", "dossier"):
            assert (await stranger.get(f"/applications/{application}/{name}.pdf")).status_code == 404


async def test_a_draft_has_no_receipt_and_is_printed_for_its_team_alone(db, signed_in):
    world, call = await _call()
    me = await someone("Aïcha")
    application = await a_draft_application(call, me)
    browser, manager = await signed_in(me), await signed_in(await a_manager(world.programme))
    assert (await browser.get(f"/applications/{application}/receipt.pdf")).status_code == 404
    assert (await browser.get(f"/applications/{application}/dossier.pdf")).status_code == 200
    assert (await manager.get(f"/applications/{application}/dossier.pdf")).status_code == 404


async def test_statements_are_accepted_with_the_deposit_itself(db, signed_in):
    _world, call = await _call()
    me = await someone("Aïcha")
    application = await a_draft_application(call, me)
    await write(application, {key: one for key, one in (whole_answers() | CVS).items() if key not in STATEMENTS}, by=me, at=now())
    browser = await signed_in(me)
    path = f"/applications/{application}/deposit"
    page = unescape((await browser.get(path)).text)
    assert page.count('name="statements"') >= len(STATEMENTS)
    assert "Ce qui manque avant" not in page
    refused = await browser.send_form(path, statements=["10.1"])
    assert refused.status_code == 422
    assert "Cochez chaque engagement" in unescape(refused.text)
    assert 'value="10.1" checked' in refused.text
    assert await value("SELECT count(*) FROM answer WHERE question LIKE '10.%'") == 0
    sent = await browser.send_form(path, statements=[*STATEMENTS, "3.1", "9.9"])
    assert (sent.status_code, sent.headers["location"]) == (303, f"/applications/{application}/receipt")
    kept = await column(
        "SELECT content -> 'answers' ->> question FROM deposit CROSS JOIN unnest($1::text[]) question", STATEMENTS
    )
    assert kept == ["true"] * 4
    assert await value("SELECT content -> 'answers' ->> '3.1' FROM deposit") == whole_answers()["3.1"]


async def test_what_others_alone_read_stands_apart(db, signed_in):
    """R12: the people who should not read the file are for the manager; the committee's file does not hold them."""
    world, call = await _call()
    me = await someone("Aïcha")
    application = await a_draft_application(call, me)
    secret = [{"who": "Jean Voisin", "reason": "Concurrent direct"}]
    await write(application, whole_answers() | CVS | {"10.7": secret}, by=me, at=now())
    browser = await signed_in(me)
    page = unescape((await browser.get(f"/applications/{application}/deposit")).text)
    committee, reserved = page.split("Visible du responsable seul")
    assert "Jean Voisin" in reserved
    assert "Jean Voisin" not in committee
    await browser.send_form(f"/applications/{application}/deposit")
    instructor = await signed_in(await an_instructor(world.programme))
    assert "Jean Voisin" not in (await instructor.get(f"/applications/{application}/eligibility")).text
    manager = await signed_in(await a_manager(world.programme))
    assert "Jean Voisin" in (await manager.get(f"/applications/{application}/eligibility")).text
