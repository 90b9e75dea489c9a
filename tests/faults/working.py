"""A crowd at work while something is done to the house."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from tests.faults.checking import nothing_is_lost
from tests.faults.clients import Told, people
from tests.faults.house import House

RECOVERY_SECONDS = 20


@asynccontextmanager
async def at_work(house: House, *, deposits: int = 10) -> AsyncIterator[Told]:
    """People work meanwhile, and go on once it is over; then nothing that they were told of is lost."""
    told, stop = Told(), asyncio.Event()
    clients = await people(house.address, told, deposits=deposits)
    working = [asyncio.create_task(client(stop)) for client in clients]
    try:
        await goes_on(told)
        yield told
        await goes_on(told)
    finally:
        stop.set()
        async with asyncio.timeout(RECOVERY_SECONDS + 10):
            await asyncio.gather(*working)
        for client in clients:
            await client.browser.aclose()
    await nothing_is_lost(house, told)


async def goes_on(told: Told) -> None:
    """Wait until something more of each kind is acknowledged, as long as there is more to do."""
    texts, files, deposits = told.acknowledged()

    def more() -> bool:
        now = told.acknowledged()
        return now[0] > texts + 3 and now[1] > files and now[2] > deposits

    await until(more, "nobody gets on with their work")


async def until(true: Callable[[], bool | Awaitable[bool]], otherwise: str, seconds: float = RECOVERY_SECONDS) -> None:
    """Wait for something to come true."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        found = true()
        if found if isinstance(found, bool) else await found:
            return
        await asyncio.sleep(0.1)
    raise TimeoutError(otherwise)
