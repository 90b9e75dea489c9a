"""The database: one engine whose transactions are safe, and reads that give Structs.

Writes and simple reads go through Piccolo's tables. Reads that join, count or page are SQL text given to
`rows`, `row`, `value`: asyncpg's speed, columns in the order of the Struct's fields.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import types
from collections.abc import AsyncIterator, Coroutine
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import asyncpg
import msgspec
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from incubator.core.errors import Unavailable

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

APP_ROLE = "incubator_app"
SESSION = {
    "timezone": "UTC",
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    # Statements are prepared and kept; planning a wide join again each time costs more than running it.
    "plan_cache_mode": "force_generic_plan",
    # Our statements look at a few rows by their indexes; compiling one takes longer than running it.
    "jit": "off",
    # How near two texts must be for `%`, by which an index passes over the rest: what we ask for, not the looser default.
    "pg_trgm.similarity_threshold": "0.5",
}
# Longer statements would be planned again each time; what awaits a manager, from every room, is some 20 KB.
STATEMENT_MAX = 64 * 1024


class SafeTransaction(PostgresTransaction):
    """Gives its connection back whatever happens, nests as savepoints, belongs to one task."""

    owner: asyncio.Task[Any] | None = None

    async def __aenter__(self) -> SafeTransaction:
        if self._parent is not None:
            self.connection = self._parent.connection
            self.transaction = self.connection.transaction()
            await self.transaction.start()
            return self
        self.connection = await self.get_connection()
        try:
            self.transaction = self.connection.transaction()
            await self.transaction.start()
        except BaseException:
            await self._give_back()
            raise
        self.owner = asyncio.current_task()
        self.context = self.engine.current_transaction.set(self)
        return self

    async def get_connection(self) -> Any:
        if self.engine.pool:
            return await self.engine.pool.acquire(timeout=SafeEngine.acquire_timeout)
        return await self.engine.get_new_connection()

    async def _give_back(self) -> None:
        await (self.engine.pool.release(self.connection) if self.engine.pool else self.connection.close())

    async def __aexit__(self, exc_type: Any, exc: Any, tb: Any) -> Literal[False]:
        try:
            if exc is not None:
                if not self._rolled_back and not self._committed:
                    with contextlib.suppress(asyncpg.InterfaceError):  # the connection itself is gone
                        await self.rollback()  # type: ignore[no-untyped-call]
            elif not self._committed and not self._rolled_back:
                await self.commit()  # type: ignore[no-untyped-call]
        finally:
            if self._parent is None:
                await self._give_back()
                self.engine.current_transaction.reset(self.context)
        return False


class SafeEngine(PostgresEngine):
    """Piccolo's engine with `SafeTransaction`, a bounded wait for a connection, and a guard against stray tasks."""

    acquire_timeout: float = 4.0

    async def check_version(self) -> None:
        """Piccolo would connect on import to ask; `incubator migrate` and `/health/ready` look at the database instead."""

    def transaction(self, allow_nested: bool = True) -> SafeTransaction:
        return SafeTransaction(engine=self, allow_nested=allow_nested)

    async def run_querystring(self, querystring: Any, in_pool: bool = True) -> Any:
        _check_owner(self)
        return await super().run_querystring(querystring, in_pool)

    async def _run_in_pool(self, query: str, args: Any = None) -> Any:
        if not self.pool:
            raise Unavailable("no pool")
        async with self.pool.acquire(timeout=self.acquire_timeout) as connection:
            return await connection.fetch(query, *(args or ()))


DB = SafeEngine(config={"dsn": ""})


def _check_owner(engine: SafeEngine) -> None:
    tx: Any = engine.current_transaction.get()
    if tx is not None and tx.owner is not None and tx.owner is not asyncio.current_task():
        raise RuntimeError("this task inherited another task's transaction; start it with detached()")


async def _no_reset(_connection: Any) -> None:
    """Nothing is ever SET on a session, so nothing needs a round trip to be reset (asyncpg still rolls back)."""


