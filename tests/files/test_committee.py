"""The committee opens what it was given to read, and nothing else (R9, R10, R12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incubator.applications.actions import deposit, pronounce
from incubator.applications.forms import DepositForm, RulingForm
from incubator.applications.tables import Outcome
from incubator.core.clock import now
from incubator.core.database import execute
from incubator.selection import actions
from incubator.selection.forms import DeclarationForm, Interest
from tests.files.dossiers import a_desk
from tests.world.documents import a_document
from tests.world.people import an_instructor, someone
from tests.world.selection import a_committee

pytestmark = pytest.mark.usefixtures("db")


async def test_who_sits_opens_the_documents_of_answers_the_committee_reads(signed_in):
    desk, at = await a_desk(), now()
    cv = await a_document(desk.application, "F.1", by=desk.person, at=at, name="CV d’Aïcha.pdf")
    letter = await a_document(desk.application, "F.2", by=desk.person, at=at)
    await deposit(desk.application, DepositForm(), by=desk.person, at=at)
    form = RulingForm(Outcome.ADMISSIBLE, "Dossier complet.")
    await pronounce(desk.application, form, by=await an_instructor(desk.world.programme), at=at)
    await execute("UPDATE call SET closes_at = $2 WHERE id = $1", desk.call.id, at - timedelta(minutes=1))
    sitting = await a_committee(desk.call, applications=[desk.application])
    free, bound, silent = sitting.members
    for member, interest in ((free, Interest.NONE), (bound, Interest.INTEREST)):
        reason = "Je conseille ce projet." if interest is Interest.INTEREST else ""
        await actions.declare(desk.application, DeclarationForm(interest, reason), by=member, at=now())
    base = f"/applications/{desk.application}/assessments/mine"
    seen = {}
    for name, person in (("free", free), ("bound", bound), ("silent", silent), ("stranger", await someone("Sacha"))):
        me = await signed_in(person)
        seen[name] = [(await me.get(f"{base}/documents/{code}")).status_code for code in (cv, letter)]
        assert (await me.get(f"/applications/{desk.application}/documents/{cv}")).status_code == 404
    assert seen == {"free": [200, 404], "bound": [404, 404], "silent": [409, 409], "stranger": [404, 404]}
    page = (await (await signed_in(free)).get(base)).text
    assert (f'href="{base}/documents/{cv}"' in page, str(letter) in page) == (True, False)
