"""Ghost on Node 22 and MariaDB, from npm alone: without Docker, without its own installer, without compiling."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.testbeds.mariadb import MariaDb, mariadb
from tests.testbeds.place import BEDS, answers, built, free_port, process, run, wait_until

VERSION = "6.65.0"
NODE, PNPM = "node@22.23.3", "pnpm@12.4.2"
OWNER = {"name": "Owner", "email": "owner@example.com", "password": "A-long-pass-phrase-1"}


@dataclass
class GhostSite:
    """A blog that runs. `admin_key` (`id:secret`) is that of a custom integration; `content` holds its pictures."""

    url: str
    admin_key: str = field(repr=False)
    database: MariaDb
    session: requests.Session
    content: Path

    def ask(self, sql: str) -> list[list[str]]:
        """Counted in the engine itself."""
        return self.database.ask(sql, "ghost")

    def as_owner(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, object]:
        """What the owner does in Ghost's own editor."""
        answer = self.session.request(method, f"{self.url}/ghost/api/admin/{path}", json=body, timeout=60)
        assert answer.ok, answer.text[:500]
        return dict(answer.json()) if answer.content else {}


@contextmanager
def ghost(folder: Path) -> Iterator[GhostSite]:
    """A fresh blog in `folder` with an owner and an integration."""
    package, port, database_port = _package(), free_port(), free_port()
    with mariadb(folder / "db", database_port) as database:
        database.ask("CREATE DATABASE ghost CHARACTER SET utf8mb4")
        for host in ("127.0.0.1", "localhost"):
            database.ask(f"CREATE USER g@{host!r} IDENTIFIED BY 'g'; GRANT ALL ON ghost.* TO g@{host!r}")
        shutil.copytree(package / "content", folder / "content", symlinks=True)
        (folder / "config.development.json").write_text(json.dumps(_config(folder, port, database_port)))
        log, url = folder / "ghost.log", f"http://127.0.0.1:{port}"
        env = {**os.environ, "NODE_ENV": "development", "NO_UPDATE_NOTIFIER": "1"}
        for name in ("package.json", "MigratorConfig.js", "index.js", "ghost.js", "core", "node_modules", "components"):
            if (package / name).exists():
                (folder / name).symlink_to(package / name)
        with process(_node(), package / "index.js", cwd=folder, log=log, env=env) as started:
            wait_until(lambda: answers(f"{url}/ghost/api/admin/site/"), started, log, timeout_s=240)
            yield _set_up(url, database, folder / "content")


def _node() -> Path:
    return BEDS / f"ghost-{VERSION}/node_modules/node/bin/node"


def _package() -> Path:
    """Ghost with its modules, fetched once: half a gigabyte."""
    name = f"ghost-{VERSION}"
    with built(name) as draft:
        if draft is not None:
            (draft / "package.json").write_text('{"private": true}')
            run("npm", "install", "--no-audit", "--no-fund", "--no-save", NODE, PNPM, cwd=draft)
            run("npm", "pack", "--silent", f"ghost@{VERSION}", cwd=draft)
            archive = next(draft.glob("ghost-*.tgz"))
            run("tar", "xzf", archive, cwd=draft)
            archive.unlink()
            _install(draft)
    return BEDS / name / "package"


def _install(draft: Path) -> None:
    """Its native modules are not compiled: MariaDB is spoken to in plain JavaScript."""
    node = draft / "node_modules/node/bin"
    env = {**os.environ, "PATH": f"{node}:{os.environ['PATH']}", "CI": "true"}
    pnpm = draft / "node_modules/.bin/pnpm"
    options = ["--prod", "--frozen-lockfile", "--ignore-scripts", "--store-dir", draft / "store"]
    run(pnpm, "install", *options, cwd=draft / "package", env=env)
    shutil.rmtree(draft / "store", ignore_errors=True)
    shutil.rmtree(draft / "package/node_modules/better-sqlite3", ignore_errors=True)


def _config(folder: Path, port: int, database_port: int) -> dict[str, object]:
    connection = {"host": "127.0.0.1", "port": database_port, "user": "g", "password": "g", "database": "ghost"}
    return {
        "url": f"http://127.0.0.1:{port}",
        "server": {"host": "127.0.0.1", "port": port},
        "database": {"client": "mysql", "connection": {**connection, "charset": "utf8mb4"}},
        "mail": {"from": "ghost@example.com", "transport": "SMTP", "options": {"host": "127.0.0.1", "port": 9}},
        "paths": {"contentPath": f"{folder}/content/"},
        "privacy": {"useUpdateCheck": False, "useGravatar": False, "useRpcPing": False, "useStructuredData": True},
        "updateCheck": {"url": "http://127.0.0.1:9/"},
        "logging": {"level": "info", "transports": ["stdout"]},
        "security": {"staffDeviceVerification": False},
    }


def _set_up(url: str, database: MariaDb, content: Path) -> GhostSite:
    session = requests.Session()
    session.headers.update({"Origin": url, "Accept-Version": "v6.0"})
    site = GhostSite(url, "", database, session, content)
    site.as_owner("POST", "authentication/setup/", {"setup": [{**OWNER, "blogTitle": "A real blog"}]})
    login = {"username": OWNER["email"], "password": OWNER["password"]}
    session.post(f"{url}/ghost/api/admin/session/", json=login, timeout=60).raise_for_status()
    made = site.as_owner("POST", "integrations/?include=api_keys", {"integrations": [{"name": "tests"}]})
    keys = made["integrations"][0]["api_keys"]  # type: ignore[index]
    site.admin_key = next(key["secret"] for key in keys if key["type"] == "admin")
    return site