async def connect(
    dsn: str,
    *,
    pool_size: int = 8,
    role: str | None = APP_ROLE,
    connection_class: type[asyncpg.Connection] = asyncpg.Connection,
    at_once: bool = True,
) -> None:
    """Open the pool. With `role`, every connection acts as that role, which can only insert into the journal.

    Without `at_once` nothing is asked of the database yet: whoever serves starts while it is away, and says so until it is back.
    """
    DB.config = {"dsn": dsn}
    DB.pool = await asyncpg.create_pool(
        dsn,
        min_size=1 if at_once else 0,
        max_size=pool_size,
        reset=_no_reset,
        command_timeout=15,
        timeout=5,
        server_settings=SESSION | ({"role": role} if role else {}),
        connection_class=connection_class,
        max_cacheable_statement_size=STATEMENT_MAX,
    )


async def disconnect() -> None:
    """Close the pool, without waiting for a server that no longer answers."""
    if DB.pool:
        try:
            await asyncio.wait_for(DB.pool.close(), timeout=5)
        except TimeoutError:
            DB.pool.terminate()
        DB.pool = None


def transaction() -> SafeTransaction:
    """One act, one transaction. A nested one is a savepoint."""
    return DB.transaction()


def detached(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """A task that does not inherit the transaction of whoever starts it."""
    return asyncio.create_task(work, context=contextvars.Context())


@contextlib.asynccontextmanager
async def connection() -> AsyncIterator[asyncpg.Connection]:
    """The connection of the current transaction, else one of the pool."""
    _check_owner(DB)
    tx = DB.current_transaction.get()
    if tx is not None:
        yield tx.connection
    elif DB.pool is None:
        raise Unavailable("no pool")
    else:
        async with DB.pool.acquire(timeout=DB.acquire_timeout) as held:
            yield held


async def rows(into: type[S], sql: str, *args: Any) -> list[S]:
    """Every row as a Struct; columns stand in the order of its fields; JSON columns become what their field says."""
    async with connection() as held:
        records = await held.fetch(sql, *args)
    decoders = _json_fields(into)
    if not decoders:
        return [into(*record) for record in records]
    return [into(*_decoded(record, decoders)) for record in records]


async def row(into: type[S], sql: str, *args: Any) -> S | None:
    """The first row, or None."""
    found = await rows(into, sql, *args)
    return found[0] if found else None


async def value(sql: str, *args: Any) -> Any:
    """The first column of the first row, or None."""
    async with connection() as held:
        return await held.fetchval(sql, *args)


async def column(sql: str, *args: Any) -> list[Any]:
    """The first column of every row."""
    async with connection() as held:
        return [record[0] for record in await held.fetch(sql, *args)]


async def execute(sql: str, *args: Any) -> int:
    """Run a statement that writes; how many rows it touched."""
    async with connection() as held:
        status: str = await held.execute(sql, *args)
    last = status.rsplit(" ", 1)[-1]
    return int(last) if last.isdigit() else 0


def _decoded(record: Any, decoders: dict[int, msgspec.json.Decoder[Any]]) -> list[Any]:
    values = list(record)
    for index, decoder in decoders.items():
        if isinstance(values[index], str):
            values[index] = decoder.decode(values[index])
    return values


@cache
def _json_fields(into: type[msgspec.Struct]) -> dict[int, msgspec.json.Decoder[Any]]:
    found = {}
    for index, field in enumerate(msgspec.structs.fields(into)):
        wanted = _without_none(field.type)
        shape = get_origin(wanted) or wanted
        if isinstance(shape, type) and issubclass(shape, (dict, tuple, list, msgspec.Struct)):
            found[index] = msgspec.json.Decoder(wanted)
    return found


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        real = [a for a in get_args(annotation) if a is not type(None)]
        return real[0] if len(real) == 1 else annotation
    return annotation
