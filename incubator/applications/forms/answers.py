"""From what was sent to an answer's value, for each kind of question; what is not filled in is None.

A page sends fields named after the question (`field_name`); a program sends the value itself. Both go through
`read_answer`, so that both are told the same. Limits count characters after cleaning (R3).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from incubator.applications.forms.values import Wrong, among, simple_value, text_of
from incubator.calls.definitions import Column, Kind, Question
from incubator.core.language import _, ngettext

INSEE_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}", re.ASCII)
EPCI_CODE = re.compile(r"[0-9]{9}", re.ASCII)
DOCUMENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
PICKED = frozenset({Kind.COMMUNE, Kind.EPCI})
Fields = Mapping[str, list[str]]


def field_name(place: str) -> str:
    """The name of the field of a question, or of a cell (`2.1/0/days`): no dot, since it names elements of the page too."""
    return "q" + place.replace(".", "-").replace("/", "_")


def sent_fields(question: Question) -> set[str]:
    """Every field a page may send for a question."""
    name = field_name(question.code)
    match question.kind:
        case Kind.ROWS:
            cells = {f"{name}_{row}_{column.code}" for row in range(question.rows_max) for column in question.columns}
            return cells | {f"was.{name}"}
        case Kind.RANKED:
            return {f"{name}_{rank}" for rank in range(question.ranks)} | {f"was.{name}"}
        case Kind.COMMUNE | Kind.EPCI:
            return {name, f"{name}_text", f"was.{name}"}
        case Kind.INFORMATION:
            return set()
        case _:
            return {name, f"was.{name}"}


def sent_answer(question: Question, fields: Fields) -> Any:
    """What a page sent for a question, in the shape a program would give it. Raises `Wrong` for a field sent twice."""
    name = field_name(question.code)
    match question.kind:
        case Kind.ROWS:
            rows = range(question.rows_max)
            return [{column.code: _one(fields, f"{name}_{row}_{column.code}") for column in question.columns} for row in rows]
        case Kind.RANKED:
            return [_one(fields, f"{name}_{rank}") for rank in range(question.ranks)]
        case Kind.CHOICES | Kind.FILE:
            return list(fields.get(name, []))
        case Kind.INFORMATION:
            return None
        case Kind.STATEMENT:
            return bool(_one(fields, name))
        case _:
            return _one(fields, name)


def _one(fields: Fields, name: str) -> str:
    texts = fields.get(name, [""])
    if len(texts) != 1:
        raise Wrong({"": _("Ce champ a été envoyé plusieurs fois. Envoyez-le une seule fois.")})
    return texts[0]


def read_answer(question: Question, sent: Any, phases: Collection[str]) -> Any:
    """The value of an answer, None for none. `phases`: codes of the call's entry phases. Raises `Wrong`."""
    match question.kind:
        case Kind.ROWS:
            return _rows(question, sent)
        case Kind.CHOICES:
            return _choices(question, sent)
        case Kind.RANKED:
            return _ranked(question, sent)
        case Kind.STATEMENT:
            return _statement(sent)
        case Kind.PHASE:
            return among(text_of(sent, line=True), phases)
        case Kind.COMMUNE:
            return _commune(text_of(sent, line=True))
        case Kind.EPCI:
            return _epci(text_of(sent, line=True))
        case Kind.FILE:
            return _files(question, sent)
        case Kind.INFORMATION:
            return _nothing(sent)
        case _:
            return simple_value(question, sent)


def stored_fields(question: Question, value: Any) -> dict[str, list[str]]:
    """The fields of a page that show a stored value: what `sent_answer` reads back as the same."""
    name = field_name(question.code)
    if value is None:
        return {}
    match question.kind:
        case Kind.ROWS:
            return {
                f"{name}_{row}_{column.code}": [_shown(column, cells[column.code])]
                for row, cells in enumerate(value)
                for column in question.columns
                if cells.get(column.code) is not None
            }
        case Kind.RANKED:
            return {f"{name}_{rank}": [code] for rank, code in enumerate(value)}
        case Kind.CHOICES | Kind.FILE:
            return {name: list(value)}
        case Kind.STATEMENT:
            return {name: ["on"]}
        case _:
            return {name: [_shown(question, value)]}


def _amount(value: str) -> str:
    """1 250,50: as money is written in France, in whatever language the page is; whole euros without cents."""
    amount = Decimal(value)
    text = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return text.replace(",", "\u202f").replace(".", ",")


