"""Authenticator applications and recovery codes (A09, A17)."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pyotp
import pytest

from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, Invalid, TooMany
from incubator.people import actions
from incubator.people.queries import OpenSession, Person, own_security, session_by
from incubator.people.secrets import hashed, seal, unseal
from incubator.people.tables import Role
from tests.world.people import someone
from tests.world.programmes import the_programme

AT = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)
KEY = "a secret that only tests know, 32+ characters"


class Owner(msgspec.Struct, frozen=True):
    """Someone with an application: their session, its secret, their codes."""

    person: Person
    session_secret: str
    totp: str
    codes: list[str]

    def code(self, at: datetime) -> str:
        return pyotp.TOTP(self.totp).at(at)

    async def opened(self, at: datetime = AT) -> OpenSession:
        """A session of one proof, as after a password."""
        secret = await actions.open_session(self.person.id, agent="x", is_staff=False, at=at)
        found = await session_by(hashed(secret), at=at)
        assert found is not None
        return found


async def an_owner(me: Person | None = None) -> Owner:
    me = me or await someone()
    secret = await actions.open_session(me.id, agent="x", is_staff=False, at=AT - timedelta(minutes=1))
    opened = await session_by(hashed(secret), at=AT)
    assert opened is not None
    await actions.start_totp(by=me, key=KEY, at=AT)
    set_up = await actions.totp_set_up(by=me, key=KEY)
    assert set_up is not None
    before = AT - timedelta(seconds=30)
    renewed, codes = await actions.confirm_totp(pyotp.TOTP(set_up.secret).at(before), opened=opened, by=me, key=KEY, at=before)
    return Owner(me, renewed, set_up.secret, codes)


async def test_it_counts_once_a_first_code_was_given(db):
    me = await someone()
    await actions.start_totp(by=me, key=KEY, at=AT)
    assert not (await own_security(me, at=AT)).has_totp
    owner = await an_owner(me)
    assert (await own_security(me, at=AT)).has_totp
    opened = await session_by(hashed(owner.session_secret), at=AT)
    assert opened is not None
    assert opened.factors_count == 2
    with pytest.raises(Conflict):
        await actions.start_totp(by=me, key=KEY, at=AT)


async def test_setting_up_ends_the_other_sessions_and_tells_by_mail(db):
    me = await someone()
    other = await actions.open_session(me.id, agent="x", is_staff=False, at=AT)
    await an_owner(me)
    assert await session_by(hashed(other), at=AT) is None
    assert "people.factor_changed" in await column("SELECT kind FROM letter")


async def test_a_session_asks_for_the_second_proof_and_is_renewed_by_it(db):
    owner = await an_owner()
    opened = await owner.opened()
    assert opened.standing(required=False) == "second"
    secret = await actions.give_second_proof(owner.code(AT), opened=opened, by=owner.person, key=KEY, at=AT)
    renewed = await session_by(hashed(secret), at=AT)
    assert renewed is not None
    assert (renewed.session, renewed.standing(required=True)) == (opened.session, "full")


async def test_one_code_twenty_times_at_once_serves_once_and_never_again(committed_db):
    """A09."""
    owner = await an_owner()
    sessions = [await owner.opened() for _ in range(20)]
    await execute("DELETE FROM throttle")

    async def give(opened: OpenSession, at: datetime = AT) -> str:
        return await actions.give_second_proof(owner.code(AT), opened=opened, by=owner.person, key=KEY, at=at)

    results = await asyncio.gather(*(give(opened) for opened in sessions), return_exceptions=True)
    names = sorted(type(result).__name__ for result in results)
    assert names == ["Invalid"] * 9 + ["TooMany"] * 10 + ["str"]
    await execute("DELETE FROM throttle")
    with pytest.raises(Invalid):
        await give(sessions[1], AT + timedelta(seconds=20))


@pytest.mark.parametrize(("seconds", "is_taken"), [(-61, False), (-30, False), (0, True), (30, True), (61, False)])
async def test_a_clock_may_drift_by_one_step(db, seconds, is_taken):
    """The step before was used to set it up, so it is refused here too."""
    owner = await an_owner()
    opened = await owner.opened()
    code = owner.code(AT + timedelta(seconds=seconds))
    if is_taken:
        assert await actions.give_second_proof(code, opened=opened, by=owner.person, key=KEY, at=AT)
    else:
        with pytest.raises(Invalid):
            await actions.give_second_proof(code, opened=opened, by=owner.person, key=KEY, at=AT)


async def test_guesses_are_limited(db):
    owner = await an_owner()
    opened = await owner.opened()
    await execute("DELETE FROM throttle")
    for guess in range(10):
        with pytest.raises(Invalid):
            await actions.give_second_proof(f"{guess:06}", opened=opened, by=owner.person, key=KEY, at=AT)
    with pytest.raises(TooMany):
        await actions.give_second_proof(owner.code(AT), opened=opened, by=owner.person, key=KEY, at=AT)


async def test_the_secret_is_unreadable_in_the_database_and_bound_to_its_owner(db):
    owner, other = await an_owner(), await someone()
    kept = await value("SELECT sealed_secret FROM totp WHERE account = $1", owner.person.id)
    assert owner.totp.encode() not in kept
    assert unseal(kept, owner=owner.person.id, key=KEY) == owner.totp
    assert unseal(kept, owner=owner.person.id, key="another secret of 32 characters or more") is None
    assert unseal(seal("x", owner=other.id, key=KEY), owner=other.id, key=KEY) == "x"


async def test_ten_codes_each_good_once_with_a_letter_each_time(db):
    """A17."""
    owner = await an_owner()
    assert len(set(owner.codes)) == 10
    assert all(kept.startswith("$argon2id$") for kept in await column("SELECT code_hash FROM recovery_code"))
    typed = owner.codes[3].lower().replace("-", " ")
    assert await actions.give_second_proof(typed, opened=await owner.opened(), by=owner.person, key=KEY, at=AT)
    assert (await own_security(owner.person, at=AT)).codes_left == 9
    with pytest.raises(Invalid):
        await actions.give_second_proof(typed, opened=await owner.opened(), by=owner.person, key=KEY, at=AT)
    assert await value("SELECT count(*) FROM letter WHERE kind = 'people.recovery_code'") == 1


async def test_new_codes_kill_the_old(db):
    """A17."""
    owner = await an_owner()
    here, there = await owner.opened(), await owner.opened()
    fresh = await actions.regenerate_codes(opened=here, by=owner.person, at=AT)
    assert await column("SELECT id FROM session WHERE ended_at IS NULL") == [here.session]
    told = await column("SELECT text FROM letter WHERE kind = 'people.factor_changed' ORDER BY created_at, id")
    assert "Vos codes de secours ont été refaits" in told[-1]
    assert there.session != here.session
    with pytest.raises(Invalid):
        await actions.give_second_proof(owner.codes[0], opened=await owner.opened(), by=owner.person, key=KEY, at=AT)
    assert await actions.give_second_proof(fresh[0], opened=await owner.opened(), by=owner.person, key=KEY, at=AT)


async def test_whoever_must_have_a_factor_keeps_the_last(db):
    world = await the_programme()
    me = await someone()
    await actions.give_role(me.id, Role.COACH, world.programme, by=None, at=AT)
    owner = await an_owner(me)
    with pytest.raises(Conflict):
        await actions.remove_totp(opened=await owner.opened(), by=me, required=True, at=AT)
    await actions.remove_totp(opened=await owner.opened(), by=me, required=False, at=AT)
    assert await column("SELECT id FROM recovery_code") == []
