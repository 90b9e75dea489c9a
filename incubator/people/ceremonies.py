"""What is asked of an authenticator and whether its answer holds (WebAuthn). Loaded when first needed: it takes 0.2 s."""

from __future__ import annotations

from typing import Any

import msgspec
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

REQUIRED, PREFERRED = UserVerificationRequirement.REQUIRED, UserVerificationRequirement.PREFERRED


class Registered(msgspec.Struct, frozen=True):
    """A new public key."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


class Signed(msgspec.Struct, frozen=True):
    """A challenge that was signed; `is_verified`: the device also recognised its user (a finger, a PIN)."""

    sign_count: int
    is_verified: bool


def registration_options(
    *, rp_id: str, account: bytes, email: str, name: str, known: list[bytes], challenge: bytes, must_verify: bool
) -> str:
    """JSON for `navigator.credentials.create`: a key that is found without typing an address."""
    options = generate_registration_options(
        rp_id=rp_id,
        rp_name="Alter’Incub",
        user_id=account,
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=300_000,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED if must_verify else PREFERRED
        ),
    )
    return options_to_json(options)


def sign_in_options(*, rp_id: str, known: list[bytes], challenge: bytes, must_verify: bool) -> str:
    """JSON for `navigator.credentials.get`; without `known`, any key of this site."""
    options = generate_authentication_options(
        rp_id=rp_id,
        challenge=challenge,
        timeout=300_000,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=REQUIRED if must_verify else PREFERRED,
    )
    return options_to_json(options)


def registered(credential: dict[str, Any], *, rp_id: str, origin: str, challenge: bytes, must_verify: bool) -> Registered | None:
    """The key of an answer that holds, else None."""
    try:
        found = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=must_verify,
        )
    except Exception:  # whatever a forged answer breaks in a parser is a refusal
        return None
    return Registered(found.credential_id, found.credential_public_key, found.sign_count)


def signed(
    credential: dict[str, Any], *, rp_id: str, origin: str, challenge: bytes, public_key: bytes, sign_count: int
) -> Signed | None:
    """What an answer that holds says, else None: another challenge or site, a counter that went back, a wrong signature."""
    try:
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
        )
    except Exception:  # whatever a forged answer breaks in a parser is a refusal
        return None
    return Signed(found.new_sign_count, found.user_verified)
