"""Two years and a half of an incubator, told by its real acts at past instants. Told once: a second start finds it there."""

from __future__ import annotations

from datetime import date, datetime

from incubator.calls.queries import choices_of
from incubator.calls.reference import load_reference
from incubator.core import database
from incubator.core.clock import local_date, now
from incubator.core.database import execute, transaction, value
from incubator.core.settings import Settings
from incubator.demo.calendar import Calendar
from incubator.demo.cast import HOUSE, PASSWORD, hire, let_everyone_in
from incubator.demo.dossiers import sheets
from incubator.demo.gatherings import plan_gatherings
from incubator.demo.plots import alumni, beginners, incubated, present
from incubator.demo.stage import Stage
from incubator.documents.storage import Kept, kept_at
from incubator.journal.actions import seal
from incubator.programmes.queries import programme_by_code

__all__ = ["PASSWORD", "SIGN_INS", "tell"]

PROGRAMME = "alter-incub-cvl"
SIGN_INS = {
    "Responsable du programme": f"nadege.belkacem@{HOUSE}",
    "Instructrice et accompagnatrice": f"judith.marchand@{HOUSE}",
    "Accompagnateur": f"thibault.ferrand@{HOUSE}",
    "Membre du comité, qui note": "awa.diarra.simon@dla.example",
    "Membre du comité, avec un intérêt": "maud.quintin@cress.example",
    "Membre du comité, qui n’a rien signé": "ines.carpentras@tiers-lieux.example",
    "Porteuse, brouillon en cours": "sandrine.poulain@les-cousines.example",
    "Porteuse, complément demandé": "madeleine.chauvet@jardin-des-sens.example",
    "Porteur, pré-incubation": "celestin.rabier@ondes-de-brenne.example",
    "Porteuse, incubation": "solene.vaudry@bocaux-du-berry.example",
    "Porteuse, parcours en retard": "naima.tessier@tissu-commun.example",
    "Porteuse, entreprise créée": "aicha.benamor@la-bricole-solvable.example",
}


async def tell(settings: Settings) -> None:
    """Fill an empty database, in one transaction: a start that was cut short leaves nothing behind."""
    await database.connect(settings.database_url, pool_size=2)
    try:
        if not await value("SELECT EXISTS (SELECT FROM call)"):
            await tell_here(until=now(), key=settings.secret_key, kept=kept_at(settings.storage_url))
    finally:
        await database.disconnect()


async def tell_here(*, until: datetime, key: str, kept: Kept) -> None:
    """Tell the story on the connected database, up to that instant; `key` signs links, `kept` takes the files."""
    calendar = Calendar(local_date(until))
    async with transaction():
        opening = calendar.at(calendar.months(-29))
        await load_reference(at=opening)
        programme = await programme_by_code(PROGRAMME)
        staff = await hire(programme, opening)
        stage = Stage(calendar, staff, await choices_of(programme.id), sheets(), kept)
        _plan(stage, key)
        await stage.diary.tell(until)
        await let_everyone_in()
        await _send_letters()
    while await seal(at=until):
        pass


def _plan(stage: Stage, key: str) -> None:
    months = stage.calendar.months
    codes: dict[int, int] = {}
    for plan, closes in (
        (alumni.plan, months(-26)),
        (incubated.plan, months(-16)),
        (beginners.plan, months(-4, -10)),
        (present.plan_scoring, -28),
        (present.plan_open_call, 35),
    ):
        day = stage.calendar.day(closes)
        codes[day.year] = codes.get(day.year, 0) + 1
        code = f"AAC-CVL-{day.year}-{codes[day.year]}"
        plan(stage, code, season(day))
    plan_gatherings(stage, code, key)


def season(day: date) -> str:
    """hiver 2026"""
    names = ("hiver", "printemps", "été", "automne")
    return f"{names[day.month % 12 // 3]} {day.year}"


async def _send_letters() -> None:
    """What was written in the past left then."""
    await execute("UPDATE letter SET state = 'sent', sent_at = created_at, attempts_count = 1 WHERE state = 'waiting'")
