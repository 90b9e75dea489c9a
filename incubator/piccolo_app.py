"""The one Piccolo application: tables of every room, migrations in `piccolo_migrations/`."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

ROOMS = [
    "core",
    "territory",
    "journal",
    "mail",
    "people",
    "documents",
    "programmes",
    "projects",
    "calls",
    "applications",
    "selection",
    "cohorts",
    "coaching",
    "progress",
    "events",
    "privacy",
]

APP_CONFIG = AppConfig(
    app_name="incubator",
    migrations_folder_path=str(Path(__file__).parent.parent / "piccolo_migrations"),
    table_classes=table_finder([f"incubator.{room}.tables" for room in ROOMS], exclude_imported=True),
)
