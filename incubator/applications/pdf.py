"""What is printed of a deposit: the receipt and the dossier, as data for the typesetter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from incubator.applications.queries.committee import CommitteeFile
from incubator.applications.queries.dossiers import Receipt
from incubator.applications.rules.moves import ApplicationFacts
from incubator.core.language import _, language
from incubator.core.words import instant_words


def receipt_paper(facts: ApplicationFacts, receipts: Sequence[Receipt], site: str) -> dict[str, Any]:
    """The receipts of an application, latest first, and how to check each."""
    return {
        "title": _("Reçu de dépôt {number}").format(number=receipts[0].number),
        "at": receipts[0].received_at,
        "lang": language.get(),
        "footer": f"{receipts[0].number} · {facts.call_title}",
        "who": facts.call_title,
        "receipts": [
            {
                "title": _("Complément") if one.ordinal > 1 else _("Dépôt"),
                "facts": _receipt_facts(facts, one),
                "files": [{"name": file.name, "sha256": file.sha256} for file in one.files],
                "address": f"{site}/receipts?{urlencode({'number': one.number, 'content_hash': one.content_hash})}",
            }
            for one in receipts
        ],
        "files_title": _("Pièces jointes et leurs empreintes SHA-256"),
        "check_title": _("Vérifier ce reçu"),
        "check": _(
            "L’empreinte est calculée sur le contenu déposé, écrit d’une seule façon : elle prouve qu’il n’a pas changé depuis."
            " L’adresse ci-dessous dit si le numéro et l’empreinte vont ensemble, et rien d’autre ; personne n’a besoin de"
            " compte. L’empreinte d’une pièce se calcule sur le fichier lui-même, par exemple avec sha256sum."
        ),
    }


def _receipt_facts(facts: ApplicationFacts, receipt: Receipt) -> list[tuple[str, str]]:
    return [
        (_("Numéro"), receipt.number),
        (_("Reçue le"), _("{at}, heure de Paris").format(at=instant_words(receipt.received_at))),
        (_("Projet"), facts.project_name),
        (_("Déposée par"), receipt.deposited_by),
        (_("Appel"), f"{facts.call_title} ({facts.call_code})"),
        (_("Empreinte (SHA-256)"), receipt.content_hash),
    ]


def dossier_paper(file: CommitteeFile, facts: ApplicationFacts, at: datetime) -> dict[str, Any]:
    """The file as the committee reads it."""
    number = file.number or _("brouillon, non déposé")
    told = [
        (_("Résumé"), file.summary),
        (_("Commune"), file.commune),
        (_("Intercommunalité"), file.epci),
        (_("Département"), file.departement),
        (_("Phase demandée"), file.phase),
        (_("Équipe"), " · ".join(file.team)),
        (_("Reçu"), number),
        (_("Reçue le"), instant_words(file.received_at) if file.received_at else ""),
        (_("Déposé après la clôture, par dérogation"), file.derogation),
    ]
    return {
        "title": file.name or facts.project_name,
        "at": at,
        "lang": language.get(),
        "footer": f"{file.name} · {number}",
        "who": facts.call_title,
        "facts": [(term, words) for term, words in told if words],
        "sections": file.sections,
        "nothing": _("non renseigné"),
        "files_title": _("Pièces jointes et leurs empreintes SHA-256"),
        "files": [{"name": one.name, "sha256": one.sha256} for one in file.files],
    }
