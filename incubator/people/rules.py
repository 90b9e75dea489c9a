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
MAILS_TO_AN_ADDRESS = 6  # links to one mailbox in a quarter of an hour, from browsers it does not know
CHALLENGES_AN_ADDRESS = 120
CHALLENGE_LASTS = timedelta(minutes=5)
EMAIL_CHANGE_LASTS = timedelta(days=1)
ROLE_INVITATION_LASTS = timedelta(days=14)
VIEWING_LASTS = timedelta(minutes=30)
TOTP_STEP = 30  # seconds
TOTP_DRIFT = 1  # steps a clock may be early or late
RECOVERY_CODES = 10
DEVICES_AN_ACCOUNT = 20

FULL, SECOND, SET_UP = "full", "second", "set up"

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


def masked(email: str) -> str:
    """An address as a stranger may read it: `c•••@exemple.fr`."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def is_confusable(email: str) -> bool:
    """True for an address whose letters may pass for others (Cyrillic а for Latin a): shown to staff, never merged (A11)."""
    local, _at, domain = email.rpartition("@")
    return not local.isascii() or any(label.startswith("xn--") for label in domain.split("."))


def standing(factors: int, *, has_totp: bool, has_passkey: bool, must_have: bool) -> str:
    """Where a session stands: let in, asked for a second proof, or led to set one up (ASVS 6.3.3)."""
    if factors >= 2:
        return FULL
    if has_totp or (must_have and has_passkey):
        return SECOND
    return SET_UP if must_have else FULL


def why_not_remove_factor(factors_left: int, *, must_have: bool) -> str | None:
    """Whoever must have a second factor keeps one."""
    if must_have and factors_left == 0:
        return _("Votre rôle demande une double authentification : ajoutez un autre moyen avant de retirer celui-ci.")
    return None


def why_not_withdraw_role(role: str, managers: int) -> str | None:
    """A programme keeps a manager (A14)."""
    if role == "manager" and managers <= 1:
        return _("C’est la dernière personne responsable du programme. Nommez-en une autre d’abord.")
    return None


def why_not_view(*, in_programme: bool, elsewhere: bool, works: bool, sits: bool, interest: bool) -> str | None:
    """Only the pages of a project's team are looked at on its behalf, and of this programme alone."""
    if works:
        return _("Cette personne travaille pour un programme : ses pages ne se regardent pas.")
    if sits:
        return _("Cette personne siège dans un comité : ses pages ne se regardent pas.")
    if elsewhere:
        return _("Cette personne porte aussi un projet dans un autre programme : ses pages ne se regardent pas.")
    if interest:
        return _("Vous avez déclaré un intérêt dans un dossier de cette personne : ses pages ne se regardent pas.")
    if not in_programme:
        return _("Cette personne n’est dans aucune équipe de ce programme.")
    return None


def totp_steps(at: datetime) -> range:
    """The steps whose code is taken at that instant, oldest first."""
    current = int(at.timestamp()) // TOTP_STEP
    return range(current - TOTP_DRIFT, current + TOTP_DRIFT + 1)


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


def role_words(role: str) -> str:
    """A role as people say it."""
    return {
        "manager": _("responsable du programme"),
        "instructor": _("instruction des candidatures"),
        "coach": _("accompagnement"),
    }[role]
