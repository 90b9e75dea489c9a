"""What is worth a second look in the answers without being wrong: said to the team, never held against it. No database."""

from __future__ import annotations

from collections.abc import Iterator

from incubator.applications.rules.dossier import Answers, kept_answers
from incubator.calls.definitions import FormDefinition, Kind
from incubator.core.language import _


def remarks(definition: FormDefinition, answers: Answers) -> dict[str, str]:
    """One sentence by question code."""
    return dict(_establishments_elsewhere(definition, answers))


def _establishments_elsewhere(definition: FormDefinition, answers: Answers) -> Iterator[tuple[str, str]]:
    """A SIRET whose first nine digits are the SIREN of no other answer (B18)."""
    kept = kept_answers(definition, answers)
    companies = [kept[one.code] for one in definition.questions if one.kind is Kind.SIREN and one.code in kept]
    for question in definition.questions:
        if companies and question.kind is Kind.SIRET and question.code in kept and kept[question.code][:9] not in companies:
            siren = " ".join((companies[0][:3], companies[0][3:6], companies[0][6:]))
            yield (
                question.code,
                _("Ce SIRET n’est pas celui d’un établissement du SIREN {siren}. Vérifiez l’un et l’autre.").format(siren=siren),
            )
