"""PostgreSQL, Redis, Caddy and the Prefect server, each in a folder of its own on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.testbeds.place import answers, free_port, need_apt, process, run, wait_until

PREFECT = Path(sys.executable).with_name("prefect")


@contextmanager
def postgres(password: str) -> Iterator[str]:
    """A fresh cluster with the database and user `prefect`; yields the URL that Prefect takes."""
    need_apt("postgresql")
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    folder = Path(tempfile.mkdtemp(prefix="pillarcast-pg-"))
    port = free_port()
    as_owner = _not_root(folder)
    try:
        secret = folder / "password"
        secret.write_text(password)
        secret.chmod(0o644)
        initdb = (programs / "initdb", "-D", folder / "cluster", "-U", "prefect", "-A", "scram-sha-256", "--no-sync")
        run(*as_owner, *initdb, "--encoding=UTF8", f"--pwfile={secret}", cwd=folder)
        serve = (programs / "postgres", "-D", folder / "cluster", "-p", str(port), "-k", folder, "-h", "127.0.0.1")
        log = folder / "postgres.log"
        with process(*as_owner, *serve, "-c", "fsync=off", log=log, cwd=folder) as started:
            ready = ("pg_isready", "-h", "127.0.0.1", "-p", str(port))
            wait_until(lambda: _succeeds(*ready), started, log)
            sql = ("psql", f"postgresql://prefect:{password}@127.0.0.1:{port}/postgres", "-c")
            run(*sql, "CREATE DATABASE prefect")
            yield f"postgresql+asyncpg://prefect:{password}@127.0.0.1:{port}/prefect"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _not_root(folder: Path) -> tuple[str, ...]:
    """PostgreSQL refuses to run as root: then it runs as its own user."""
    if os.geteuid() != 0:
        return ()
    shutil.chown(folder, "postgres")
    return ("runuser", "-u", "postgres", "--")


def _succeeds(*command: str) -> bool:
    try:
        run(*command)
    except RuntimeError:
        return False
    return True


@contextmanager
def redis(password: str, folder: Path) -> Iterator[str]:
    """Yields its URL without the database's number."""
    need_apt("redis-server")
    port = free_port()
    config = folder / "redis.conf"
    config.write_text(f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {folder}\nsave ''\n")
    log = folder / "redis.log"
    with process("redis-server", config, log=log) as started:
        wait_until(lambda: listens(port), started, log)
        yield f"redis://:{password}@127.0.0.1:{port}"


@contextmanager
def prefect(*command: str, env: Mapping[str, str], log: Path, health: str = "") -> Iterator[None]:
    with process(PREFECT, *command, env=env, log=log, cwd=log.parent) as started:
        if health:
            wait_until(lambda: answers(health), started, log)
        yield


@contextmanager
def caddy(site: Path, folder: Path, https_port: int) -> Iterator[Callable[[], str]]:
    """Serves the site file with Caddy's own certificates, which it installs nowhere. Yields what its unit does on
    `systemctl reload caddy`."""
    need_apt("caddy")
    config, admin = folder / "Caddyfile", f"localhost:{free_port()}"
    options = f"admin {admin}\n\tskip_install_trust\n\thttp_port {free_port()}\n\thttps_port {https_port}"
    config.write_text(f"{{\n\t{options}\n}}\nimport {site}\n")
    env = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    log = folder / "caddy.log"
    this = ("--config", config, "--adapter", "caddyfile")
    with process("caddy", "run", *this, log=log, env=env) as started:
        wait_until(lambda: listens(https_port), started, log)
        yield lambda: run("caddy", "reload", *this, "--address", admin, "--force", env=env)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
