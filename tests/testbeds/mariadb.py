"""MariaDB of Debian in a folder of its own, without network unless a port is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.testbeds.place import need_apt, process, run, wait_until


@dataclass(frozen=True)
class MariaDb:
    socket: Path

    def ask(self, sql: str, database: str = "") -> list[list[str]]:
        """Rows of one statement, each a list of texts."""
        command = ["mariadb", "--no-defaults", "-S", self.socket, "-uroot", "-N", "-B", "-e", sql]
        out = run(*command, *([database] if database else []))
        return [line.split("\t") for line in out.splitlines()]

    def is_ready(self) -> bool:
        try:
            run("mariadb-admin", "--no-defaults", "-S", self.socket, "-uroot", "ping")
        except RuntimeError:
            return False
        return True


@contextmanager
def mariadb(folder: Path, port: int = 0) -> Iterator[MariaDb]:
    """A fresh database server in `folder`, stopped at the end."""
    need_apt("mariadb-server", "mariadb-client")
    own = folder / "tmp"  # where a server begins, it takes away what others are at work on in a common one
    own.mkdir(parents=True)
    options = ["--no-defaults", f"--datadir={folder}/data", f"--tmpdir={own}", "--user=root"]
    run("mariadb-install-db", *options, "--auth-root-authentication-method=normal", "--skip-test-db")
    server = MariaDb(folder / "sock")
    network = [f"--port={port}", "--bind-address=127.0.0.1"] if port else ["--skip-networking"]
    quick = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"]
    log = folder / "log"
    with process(
        "mariadbd", *options, f"--socket={server.socket}", f"--pid-file={folder}/pid", *network, *quick, log=log
    ) as started:
        wait_until(server.is_ready, started, log)
        yield server
