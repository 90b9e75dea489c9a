"""How each kind of thing that awaits someone is said: one sentence, one link, a few words below."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from incubator.core.language import N_

WITHOUT_DUE = frozenset(
    {"countersign", "review", "waiver", "cohort", "inquiries", "retention"}
)  # their instant is when someone began to wait


# Their count is bounded (`paging.counted`).
COUNTED = frozenset({"declare", "assess", "files", "hand_in", "rule", "present", "decide", "decide_limited", "chase", "publish"})


class Words(msgspec.Struct, frozen=True):
    """How a kind is said: title for one, for several, link, a few words below; `{name}`, `{n}`, `{day}`… are filled in."""

    one: str
    many: str
    href: str
    what: str = ""


def _same(title: str, href: str, what: str = "") -> Words:
    return Words(title, title, href, what)


_ANSWERED = N_("Réponse à l’équipe à cette date.")
_BY_THEN = N_("{name}. Réponses aux équipes à cette date.")

KINDS: Mapping[str, Words] = {
    # the team
    "invited": _same(
        N_("Rejoignez l’équipe de {name}, ou déclinez"),
        "/invitations/{subject}",
        N_("On vous invite. L’invitation vaut jusqu’au {day}."),
    ),
    "agree": _same(
        N_("Confirmez votre accord pour déposer : {name}"),
        "/applications/{subject}/confirmation",
        N_("Toute l’équipe confirme avant le dépôt. L’appel ferme le {day} à {hour}."),
    ),
    "deposit": _same(
        N_("Terminez et déposez la candidature : {name}"),
        "/applications/{subject}",
        N_("L’appel ferme le {day} à {hour}."),
    ),
    "draft": _same(
        N_("Complétez la candidature avec votre équipe : {name}"),
        "/applications/{subject}",
        N_("L’appel ferme le {day} à {hour}."),
    ),
    "complement": _same(
        N_("Complétez le dossier : {name}"),
        "/applications/{subject}",
        N_("Le programme vous demande un complément, à envoyer avant le {day} à {hour}."),
    ),
    "place": _same(
        N_("Répondez pour votre place : {name}"),
        "/projects/{subject}/place",
        N_("Votre projet est retenu. Votre réponse est attendue."),
    ),
    "offer": _same(
        N_("Répondez pour votre place : {name}"),
        "/projects/{subject}/place",
        N_("Une place s’est libérée : elle vous est proposée."),
    ),
    "sign": _same(
        N_("Signez la convention : {name}"),
        "/projects/{subject}/agreement",
        N_("L’accompagnement commence une fois la convention signée."),
    ),
    # the committee
    "undertaking": _same(
        N_("Signez l’engagement de confidentialité"),
        "/committees/{subject}/undertaking",
        N_("{name} : les dossiers s’ouvrent ensuite."),
    ),
    "declare": Words(
        N_("Dites si vous avez un intérêt dans 1 dossier"),
        N_("Dites si vous avez un intérêt dans {n} dossiers"),
        "/committees/{subject}",
        _BY_THEN,
    ),
    "assess": Words(N_("Évaluez 1 dossier"), N_("Évaluez {n} dossiers"), "/committees/{subject}", _BY_THEN),
    "files": _same(N_("Lisez et évaluez {n} dossiers"), "/committees/{subject}", _BY_THEN),
    "hand_in": Words(
        N_("Remettez 1 évaluation en brouillon"), N_("Remettez {n} évaluations en brouillon"), "/committees/{subject}", _BY_THEN
    ),
    # the programme
    "rule": Words(
        N_("Prononcez la recevabilité de 1 dossier"),
        N_("Prononcez la recevabilité de {n} dossiers"),
        "/calls/{key}/applications",
        _BY_THEN,
    ),
    "inquiries": Words(
        N_("Répondez à 1 question d’une équipe"),
        N_("Répondez à {n} questions d’équipes"),
        "/calls/{key}/inquiries",
        N_("{name}. La plus ancienne attend depuis le {day}."),
    ),
    "data_request": Words(
        N_("Répondez à 1 demande sur des données personnelles"),
        N_("Répondez à {n} demandes sur des données personnelles"),
        "/data-requests",
        N_("La première attend sa réponse avant cette date."),
    ),
    "retention": Words(
        N_("Décidez d’une donnée gardée assez longtemps"),
        N_("Décidez de {n} données gardées assez longtemps"),
        "/retention",
        N_("Effacer, anonymiser ou garder un an de plus."),
    ),
    "rule_one": _same(N_("Prononcez la recevabilité"), "/applications/{subject}/eligibility", _ANSWERED),
    "present_one": _same(N_("Présentez le dossier au comité"), "/calls/{key}/committee", _ANSWERED),
    "decide_one": _same(N_("Enregistrez la décision"), "/applications/{subject}/decision", _ANSWERED),
    "overdue_complement": _same(
        N_("Le complément n’est pas arrivé : {name}"),
        "/applications/{subject}/eligibility",
        N_("Relancez l’équipe ou prononcez-vous."),
    ),
    "present": Words(
        N_("Présentez au comité 1 dossier recevable"),
        N_("Présentez au comité {n} dossiers recevables"),
        "/calls/{key}/committee",
        _BY_THEN,
    ),
    "decide": Words(
        N_("Enregistrez la décision pour 1 dossier évalué"),
        N_("Enregistrez les décisions pour {n} dossiers évalués"),
        "/committees/{subject}/ranking",
        N_("{name} : toutes les évaluations sont remises. Réponses aux équipes à cette date."),
    ),
    "decide_limited": Words(
        N_("Enregistrez la décision pour 1 dossier dont l’usage est limité"),
        N_("Enregistrez les décisions pour {n} dossiers dont l’usage est limité"),
        "/committees/{subject}/ranking",
        N_("{name} : plus personne ne les évalue. Réponses aux équipes à cette date."),
    ),
    "chase": Words(
        N_("Relancez le comité : 1 dossier attend des évaluations"),
        N_("Relancez le comité : {n} dossiers attendent des évaluations"),
        "/calls/{key}/committee",
        _BY_THEN,
    ),
    "publish": Words(
        N_("Publiez 1 décision"),
        N_("Publiez {n} décisions"),
        "/committees/{subject}/ranking",
        N_("{name} : les équipes les recevront toutes en même temps, au plus tard à cette date."),
    ),
    "publish_unseen": _same(N_("Publiez les décisions"), "/committees/{subject}/ranking", _BY_THEN),
    "cohort": _same(
        N_("Créez la promotion"), "/calls/{key}/cohort", N_("{name} : les projets retenus attendent de pouvoir répondre.")
    ),
    "unanswered": _same(
        N_("{name} n’a pas répondu pour sa place"),
        "/cohorts/{key}",
        N_("Relancez l’équipe ou libérez la place pour la liste d’attente."),
    ),
    "countersign": _same(
        N_("Signez la convention pour le programme : {name}"), "/projects/{subject}/agreement", N_("L’équipe a signé le {day}.")
    ),
    "uncoached": _same(
        N_("Désignez qui accompagne {name}"), "/projects/{subject}/coaches", N_("Le projet n’a pas de personne référente.")
    ),
    "gate": _same(N_("Décidez du passage : {name}"), "/enrolments/{subject}/gate", N_("Le projet est en revue de passage.")),
    # the coach
    "session": _same(N_("Séance avec {name}"), "/projects/{subject}/sessions"),
    "log": _same(
        N_("Notez la séance prévue avec {name}"),
        "/projects/{subject}/sessions/new",
        N_("Elle était prévue le {day} : rien n’est noté depuis."),
    ),
    "idle": _same(N_("Reprenez contact avec {name}"), "/projects/{subject}/sessions/new", N_("Aucune séance depuis {n} jours.")),
    "review": _same(
        N_("Relisez le livrable « {label} »"), "/enrolments/{subject}/milestones/{key}", N_("{name}, remis le {day}.")
    ),
    "waiver": _same(N_("Confirmez que « {label} » est sans objet"), "/enrolments/{subject}/milestones/{key}", N_("{name}")),
}
