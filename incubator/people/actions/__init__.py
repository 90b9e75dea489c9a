"""Accounts, sessions, links, tokens, roles: creating them, using them, ending them."""

from incubator.people.actions.accounts import confirm_address, invite, save_account, sign_up
from incubator.people.actions.links import make_link
from incubator.people.actions.passwords import ask_reset, choose_password
from incubator.people.actions.roles import give_role
from incubator.people.actions.sessions import end_session, end_session_by, open_session, touch_session
from incubator.people.actions.signing_in import sign_in
from incubator.people.actions.sweeping import sweep
from incubator.people.actions.throttling import spend_try
from incubator.people.actions.tokens import create_api_token, revoke_api_token

__all__ = [
    "ask_reset",
    "choose_password",
    "confirm_address",
    "create_api_token",
    "end_session",
    "end_session_by",
    "give_role",
    "invite",
    "make_link",
    "open_session",
    "revoke_api_token",
    "save_account",
    "sign_in",
    "sign_up",
    "spend_try",
    "sweep",
    "touch_session",
]
