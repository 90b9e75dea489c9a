"""Passwords cost the same to compare, whoever asks."""

from incubator.people.secrets import NOBODY, _hasher, hash_password, password_matches


def test_an_unknown_address_costs_as_much_as_a_known_one():
    assert _hasher.check_needs_rehash(NOBODY) is False


async def test_a_password_opens_its_own_hash_alone():
    kept = await hash_password("un mot de passe long")
    assert await password_matches(kept, "un mot de passe long") is True
    assert await password_matches(kept, "un autre mot de passe") is False
    assert await password_matches("", "un mot de passe long") is False
