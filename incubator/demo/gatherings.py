"""Around the open call: seven information meetings and who comes, what people ask, who wants to be called or told."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from incubator.calls.actions.faq import add_faq_entry
from incubator.calls.actions.prospects import keep_self_test
from incubator.calls.public_forms import CallBackForm, FaqForm
from incubator.demo.calendar import moment
from incubator.demo.cast import address
from incubator.demo.stage import Act, Stage
from incubator.events.actions import create_meeting, mark_attendance, register
from incubator.events.forms import AttendanceForm, NewMeetingForm, RegistrationForm
from incubator.events.queries import registrations


class Gathering(msgspec.Struct, frozen=True):
    """A meeting: so many days from today, at that hour; where, and who comes (name, with how many in all)."""

    days: int
    hour: int
    place: str
    street: str
    commune: str
    seats: int
    coming: tuple[tuple[str, int], ...] = ()
    link: str = ""


GATHERINGS = (
    Gathering(
        -12,
        18,
        "MRESS",
        "6 rue des Fabriques",
        "45147",
        40,
        (("Sandrine Poulain", 2), ("Roland Guichard", 1), ("Fatoumata Keïta", 1), ("Yves Bertin", 3), ("Lucie Amiot", 1)),
    ),
    Gathering(-5, 18, "Le tiers-lieu des Tanneurs", "3 quai de la Loire", "37261", 30, (("Hélène Roy", 1), ("Moussa Diallo", 2))),
    Gathering(
        4,
        18,
        "La pépinière du Moulon",
        "14 allée du Moulon",
        "18033",
        25,
        (("Agathe Perrin", 1), ("Karim Ouali", 2), ("Suzanne Faye", 1)),
    ),
    Gathering(8, 14, "La Maison des associations", "2 place du Marché", "28085", 25, (("Benoît Carré", 1),)),
    Gathering(11, 18, "Le Foyer des Cordeliers", "9 rue des Arts", "36044", 20),
    Gathering(15, 18, "La Fabrique du Port", "1 rue du Port", "41018", 2, (("Odile Marchais", 2),)),
    Gathering(18, 12, "", "", "", 100, (("Nour Haddad", 1), ("Émile Tran", 1)), "https://visio.alter-incub.example/decouvrir"),
)
DESCRIPTION = (
    "Le programme, le calendrier, les critères, et le temps de répondre à chacun. Une équipe déjà accompagnée raconte"
    " son chemin.\n\nEntrée libre, on s’inscrit pour que chacun ait une chaise."
)
QUESTIONS = (
    (
        "",
        "Faut-il déjà avoir créé son entreprise ?",
        "Non. La plupart des équipes arrivent avec une idée et quelques conversations avec les personnes concernées. La forme"
        " juridique se choisit pendant l’incubation.",
    ),
    (
        "",
        "Combien cela coûte-t-il ?",
        "Rien. L’accompagnement est financé par la Région, l’Europe et les métropoles. En échange, nous vous demandons du temps :"
        " deux jours et demi par semaine pour l’un de vous.",
    ),
    (
        "S2",
        "Je suis seule pour l’instant. Puis-je candidater ?",
        "Oui. Dites quelles compétences vous cherchez et où vous comptez les trouver : c’est ce que le comité regardera.",
    ),
    (
        "S6",
        "Le budget sur trois ans doit-il être exact ?",
        "Il doit être honnête. Écrivez vos hypothèses à côté des chiffres ; nous les travaillerons ensemble.",
    ),
)
TO_LOOK_AT = frozenset({"T6", "T8"})


def plan_gatherings(stage: Stage, code: str, key: str) -> None:
    """Announced the day the call opens; `key` signs the links of the letters."""
    stage.on(-20, _questions(stage, code), 11)
    held: dict[int, UUID] = {}
    for number, gathering in enumerate(GATHERINGS):
        stage.on(-20, _announce(stage, code, gathering, held, number), 8, number)
        for place, (name, people_count) in enumerate(gathering.coming):
            stage.on(-19 + place, _come(held, number, name, people_count, key), 10 + number, 10)
        if gathering.days < 0:
            stage.on(gathering.days, _came(stage, held, number), gathering.hour + 3)
    stage.on(-2, _self_test(code), 21, 12)


def _questions(stage: Stage, code: str) -> Act:
    async def act(at: datetime) -> None:
        for section, question, answer in QUESTIONS:
            form = FaqForm(section=section, question=question, answer=answer, published=True)
            await add_faq_entry(code, form, by=stage.staff.instructor, at=at)

    return act


def _announce(stage: Stage, code: str, gathering: Gathering, held: dict[int, UUID], number: int) -> Act:
    starts_at = moment(stage.calendar.day(gathering.days), gathering.hour)
    form = NewMeetingForm(
        title="Réunion d’information",
        description=DESCRIPTION,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        seats=gathering.seats,
        place_name=gathering.place,
        address=gathering.street,
        commune=gathering.commune,
        is_remote=bool(gathering.link),
        link=gathering.link,
    )

    async def act(at: datetime) -> None:
        held[number] = await create_meeting(code, form, by=stage.staff.instructor, at=at)

    return act


def _come(held: dict[int, UUID], number: int, name: str, people_count: int, key: str) -> Act:
    async def act(at: datetime) -> None:
        email = address(name, "voisins.example")
        form = RegistrationForm(name=name, email=email, people_count=people_count)
        await register(held[number], form, language="fr", address=email, key=key, at=at)

    return act


def _came(stage: Stage, held: dict[int, UUID], number: int) -> Act:
    """All but the last of the list were there."""

    async def act(at: datetime) -> None:
        found = await registrations(held[number], coming=True)
        await mark_attendance(held[number], AttendanceForm([one.id for one in found[:-1]]), by=stage.staff.instructor, at=at)

    return act


def _self_test(code: str) -> Act:
    async def act(at: datetime) -> None:
        answers = {f"T{number}": "yes" for number in range(1, 10)} | {"T10": "no"}
        form = CallBackForm(
            answers=answers | dict.fromkeys(TO_LOOK_AT, "no"), email=address("Lucie Amiot", "voisins.example"), consent=True
        )
        await keep_self_test(code, form, by=None, address="voisins.example", at=at)

    return act
