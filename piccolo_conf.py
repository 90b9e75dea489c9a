"""Where Piccolo's command line finds the engine and the tables."""

from piccolo.conf.apps import AppRegistry

from incubator.core.database import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(apps=["incubator.piccolo_app"])
