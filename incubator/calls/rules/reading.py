"""A form as one reads it before starting, on the page and on paper: what is asked, how it is answered, and when. No database."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from incubator.calls.definitions import WITH_OPTIONS, Column, FormDefinition, Kind, Question, Readers
from incubator.calls.rules.wording import MEGABYTE, condition_words
from incubator.core.language import _, ngettext
from incubator.core.words import number_words

CHARACTERS_A_LINE = 90
LINES_MAX = 24


class ReadQuestion(msgspec.Struct, frozen=True):
    """A question in words. `when`: only if…; `needed`: "", `always` or the condition in words; `lines`: room to write by hand."""

    code: str
    label: str
    kind: Kind
    help: str
    example: str
    how: str
    options: list[tuple[str, str]]
    columns: list[str]
    needed: str
    when: str
    readers: str
    lines: int
    rows_count: int

    @property
    def is_answered(self) -> bool:
        """Whether it asks for anything."""
        return self.kind is not Kind.INFORMATION


class ReadSection(msgspec.Struct, frozen=True):
    """A section in words."""

    code: str
    title: str
    introduction: str
    questions: list[ReadQuestion]

    @property
    def questions_count(self) -> int:
        """How many of its questions are answered."""
        return sum(question.is_answered for question in self.questions)


def readable(form: FormDefinition, phases: Mapping[str, str]) -> list[ReadSection]:
    """The whole form in words; `phases`: those one can enter by, name by code."""
    asked = {question.code: question for question in form.questions}
    return [
        ReadSection(section.code, section.title, section.introduction, [_read(one, asked, phases) for one in section.questions])
        for section in form.sections
    ]


def _read(question: Question, asked: Mapping[str, Question], phases: Mapping[str, str]) -> ReadQuestion:
    needed = "always" if question.required else ""
    if question.required_when and not needed:
        needed = condition_words(question.required_when, asked, phases)
    return ReadQuestion(
        code=question.code,
        label=question.label,
        kind=question.kind,
        help=question.help,
        example=question.example,
        how=how_answered(question),
        options=_options(question, phases),
        columns=[_column_words(column) for column in question.columns],
        needed=needed,
        when=condition_words(question.when, asked, phases) if question.when else "",
        readers=_readers(question.readers),
        lines=_lines(question),
        rows_count=min(question.rows_max, 8),
    )


def how_answered(question: Question) -> str:
    """How a question is answered, in a few words; its options are told apart."""
    words = {
        Kind.DAY: _("une date"),
        Kind.AMOUNT: _("un montant en euros"),
        Kind.CHOICE: _("un seul choix"),
        Kind.CHOICES: _("plusieurs choix possibles"),
        Kind.YES_NO: _("oui ou non"),
        Kind.RANKED: _("{n} à classer, du plus au moins important").format(n=question.ranks),
        Kind.COMMUNE: _("une commune, par son nom ou son code postal"),
        Kind.EPCI: _("une intercommunalité, par son nom"),
        Kind.SIREN: _("un numéro SIREN, neuf chiffres"),
        Kind.SIRET: _("un numéro SIRET, quatorze chiffres"),
        Kind.PHASE: _("un seul choix"),
        Kind.STATEMENT: _("à cocher"),
    }
    match question.kind:
        case Kind.LINE | Kind.TEXT:
            return _characters(question.limit)
        case Kind.NUMBER:
            return _("un nombre ({unit})").format(unit=question.unit) if question.unit else _("un nombre")
        case Kind.SCALE:
            return _scale(question)
        case Kind.ROWS:
            return ngettext("{n} ligne au plus", "{n} lignes au plus", question.rows_max).format(n=question.rows_max)
        case Kind.FILE:
            return _files(question)
    return words.get(question.kind, "")


def _characters(limit: int) -> str:
    if not limit:
        return _("un texte")
    return ngettext("{n} caractère au plus", "{n} caractères au plus", limit).format(n=number_words(limit, 0))


def _scale(question: Question) -> str:
    told = _("de {least} à {most}").format(least=question.least or 0, most=question.most or 0)
    if len(question.scale_words) != 2:
        return told
    lowest, highest = question.scale_words
    return _("de {least} ({lowest}) à {most} ({highest})").format(
        least=question.least or 0, lowest=lowest, most=question.most or 0, highest=highest
    )


def _files(question: Question) -> str:
    told = ngettext("{n} fichier au plus", "{n} fichiers au plus", question.files_max).format(n=question.files_max)
    if question.file_types:
        told += _(", {types}").format(types=", ".join(question.file_types))
    if question.size_max:
        told += _(", {size}\u00a0Mo chacun").format(size=number_words(question.size_max / MEGABYTE))
    return told


def _options(question: Question, phases: Mapping[str, str]) -> list[tuple[str, str]]:
    if question.kind is Kind.PHASE:
        return [(name, "") for name in phases.values()]
    if question.kind is Kind.YES_NO:
        return [(_("Oui"), ""), (_("Non"), "")]
    return [(option.label, option.help) for option in question.options] if question.kind in WITH_OPTIONS else []


def _column_words(column: Column) -> str:
    return f"{column.label} ({column.unit})" if column.unit else column.label


def _readers(readers: Readers) -> str:
    return {
        Readers.COMMITTEE: "",
        Readers.STAFF: _("lu par l’équipe du programme seule"),
        Readers.MANAGER: _("lu par le responsable du programme seul"),
    }[readers]


def _lines(question: Question) -> int:
    """Ruled lines on paper for an answer of that length."""
    match question.kind:
        case Kind.TEXT:
            return max(4, min(LINES_MAX, -(-(question.limit or 1000) // CHARACTERS_A_LINE)))
        case Kind.LINE:
            return max(1, min(4, -(-(question.limit or CHARACTERS_A_LINE) // CHARACTERS_A_LINE)))
        case Kind.NUMBER | Kind.AMOUNT | Kind.DAY | Kind.COMMUNE | Kind.EPCI | Kind.SIREN | Kind.SIRET | Kind.SCALE:
            return 1
    return 0
