"""What a committee member does: sign, declare, give marks, hand in."""

from __future__ import annotations

from playwright.async_api import expect

from incubator.demo.story import SIGN_INS
from tests.browser.people import Screen

VOICE = SIGN_INS["Membre du comité, qui note"]
CODES = ("A1", "A2", "A3", "B4", "B5", "B6", "C7", "C8", "C9", "D10", "D11", "D12")


async def sign_undertaking(member: Screen) -> None:
    """R9: no dossier opens before."""
    await member.page.get_by_label("J’ai lu ce texte et je m’y engage").check()
    await member.press("Signer", within="form")


async def declare_nothing(member: Screen) -> None:
    """R10: before the dossier opens."""
    await member.page.check("[name=interest][value=none]")
    await member.press("Enregistrer ma déclaration")


async def give_marks(member: Screen, mark: int) -> None:
    """Every criterion, one of them NSP; a draft first, then handed in."""
    for code in CODES:
        await member.page.check(f'[name="scores.{code}"][value="{"nsp" if code == "A3" else mark}"]')
    await member.write(comment="Dossier solide, équipe complète.")
    await member.press("Enregistrer")
    await expect(member.page.locator('[name="scores.A3"][value="nsp"]')).to_be_checked()
    await member.press("Remettre mon évaluation")
    await expect(member.page.locator("#grid form")).to_have_count(0)
