"""How a team may change."""

from datetime import UTC, datetime, timedelta

import pytest

from incubator.projects.rules import (
    SEATS_MAX,
    InvitationFacts,
    InvitationState,
    MemberFacts,
    why_not_accept,
    why_not_change_role,
    why_not_decline,
    why_not_deposit_for,
    why_not_invite,
    why_not_leave,
    why_not_resend,
    why_not_revoke,
)

PENDING, EXPIRED = InvitationState.PENDING, InvitationState.EXPIRED
ACCEPTED, DECLINED, REVOKED = InvitationState.ACCEPTED, InvitationState.DECLINED, InvitationState.REVOKED
MEMBER = MemberFacts(is_depositor=False, is_gone=False, has_account=True)
NAMED = MemberFacts(is_depositor=False, is_gone=False, has_account=False)
DEPOSITOR = MemberFacts(is_depositor=True, is_gone=False, has_account=True)
GONE = MemberFacts(is_depositor=False, is_gone=True, has_account=True)
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("instants", "state"),
    [
        ((AT + TICK, None, None, None), PENDING),
        ((AT, None, None, None), EXPIRED),
        ((AT, AT, None, None), ACCEPTED),
        ((AT + TICK, None, AT, None), DECLINED),
        ((AT + TICK, None, None, AT), REVOKED),
    ],
)
def test_an_invitation_is_worth_something_until_its_end_or_its_answer(instants, state):
    assert InvitationFacts(*instants).state_at(AT) is state


def test_seats_are_bounded_and_an_address_is_asked_once():
    assert why_not_invite(SEATS_MAX - 1, is_in_team=False, is_invited=False) is None
    assert "au plus 8 places" in why_not_invite(SEATS_MAX, is_in_team=False, is_invited=False)
    assert "déjà dans l’équipe" in why_not_invite(1, is_in_team=True, is_invited=False)
    assert "déjà invitée" in why_not_invite(1, is_in_team=False, is_invited=True)


def test_an_invitation_is_accepted_in_time_once_and_while_a_seat_is_left():
    assert why_not_accept(PENDING, SEATS_MAX - 1, is_in_team=False) is None
    assert "complète" in why_not_accept(PENDING, SEATS_MAX, is_in_team=False)
    assert "déjà dans" in why_not_accept(PENDING, 2, is_in_team=True)
    told = [why_not_accept(state, 1, is_in_team=False) for state in (EXPIRED, ACCEPTED, DECLINED, REVOKED)]
    assert [word in one for word, one in zip(("expiré", "acceptée", "déclinée", "annulée"), told, strict=True)] == [True] * 4


@pytest.mark.parametrize("why_not", [why_not_revoke, why_not_decline, lambda state: why_not_resend(state, 1)])
def test_what_was_answered_is_over(why_not):
    assert [why_not(state) is None for state in InvitationState] == [True, True, False, False, False]


def test_an_expired_invitation_sent_again_needs_its_seat_back():
    assert why_not_resend(PENDING, SEATS_MAX) is None
    assert "places" in why_not_resend(EXPIRED, SEATS_MAX)


@pytest.mark.parametrize("why_not", [why_not_leave, why_not_change_role])
def test_the_depositor_is_replaced_before_leaving(why_not):
    """R2, B22."""
    assert [why_not(member) is None for member in (MEMBER, NAMED, DEPOSITOR, GONE)] == [True, True, False, False]
    assert "Désignez d’abord" in why_not(DEPOSITOR)


def test_who_deposits_has_accepted_to_be_in_the_team():
    assert [why_not_deposit_for(member) is None for member in (MEMBER, NAMED, DEPOSITOR, GONE)] == [True, False, False, False]
    assert "Invitez-la" in why_not_deposit_for(NAMED)
