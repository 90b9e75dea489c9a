"""An authenticator in a few lines: it makes keys on the P-256 curve and signs what a browser would give it."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, WITH_KEY = 1, 4, 64


class Authenticator:
    """One key. `verifies`: it recognises its user; `count`: how often it signed."""

    def __init__(self, *, origin: str = "http://testserver", verifies: bool = True) -> None:
        self.origin, self.verifies = origin, verifies
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.count = 0

    def create(self, options: str, **changed: Any) -> str:
        """Answer to `navigator.credentials.create`."""
        asked = json.loads(options)
        told = self._told("webauthn.create", asked["challenge"]) | changed
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._public()
        whole = encode_cbor({"fmt": "none", "attStmt": {}, "authData": self._data(asked["rp"]["id"], WITH_KEY) + attested})
        return self._answer({"attestationObject": bytes_to_base64url(whole)}, told)

    def get(self, options: str, *, count: int | None = None, **changed: Any) -> str:
        """Answer to `navigator.credentials.get`."""
        asked = json.loads(options)
        self.count = self.count + 1 if count is None else count
        told = self._told("webauthn.get", asked["challenge"]) | changed
        data = self._data(asked["rpId"], 0)
        signature = self.key.sign(data + hashlib.sha256(json.dumps(told).encode()).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"authenticatorData": bytes_to_base64url(data), "signature": bytes_to_base64url(signature)}
        return self._answer(parts, told)

    def _told(self, kind: str, challenge: str) -> dict[str, Any]:
        return {"type": kind, "challenge": bytes_to_base64url(base64url_to_bytes(challenge)), "origin": self.origin}

    def _data(self, rp_id: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def _answer(self, parts: dict[str, str], told: dict[str, Any]) -> str:
        response = parts | {"clientDataJSON": bytes_to_base64url(json.dumps(told).encode())}
        name = bytes_to_base64url(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}})