def _shown(asked: Question | Column, value: Any) -> str:
    """Numbers and amounts are shown as they are typed in French: 1,5."""
    if asked.kind is Kind.AMOUNT:
        return _amount(value)
    return str(value).replace(".", ",") if asked.kind is Kind.NUMBER else str(value)


def read_answers(
    questions: Mapping[str, Question], sent: Mapping[str, Any], phases: Collection[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values that can be taken, and one sentence for each place where one cannot (`2.1`, `2.1/0/days`)."""
    values, errors = {}, {}
    for code, given in sent.items():
        if code not in questions:
            errors[code] = _("Cette question n’existe pas.")
            continue
        try:
            values[code] = read_answer(questions[code], given, phases)
        except Wrong as wrong:
            errors |= {f"{code}/{place}" if place else code: sentence for place, sentence in wrong.errors.items()}
    return values, errors


def _listed(sent: Any) -> list[Any]:
    if sent is None:
        return []
    if not isinstance(sent, list) or len(sent) > 100:
        raise Wrong({"": _("Une liste est attendue.")})
    return sent


def _choices(question: Question, sent: Any) -> list[str] | None:
    codes = [option.code for option in question.options]
    chosen = {among(text_of(item, line=True), codes) for item in _listed(sent)}
    return [code for code in codes if code in chosen] or None


def _ranked(question: Question, sent: Any) -> list[str] | None:
    codes = [option.code for option in question.options]
    chosen = [code for item in _listed(sent) if (code := among(text_of(item, line=True), codes))]
    if len(set(chosen)) < len(chosen):
        raise Wrong({"": _("La même réponse est choisie deux fois. Choisissez des réponses différentes.")})
    if len(chosen) > question.ranks:
        raise Wrong({"": _("Choisissez {count} réponses au plus.").format(count=question.ranks)})
    return chosen or None


def _statement(sent: Any) -> bool | None:
    if sent is not None and not isinstance(sent, bool):
        raise Wrong({"": _("Répondez par vrai ou faux.")})
    return True if sent else None


def _commune(text: str) -> str | None:
    if text and not INSEE_CODE.fullmatch(text):
        raise Wrong({"": _("Aucune commune ne correspond. Essayez une partie du nom, ou le code postal.")})
    return text or None


def _epci(text: str) -> str | None:
    if text and not EPCI_CODE.fullmatch(text):
        raise Wrong({"": _("Aucune intercommunalité ne correspond. Essayez une partie de son nom.")})
    return text or None


def _files(question: Question, sent: Any) -> list[str] | None:
    """Ids of documents, each once; that they are this application's is for the act to tell."""
    ids = list(dict.fromkeys(text.lower() for item in _listed(sent) if (text := text_of(item, line=True))))
    if not all(DOCUMENT.fullmatch(one) for one in ids):
        raise Wrong({"": _("Ce fichier n’est pas dans votre dossier. Ajoutez-le de nouveau.")})
    if len(ids) > question.files_max:
        raise Wrong({"": ngettext("Gardez un fichier au plus.", "Gardez {count} fichiers au plus.", question.files_max).format(
            count=question.files_max
        )})  # fmt: skip
    return [str(UUID(one)) for one in ids] or None


def _nothing(sent: Any) -> None:
    if sent is not None:
        raise Wrong({"": _("Ce texte n’attend pas de réponse.")})


def _rows(question: Question, sent: Any) -> list[dict[str, str]] | None:
    """The rows that hold something; a cell that holds nothing is left out."""
    errors: dict[str, str] = {}
    kept = []
    for index, row in enumerate(_listed(sent)):
        if not isinstance(row, dict) or not set(row) <= {column.code for column in question.columns}:
            raise Wrong({"": _("Une ligne ne ressemble pas à la question.")})
        cells = {}
        for column in question.columns:
            try:
                cells[column.code] = simple_value(column, row.get(column.code))
            except Wrong as wrong:
                errors[f"{index}/{column.code}"] = wrong.errors[""]
        if filled := {code: cell for code, cell in cells.items() if cell is not None}:
            kept.append(filled)
    if errors:
        raise Wrong(errors)
    if len(kept) > question.rows_max:
        raise Wrong({"": _("Gardez au plus {count} lignes.").format(count=question.rows_max)})
    return kept or None
