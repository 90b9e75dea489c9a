"""What an erasure leaves to the team: files that name the person, which a manager looks at before answering (R56)."""

import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.people.queries import Person
from incubator.privacy.actions.requests import ask
from incubator.privacy.forms import RequestForm
from incubator.privacy.queries.cases import case_for
from incubator.privacy.queries.files import files_naming
from incubator.privacy.tables import RequestKind
from tests.world.everyone import Built, everyone


@pytest.fixture
async def built(db) -> Built:
    return await everyone()


async def listed(built: Built, who: str, *, by: str = "manager") -> list[tuple[str, bool]]:
    manager: Person = built.people[by]
    case = await case_for(manager, await an_erasure(built, who))
    return [(one.name, one.is_sent) for one in await files_naming(case, by=manager)]


async def an_erasure(built: Built, who: str):
    person = built.people[who]
    return await ask(RequestForm(RequestKind.ERASURE, confirmation=person.email), by=person, at=now())


async def test_what_the_person_sent_is_listed(built):
    assert await listed(built, "depositor") == [("CV de Dora.pdf", True), ("Lettre.pdf", True)]


@pytest.mark.parametrize(("name", "is_listed"), [("cv_MINA-2026.pdf", True), ("Mémbre.pdf", True), ("Statuts.pdf", False)])
async def test_what_others_sent_is_listed_when_its_name_bears_theirs(built, name, is_listed):
    await execute("UPDATE document SET name = $1 WHERE name = 'Lettre.pdf'", name)
    assert await listed(built, "member") == ([(name, False)] if is_listed else [])


async def test_another_team_s_files_are_not_even_of_the_same_name(built):
    await execute("UPDATE document SET name = 'CV René Refusé.pdf' WHERE name = 'Lettre.pdf'")
    assert await listed(built, "refused_holder") == []


async def test_what_goes_with_the_person_or_is_removed_is_not_listed(built):
    """Alone in the team, its files go too; a file that was taken away opens no more."""
    await execute("UPDATE document SET removed_at = now() WHERE name = 'Lettre.pdf'")
    assert await listed(built, "depositor") == [("CV de Dora.pdf", True)]
    await execute("DELETE FROM data_request")
    await execute("UPDATE team_member SET left_at = now() WHERE account <> $1", built.people["depositor"].id)
    assert await listed(built, "depositor") == []


async def test_a_manager_with_an_interest_in_the_file_is_given_none_of_it(built):
    """R10: what they declared an interest in does not exist for them."""
    manager = built.people["manager"]
    seat = await value("SELECT id FROM seat WHERE account = $1", built.people["juror_in_conflict"].id)
    await execute("UPDATE seat SET account = $2 WHERE id = $1", seat, manager.id)
    assert await listed(built, "depositor") == []


async def test_the_page_of_the_request_leads_to_each_of_them(built, signed_in):
    case = await an_erasure(built, "depositor")
    manager = await signed_in(built.people["manager"])
    page = (await manager.get(f"/data-requests/{case}")).text
    links = [f"/applications/{built.ids['application_id']}/documents/{one}" for one in await column("SELECT id FROM document")]
    opens = [link for link in links if (await manager.get(link)).status_code == 200]
    assert [link for link in links if link in page] == opens != []
    assert "CV de Dora.pdf" in page
    await execute("UPDATE data_request SET state = 'refused', answered_at = now(), answered_by = $1", built.people["manager"].id)
    assert "CV de Dora.pdf" not in (await manager.get(f"/data-requests/{case}")).text
