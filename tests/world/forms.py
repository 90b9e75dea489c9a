"""Forms for tests: one that asks a question of every kind."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.calls.definitions import Column, Condition, FormDefinition, Kind, Option, Question, Section
from incubator.core.database import execute, value
from incubator.core.ids import new_id

AB = (Option("a", "Une association"), Option("b", "Une coopérative", help="Scop ou Scic."), Option("c", "Autre"))
MONEY = Section(
    "M", "L’argent et la structure",
    introduction="Des ordres de grandeur suffisent : rien de ceci n’engage.",
    questions=(
        Question("M.0", "Avant de commencer", Kind.INFORMATION, help="Réunissez vos comptes.\nDix minutes suffisent."),
        Question("M.1", "De combien avez-vous besoin la première année ?", Kind.AMOUNT, required=True, least=0),
        Question("M.2", "Avez-vous déjà une structure ?", Kind.YES_NO, required=True),
        Question("M.3", "Son SIREN", Kind.SIREN, required=True, when=Condition("M.2", ("yes",))),
        Question("M.4", "Le SIRET de son établissement", Kind.SIRET, when=Condition("M.2", ("yes",))),
        Question("M.5", "Êtes-vous prêts à vendre ?", Kind.SCALE, least=1, most=5, scale_words=("pas du tout", "tout à fait")),
        Question(
            "M.6", "Pourquoi pas encore ?", Kind.TEXT, limit=600, required=True,
            when=Condition(every=(Condition("M.2", ("no",)), Condition("M.5", most=2))),
        ),
        Question("M.7", "Votre intercommunalité", Kind.EPCI),
        Question("M.8", "Vos financements", Kind.ROWS, rows_max=3, columns=(
            Column("who", "Financeur", Kind.LINE, limit=80, required=True), Column("sum", "Montant", Kind.AMOUNT))),
    ),
)  # fmt: skip
PROJECT = Section(
    "P", "Le projet",
    questions=(
        Question("P.1", "En une phrase", Kind.LINE, limit=80, required=True, example="Un vélo-école dans les quartiers."),
        Question("P.2", "Le besoin auquel vous répondez", Kind.TEXT, limit=1500, required=True, help="Qui, où, combien ?"),
        Question("P.3", "Forme envisagée", Kind.CHOICE, options=AB),
        Question("P.4", "Vos priorités", Kind.RANKED, options=AB, ranks=2),
        Question("P.5", "Ce qui existe déjà", Kind.CHOICES, options=AB),
        Question("P.6", "Commune", Kind.COMMUNE),
        Question("P.7", "Depuis", Kind.DAY),
        Question("P.8", "Personnes concernées", Kind.NUMBER, unit="personnes"),
        Question("P.9", "Vos statuts", Kind.FILE, file_types=("pdf",), files_max=2, size_max=5_000_000),
        Question("P.10", "Je certifie que tout ceci est exact.", Kind.STATEMENT, required=True),
    ),
)  # fmt: skip
EVERY_KIND = FormDefinition("Formulaire de toutes les sortes", (PROJECT, MONEY))


async def a_form(programme: UUID, definition: FormDefinition = EVERY_KIND, *, at: datetime) -> UUID:
    """A published version of a programme's form."""
    number = await value("SELECT COALESCE(max(number), 0) + 1 FROM form_version WHERE programme = $1", programme)
    form = new_id()
    await execute(
        "INSERT INTO form_version (id, programme, number, title, definition, published_at) VALUES ($1, $2, $3, $4, $5, $6)",
        form, programme, number, definition.title, msgspec.json.encode(definition).decode(), at,
    )  # fmt: skip
    return form


async def use_form(call: UUID, form: UUID) -> None:
    """Let a call ask for this version from now on, as adopting it does."""
    await execute("UPDATE call SET form = $2 WHERE id = $1", call, form)
