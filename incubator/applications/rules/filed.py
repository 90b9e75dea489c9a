"""What a deposit keeps of the project beside its answers: the committee reads it as it was, whatever changes since."""

from __future__ import annotations

from uuid import UUID

import msgspec


class FiledCard(msgspec.Struct, frozen=True):
    """The project as it was deposited: its name, its summary, where it is. `commune` is an INSEE code; the rest are names."""

    name: str
    summary: str = ""
    commune: str | None = None
    commune_name: str | None = None
    epci: str | None = None
    departement: str | None = None


class FiledMember(msgspec.Struct, frozen=True):
    """Someone of the team on the day of the deposit."""

    name: str
    role: str = ""
    skills: str = ""

    @property
    def words(self) -> str:
        """Aïcha Diallo — mécanique"""
        return f"{self.name} — {self.skills}" if self.skills else self.name


class FiledDocument(msgspec.Struct, frozen=True):
    """A document joined to an answer: its name, its size in bytes, the SHA-256 of its bytes in hexadecimal."""

    question: str
    document: UUID
    name: str
    size: int
    sha256: str
