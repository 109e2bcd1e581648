"""Runs the migrations on a connection that is open already, inside its transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def config() -> Config:
    """The settings of the migration library: only where the revisions are."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def run(connection: Connection, revision: str) -> None:
    """Bring the database of a connection to a revision."""
    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, revision)
