"""What comes in about projects and teams."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from incubator.core.forms import ONE_LINE, Email, Line, Version
from incubator.projects.tables import GivenRole

NAME_MAX, SUMMARY_MAX, SKILLS_MAX = 80, 1000, 500

Name = Annotated[str, Meta(min_length=1, max_length=NAME_MAX, extra=ONE_LINE, examples=["Repair’Bus"])]
Summary = Annotated[str, Meta(max_length=SUMMARY_MAX, examples=["Un atelier mobile qui répare dans les villages."])]
InseeCode = Annotated[str, Meta(max_length=5, extra=ONE_LINE, description="INSEE code of the commune", examples=["37261"])]
PersonName = Annotated[str, Meta(min_length=1, max_length=120, extra=ONE_LINE)]
Days = Annotated[Decimal, Meta(description="Days a week, 0 to 7", extra={"low": 0, "high": 7})]


class NewProjectForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Create a project. The commune is a code, or (from a page) part of its name in `commune_text`."""

    name: Name
    summary: Summary = ""
    commune: InseeCode = ""
    commune_text: Line | None = None
    programme: Line = ""
    next: Line = ""


class ProjectForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Change a project, knowing the version that was read."""

    name: Name
    version: Version
    summary: Summary = ""
    commune: InseeCode = ""
    commune_text: Line | None = None


class InvitationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Invite someone to the team, at an address of theirs."""

    email: Email
    name: PersonName
    role: GivenRole = GivenRole.EDITOR


class MemberChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say which member."""

    member: UUID


class RoleForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a member may do from now on."""

    member: UUID
    role: GivenRole


class SkillsForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a member brings, and how many days a week."""

    member: UUID
    skills: Annotated[str, Meta(max_length=SKILLS_MAX)] = ""
    availability: Days | None = None


class InvitationLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The secret of an invitation's link."""

    token: Annotated[str, Meta(max_length=100, extra=ONE_LINE)]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that only says yes."""
