"""The map that comes with the product."""

from incubator.core.clock import now
from incubator.core.database import execute, value
from incubator.territory.actions import load_territory


async def test_all_of_france_is_loaded(db):
    counts = [await value(f"SELECT count(*) FROM {table}") for table in ("region", "departement", "epci", "commune")]
    assert counts == [26, 109, 1255, 34969]


async def test_loading_again_repairs_what_differs_and_leaves_the_rest(db):
    await execute("UPDATE commune SET name = 'Ailleurs' WHERE insee_code = '45234'")
    untouched = await value("SELECT xmin::text FROM commune WHERE insee_code = '37261'")
    await load_territory(at=now())
    assert await value("SELECT name FROM commune WHERE insee_code = '45234'") == "Orléans"
    assert await value("SELECT xmin::text FROM commune WHERE insee_code = '37261'") == untouched
    assert await value("SELECT count(*) FROM commune") == 34969
