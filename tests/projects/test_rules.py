"""Every reason, for every kind of member."""

import pytest

from incubator.projects.rules import TEAM_MAX, MemberFacts, why_not_add, why_not_deposit_for, why_not_leave


def member(*, depositor=False, gone=False, account=True) -> MemberFacts:
    return MemberFacts(is_depositor=depositor, is_gone=gone, has_account=account)


@pytest.mark.parametrize(
    ("count", "known", "reason"),
    [(1, False, None), (TEAM_MAX - 1, False, None), (TEAM_MAX, False, "maximum"), (2, True, "déjà dans l’équipe")],
)
def test_a_team_is_bounded_and_nobody_is_in_it_twice(count, known, reason):
    said = why_not_add(count, is_in_team=known)
    assert said is None if reason is None else reason in said


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (member(), None),
        (member(account=False), None),
        (member(depositor=True), "Désignez d’abord"),
        (member(gone=True), "a déjà quitté"),
        (member(gone=True, depositor=True), "a déjà quitté"),
    ],
)
def test_who_may_leave(facts, reason):
    said = why_not_leave(facts)
    assert said is None if reason is None else reason in said


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (member(), None),
        (member(account=False), "pas encore de compte"),
        (member(depositor=True), "dépose déjà"),
        (member(gone=True), "a quitté"),
    ],
)
def test_who_may_deposit_for_the_team(facts, reason):
    """R2: one person is the depositor."""
    said = why_not_deposit_for(facts)
    assert said is None if reason is None else reason in said
