"""Lays out Prefect's SQLite database at once, instead of by a hundred migrations. No import of Prefect."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

SCHEMA = Path(__file__).with_name("prefect_schema.sql")
"""Written by scripts/make_prefect_schema.py."""
_VERSION = re.compile(r"INSERT INTO alembic_version VALUES \('(\w+)'\)")


def lay_out(home: Path) -> bool:
    """Makes `home`/prefect.db where there is none and the installed Prefect knows the version of our schema; says
    whether it did. Otherwise Prefect migrates as always, and from our version on if it is newer."""
    database = home / "prefect.db"
    schema = SCHEMA.read_text("utf-8")
    version = _VERSION.search(schema)
    if database.exists() or version is None or not _knows(version[1]):
        return False
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = database.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(unfinished)) as connection:
        connection.executescript(f"BEGIN;\n{schema}COMMIT;")
    unfinished.replace(database)
    return True


def _knows(version: str) -> bool:
    """Whether the installed Prefect has this migration."""
    spec = find_spec("prefect")
    if spec is None or spec.origin is None:
        return False
    migrations = Path(spec.origin).parent / "server" / "database" / "_migrations" / "versions" / "sqlite"
    return any(f'"{version}"' in path.read_text("utf-8") for path in migrations.glob("*.py"))
