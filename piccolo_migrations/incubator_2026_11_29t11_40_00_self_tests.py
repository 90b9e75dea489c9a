"""Other answers to a self-test under the same address stand beside the first: nobody has proven the address."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.constraints import Unique

from incubator.core.database import execute

ID = "2026-11-29T11:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Self-tests under one address"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)
    manager.drop_constraint(
        table_class_name="SelfTestResult", tablename="self_test_result", constraint_name="one_self_test_a_person"
    )
    manager.add_constraint(
        table_class_name="SelfTestResult",
        tablename="self_test_result",
        constraint_name="one_self_test_an_answer",
        constraint_class=Unique,
        params={"columns": ["call", "email", "answers"], "nulls_distinct": True},
    )
    manager.add_raw_backwards(_backwards)
    return manager


async def _backwards() -> None:
    """The last answers hold again."""
    await execute(
        "DELETE FROM self_test_result old USING self_test_result later WHERE later.call = old.call AND later.email = old.email"
        " AND (later.consented_at, later.id) > (old.consented_at, old.id)"
    )
