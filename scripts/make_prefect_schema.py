"""Writes flows/prefect_schema.sql anew: the empty database of the installed Prefect, as its own migrations make it.

    python scripts/make_prefect_schema.py

Migrating from nothing takes a hundred steps and most of the time of a first start. Prefect itself brings a database
that was laid out so up to date, when it is newer than the file.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
from pathlib import Path

SCHEMA = Path(__file__).parents[1] / "flows" / "prefect_schema.sql"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        SCHEMA.write_text(migrated_schema(Path(folder)), "utf-8")
    print(f"{SCHEMA}: {SCHEMA.stat().st_size // 1000} KB")


def migrated_schema(folder: Path) -> str:
    """SQL that makes what Prefect's migrations make of an empty SQLite file in `folder`."""
    os.environ |= {"PREFECT_HOME": str(folder), "DO_NOT_TRACK": "1"}
    from prefect.server.database import provide_database_interface  # noqa: PLC0415 - reads its settings when imported

    asyncio.run(provide_database_interface().create_db())
    return schema_of(folder / "prefect.db")


def schema_of(database: Path) -> str:
    """Tables before indexes, each by its name; and the version, which is the only row that migrations write."""
    with sqlite3.connect(database) as connection:
        query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name"
        statements = [sql for (sql,) in connection.execute(query)]
        ((version,),) = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    statements.append(f"INSERT INTO alembic_version VALUES ('{version}')")
    return "".join(f"{_tidy(statement)};\n" for statement in statements)


def _tidy(statement: str) -> str:
    return "\n".join(line.rstrip() for line in statement.strip().splitlines())


if __name__ == "__main__":
    main()
