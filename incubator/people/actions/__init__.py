"""Accounts, sessions, links, second proofs, tokens, roles: creating them, using them, ending them."""

from incubator.people.actions.accounts import await_owner, invite, save_account
from incubator.people.actions.addresses import ask_email_change, cancel_email_change, press_email_link
from incubator.people.actions.claims import Confirmed, SignedUp, confirm_address, correct_address, send_again, sign_up
from incubator.people.actions.links import answer_link_requests, ask_link, make_link
from incubator.people.actions.passkeys import (
    Site,
    ask_registration,
    ask_second_proof,
    ask_sign_in,
    prove_with_passkey,
    register,
    remove_passkey,
    sign_in_with_passkey,
)
from incubator.people.actions.passwords import choose_password, set_password
from incubator.people.actions.roles import accept_role, give_role, offer_role, revoke_offer, withdraw_role
from incubator.people.actions.sessions import (
    Browser,
    Entered,
    end_other_sessions,
    end_session,
    end_session_by,
    open_session,
    renew,
    touch_session,
)
from incubator.people.actions.signing_in import check_password, sign_in, sign_in_with_link
from incubator.people.actions.sweeping import sweep
from incubator.people.actions.throttling import spend_try
from incubator.people.actions.tokens import create_api_token, revoke_api_token
from incubator.people.actions.totp import (
    confirm_totp,
    give_second_proof,
    regenerate_codes,
    remove_totp,
    start_totp,
    totp_set_up,
)
from incubator.people.actions.viewing import end_viewing, refuse_while_viewing, start_viewing

__all__ = [
    "Browser",
    "Confirmed",
    "Entered",
    "SignedUp",
    "Site",
    "accept_role",
    "answer_link_requests",
    "ask_email_change",
    "ask_link",
    "ask_registration",
    "ask_second_proof",
    "ask_sign_in",
    "await_owner",
    "cancel_email_change",
    "check_password",
    "choose_password",
    "confirm_address",
    "confirm_totp",
    "correct_address",
    "create_api_token",
    "end_other_sessions",
    "end_session",
    "end_session_by",
    "end_viewing",
    "give_role",
    "give_second_proof",
    "invite",
    "make_link",
    "offer_role",
    "open_session",
    "press_email_link",
    "prove_with_passkey",
    "refuse_while_viewing",
    "regenerate_codes",
    "register",
    "remove_passkey",
    "remove_totp",
    "renew",
    "revoke_api_token",
    "revoke_offer",
    "save_account",
    "send_again",
    "set_password",
    "sign_in",
    "sign_in_with_link",
    "sign_in_with_passkey",
    "sign_up",
    "spend_try",
    "start_totp",
    "start_viewing",
    "sweep",
    "totp_set_up",
    "touch_session",
    "withdraw_role",
]
