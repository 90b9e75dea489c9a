"""A passkey in a real browser, held by Chromium's virtual authenticator: made, used to enter, used as the second proof."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect

from incubator.demo.story import SIGN_INS
from tests.browser.conftest import Enter, Story, sign_in

COACH = SIGN_INS["Accompagnateur"]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def with_device(page: Page) -> tuple[Any, str]:
    """A browser whose device knows its user."""
    line = await page.context.new_cdp_session(page)
    await line.send("WebAuthn.enable")
    made = await line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return line, made["authenticatorId"]


async def presence(line: Any, device: str, *, given: bool) -> None:
    """Whether a finger is on the device."""
    order = {"authenticatorId": device, "enabled": given}
    await line.send("WebAuthn.setAutomaticPresenceSimulation", order)


async def leave(page: Page) -> None:
    """Sign out by the menu."""
    await page.locator(".site-person summary").click()
    async with page.expect_navigation():
        await page.get_by_role("button", name="Se déconnecter").click()


async def test_a_passkey_is_made_then_enters_then_is_removed(story: Story, enter: Enter) -> None:
    """Keys are bound to names, so the site is reached by `localhost`."""
    site = story.address.replace("127.0.0.1", "localhost")
    page = await enter()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    line, device = await with_device(page)
    await presence(line, device, given=False)
    await sign_in(page, site, COACH)
    await page.goto(f"{site}/account/security")
    await page.get_by_role("link", name="Ajouter une clé d’accès").click()
    await page.get_by_label("Nom de la clé").fill("mon ordinateur")
    await presence(line, device, given=True)
    await page.get_by_role("button", name="Créer la clé d’accès").click()
    await expect(page.locator("main")).to_contain_text("La clé d’accès est enregistrée.")
    await expect(page.locator("main")).to_contain_text("mon ordinateur")
    assert len((await line.send("WebAuthn.getCredentials", {"authenticatorId": device}))["credentials"]) == 1

    await leave(page)
    await page.goto(f"{site}/sign-in?next=/coaching", wait_until="commit")  # the browser offers the key by itself: it is taken
    await expect(page).to_have_url(f"{site}/coaching")

    await leave(page)
    await page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
    await page.goto(f"{site}/sign-in?next=/coaching")
    await page.get_by_role("button", name="Utiliser une clé d’accès").click()
    await expect(page).to_have_url(f"{site}/coaching")

    await page.goto(f"{site}/account/security")
    await page.get_by_role("button", name="Retirer").click()
    await expect(page.locator("main")).to_contain_text("La clé d’accès est retirée.")
    assert said == []


async def test_where_no_key_can_be_made_another_way_is_said(story: Story, enter: Enter) -> None:
    page = await enter(COACH)
    await page.goto(f"{story.address}/account/security/passkeys/new")
    await expect(page.locator("main")).to_contain_text("Choisissez une application d’authentification")
    await expect(page.get_by_role("button", name="Créer la clé d’accès")).to_be_hidden()
