"""Arithmetic and limits of signing in: no clock, no database."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from incubator.core.errors import Invalid
from incubator.core.language import _, ngettext

PASSWORD_MIN, PASSWORD_MAX = 12, 256
OWN_NAME_MIN = 3  # a shorter one stands in too many words by chance
LINK_LASTS = timedelta(minutes=10)
CONFIRM_LASTS = timedelta(days=3)
INVITE_LASTS = timedelta(days=7)
SESSION_LASTS = timedelta(days=7)
SESSION_IDLE = timedelta(hours=12)
STAFF_SESSION_LASTS = timedelta(hours=12)
STAFF_SESSION_IDLE = timedelta(hours=1)
TRIES_WINDOW = timedelta(minutes=15)
TRIES_AN_ACCOUNT, TRIES_AN_ADDRESS = 10, 60
MAILS_AN_ADDRESS = 20

_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}  # Edge also says Chrome
_SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS", "Linux": "Linux"}

_COMMON = frozenset(
    [
        "123456789012",
        "1234567890123",
        "azertyuiop123",
        "motdepasse123",
        "motdepasse1234",
        "motdepasse12",
        "qwertyuiop123",
        "password1234",
        "passwordpassword",
        "motdepassemotdepasse",
        "alterincub2026",
        "alterincub2025",
        "centrevaldeloire",
        "azertyazerty",
        "administrateur",
        "bonjourbonjour",
        "jetaimejetaime",
        "soleil123456",
        "iloveyou1234",
        "adminadminadmin",
        "welcome12345",
        "aaaaaaaaaaaa",
    ]
)
_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


def normal_email(typed: str) -> str:
    """One spelling for one address: NFKC, case folded, domain in IDNA. Raises `Invalid` on `email`."""
    text = unicodedata.normalize("NFKC", typed).strip().casefold()
    local, _at, domain = text.rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode()}" if domain else ""
    except UnicodeError:
        address = ""
    if not _EMAIL.fullmatch(address) or len(address) > 254:
        raise Invalid({"email": _("Cette adresse électronique n’est pas complète. Exemple : prenom.nom@exemple.fr")})
    return address


def check_password(password: str, email: str) -> None:
    """At least twelve characters, any of them, none of the well-known ones. Raises `Invalid` on `password`."""
    if len(password) < PASSWORD_MIN:
        missing = PASSWORD_MIN - len(password)
        raise Invalid(
            {
                "password": ngettext(
                    "Choisissez au moins {min} caractères : il en manque {n}.",
                    "Choisissez au moins {min} caractères : il en manque {n}.",
                    missing,
                ).format(min=PASSWORD_MIN, n=missing)
            }
        )
    if len(password) > PASSWORD_MAX or "\x00" in password:
        raise Invalid({"password": _("Choisissez au plus {max} caractères.").format(max=PASSWORD_MAX)})
    local = email.split("@")[0]
    is_own_name = len(local) >= OWN_NAME_MIN and local in password.casefold()
    if password.casefold() in _COMMON or is_own_name or len(set(password)) < 4:
        raise Invalid(
            {"password": _("Ce mot de passe est trop facile à deviner. Choisissez plusieurs mots sans lien entre eux.")}
        )


def device_words(agent: str) -> str:
    """Firefox sur Android: the browser a session was opened in, from what it said of itself."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), "")
    if browser and system:
        return _("{browser} sur {system}").format(browser=browser, system=system)
    return browser or system or agent[:60] or _("Inconnu")


def session_end(created_at: datetime, seen_at: datetime, *, staff: bool) -> datetime:
    """When a session dies: unused for so long, or that old (ASVS 7.3)."""
    idle, lasts = (STAFF_SESSION_IDLE, STAFF_SESSION_LASTS) if staff else (SESSION_IDLE, SESSION_LASTS)
    return min(seen_at + idle, created_at + lasts)
