"""What a file question takes, and what is there already. No database."""

from __future__ import annotations

from incubator.applications.rules.dossier import Answers
from incubator.calls.definitions import FormDefinition, Kind, Question
from incubator.core.language import ngettext
from incubator.documents.rules import SIZE_MAX, TYPES, Kept, Limits, size_words, types_words


def file_question(definition: FormDefinition, code: str) -> Question | None:
    """The question of that code, when it is answered by files."""
    return next((one for one in definition.questions if one.code == code and one.kind is Kind.FILE), None)


def file_codes(definition: FormDefinition) -> list[str]:
    """The codes of the questions answered by files."""
    return [one.code for one in definition.questions if one.kind is Kind.FILE]


def limits_of(definition: FormDefinition, question: Question) -> Limits:
    """What a question takes; what it does not say is said for all (documents.rules)."""
    return Limits(
        types=question.file_types or tuple(TYPES),
        files_max=question.files_max or 1,
        size_max=question.size_max or SIZE_MAX,
        total_max=definition.files_size_max,
    )


def kept_in(answers: Answers, question: str, sizes: dict[str, int]) -> Kept:
    """How many files the question has, and how heavy the whole dossier is. `sizes`: in bytes, by id of document."""
    return Kept(len(answers.get(question) or []), sum(sizes.values()))


def limits_words(limits: Limits) -> str:
    """Jusqu’à 5 fichiers PDF ou PNG, de 10 Mo au plus chacun."""
    return ngettext(
        "Un fichier {types}, de {size} au plus.", "Jusqu’à {n} fichiers {types}, de {size} au plus chacun.", limits.files_max
    ).format(n=limits.files_max, types=types_words(limits.types), size=size_words(limits.size_max))


def accepted(limits: Limits) -> str:
    """What a browser proposes to choose among: `.pdf,.png`."""
    return ",".join(f".{one}" for one in dict.fromkeys((*limits.types, *(("jpeg",) if "jpg" in limits.types else ()))))
