"""Which files are taken, how large, under which name, and what is said of each. No database, no file is opened here.

The table of the types (`TYPES`) and every limit stand here and nowhere else; docs/documents.md is read against them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from incubator.core.language import N_, _, ngettext
from incubator.core.words import instant_words, number_words
from incubator.documents.tables import DocumentState

MEGABYTE = 1_000_000
SIZE_MAX = 10 * MEGABYTE
NAME_MAX = 120
PIECE_MAX = 512 * 1024
PIECES_MAX = 400
UPLOADS_MAX = 20
UPLOAD_LASTS = timedelta(hours=24)
ORPHAN_AFTER = timedelta(hours=24)

ZIP_ENTRIES_MAX = 2_000
ZIP_DIRECTORY_MAX = 1 * MEGABYTE
ZIP_UNPACKED_MAX = 100 * MEGABYTE
PIXELS_MAX = 40_000_000
PDF_PAGES_MAX = 500
PDF_UNPACKED_MAX = 50 * MEGABYTE

RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_UNSHOWN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_UNSAFE = re.compile(r'[<>:"|?*%]')


class FileType(msgspec.Struct, frozen=True):
    """A type that is taken. `family` says how its content is looked at; `mark` is what that content must say."""

    media_type: str
    family: str
    mark: bytes = b""


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
TYPES: dict[str, FileType] = {
    "pdf": FileType("application/pdf", "pdf"),
    "docx": FileType(f"{_OFFICE}wordprocessingml.document", "office", f"{_OFFICE}wordprocessingml.document.main+xml".encode()),
    "xlsx": FileType(f"{_OFFICE}spreadsheetml.sheet", "office", f"{_OFFICE}spreadsheetml.sheet.main+xml".encode()),
    "pptx": FileType(
        f"{_OFFICE}presentationml.presentation", "office", f"{_OFFICE}presentationml.presentation.main+xml".encode()
    ),
    "odt": FileType(f"{_OPEN}text", "open", f"{_OPEN}text".encode()),
    "ods": FileType(f"{_OPEN}spreadsheet", "open", f"{_OPEN}spreadsheet".encode()),
    "odp": FileType(f"{_OPEN}presentation", "open", f"{_OPEN}presentation".encode()),
    "png": FileType("image/png", "png"),
    "jpg": FileType("image/jpeg", "jpeg"),
    "jpeg": FileType("image/jpeg", "jpeg"),
}
SAME = {"jpeg": "jpg"}


class Limits(msgspec.Struct, frozen=True):
    """What one question takes. `files_max` files of `size_max` bytes; `total_max` for the whole dossier, 0: no such limit."""

    types: tuple[str, ...]
    files_max: int = 1
    size_max: int = SIZE_MAX
    total_max: int = 0


class Kept(msgspec.Struct, frozen=True):
    """What is there already: files of the question, and bytes of the whole dossier."""

    files_count: int
    total: int


class Unfit(Exception):
    """The file cannot be taken; the message is a sentence that says why and what to do."""


def not_as_named() -> Unfit:
    """What is said of a file whose content is not that of its type."""
    return Unfit(
        _(
            "Le contenu de ce fichier n’est pas ce que son nom annonce. Ouvrez-le, enregistrez-le dans le bon format, puis"
            " envoyez-le."
        )
    )


def extension_of(name: str) -> str:
    """`Budget 2027.XLSX` → `xlsx`; "" when there is none."""
    _stem, dot, extension = _UNSHOWN.sub("", name).rstrip(" .").rpartition(".")
    return extension.strip().lower() if dot else ""


def shown_name(name: str) -> str:
    """The name as it is shown and downloaded under: one line, nothing invisible, nothing a disk refuses, 120 characters."""
    text = unicodedata.normalize("NFC", _UNSHOWN.sub("", name))
    text = re.split(r"[/\\]", text)[-1]
    text = re.sub(r"\s+", " ", _UNSAFE.sub("_", text)).strip(" .")
    stem, dot, extension = text.rpartition(".")
    if not dot:
        stem, extension = text, ""
    stem = stem.strip(" .") or _("document")
    if RESERVED.match(stem):
        stem = f"_{stem}"
    extension = extension[:10].lower()
    room = NAME_MAX - len(extension) - 1
    return f"{stem[:room].rstrip()}.{extension}" if extension else stem[:NAME_MAX]


def why_not_send(name: str, size: int, limits: Limits, kept: Kept) -> str | None:
    """Before a byte is read, and again once it is known how many came."""
    extension = extension_of(name)
    if extension in ("heic", "heif"):
        return _(
            "Les photos HEIC ne s’ouvrent pas partout. Enregistrez-la en JPEG (sur iPhone : Réglages, Appareil photo, Formats,"
            " « Le plus compatible »), puis envoyez-la."
        )
    if SAME.get(extension, extension) not in [SAME.get(one, one) for one in limits.types] or extension not in TYPES:
        return _("Ce type de fichier n’est pas accepté ici. Envoyez un fichier {types}.").format(types=types_words(limits.types))
    if size == 0:
        return _("Ce fichier est vide. Vérifiez-le, puis envoyez-le de nouveau.")
    if size > limits.size_max:
        return too_large(limits.size_max)
    if kept.files_count >= limits.files_max:
        return ngettext(
            "Un fichier est déjà là, et c’est le maximum. Retirez-le avant d’en envoyer un autre.",
            "{n} fichiers sont déjà là, et c’est le maximum. Retirez-en un avant d’en envoyer un autre.",
            limits.files_max,
        ).format(n=limits.files_max)
    if limits.total_max and kept.total + size > limits.total_max:
        return _("Avec ce fichier, le dossier dépasserait {most} en tout ({now} déjà envoyés). Allégez un fichier.").format(
            most=size_words(limits.total_max), now=size_words(kept.total)
        )
    return None


def too_large(size_max: int) -> str:
    """The sentence for a file beyond the limit."""
    return _("Ce fichier dépasse {most}. Allégez-le (un PDF compressé, des images plus petites), puis envoyez-le.").format(
        most=size_words(size_max)
    )


def types_words(types: Sequence[str]) -> str:
    """PDF, DOCX ou ODT"""
    names = [one.upper() for one in types if one != "jpeg"]
    return names[0] if len(names) == 1 else _("{first} ou {last}").format(first=", ".join(names[:-1]), last=names[-1])


def size_words(size: int) -> str:
    """12 Ko, 3,4 Mo"""
    if size >= MEGABYTE:
        return _("{n} Mo").format(n=number_words(size / MEGABYTE))
    return _("{n} Ko").format(n=number_words(max(1, size // 1000), 0))


STATE_WORDS = {
    DocumentState.RECEIVED: N_("En cours d’analyse"),
    DocumentState.HELD: N_("En attente d’analyse"),
    DocumentState.CLEAN: N_("Vérifié"),
    DocumentState.INFECTED: N_("Dangereux, écarté"),
    DocumentState.UNSCANNED: N_("Non analysé (démonstration)"),
}
REMARKS = {
    "tracked": N_("Ce document garde des modifications suivies : vérifiez que vous voulez les montrer."),
    "named": N_("Les propriétés de ce document nomment son auteur : retirez ce nom s’il ne doit pas être lu."),
}
NO_SCANNER, AWAY, TOO_LARGE, LOST = "no_scanner", "away", "too_large", "lost"


def waiting_words(reason: str, count: int, since: datetime) -> str:
    """For staff: why files cannot be opened, since when, and who can do something about it."""
    many = ngettext("{n} fichier", "{n} fichiers", count).format(n=count)
    sentences = {
        NO_SCANNER: _("Aucun antivirus n’est installé : {many} attendent depuis le {day}. Prévenez l’équipe technique."),
        AWAY: _("L’antivirus ne répond pas : {many} attendent depuis le {day}. L’analyse reprendra d’elle-même à son retour."),
        TOO_LARGE: _(
            "L’antivirus ne prend pas des fichiers aussi lourds : {many} depuis le {day}. Demandez-en une version allégée."
        ),
        LOST: _("Le stockage a perdu {many} depuis le {day}. Prévenez l’équipe technique, et demandez-les de nouveau."),
    }
    return sentences[reason].format(many=many, day=instant_words(since))


READABLE = frozenset({DocumentState.CLEAN})
WAITING = frozenset({DocumentState.RECEIVED, DocumentState.HELD})


def is_readable(state: DocumentState, *, demo: bool) -> bool:
    """Never before it is clean; what the demo does not scan, the demo shows."""
    return state in READABLE or (demo and state is DocumentState.UNSCANNED)


def why_not_open(state: DocumentState, *, demo: bool) -> str | None:
    """Why a document is not given yet, or ever."""
    if is_readable(state, demo=demo):
        return None
    if state is DocumentState.INFECTED:
        return _("Ce fichier contenait un programme dangereux : il a été effacé. Demandez une autre version à son auteur.")
    return _("Ce fichier est en cours d’analyse. Il s’ouvrira dès qu’il sera vérifié, en général en moins d’une minute.")


def next_try(attempts: int, at: datetime) -> datetime:
    """When to ask an absent scanner again: 5 s, 10 s, 20 s … at most a minute."""
    return at + timedelta(seconds=min(60, 5 * 2 ** min(attempts, 10)))
