"""A Micropub server: django-indieweb from PyPI, in a Python environment of its own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.testbeds.place import BEDS, answers, built, free_port, one_at_a_time, process, run, wait_until

PACKAGES = ("django-indieweb==0.6.2", "django==5.2.19")
_NAME = "micropub-0.6.2"
_SCRIPT = Path(__file__).with_name("micropub_site.py")


@dataclass
class MicropubSite:
    """A site that runs; its home names the endpoint."""

    url: str
    token: str = field(repr=False)
    folder: Path

    def ask(self, sql: str, *values: object) -> list[tuple[str, ...]]:
        """Counted in the engine itself."""
        with sqlite3.connect(self.folder / "posts.sqlite", timeout=30) as connection:
            return connection.execute(sql, values).fetchall()

    def another_token(self, client: str) -> str:
        """As the owner of the site gives one to a further client."""
        return self._told("another", client)

    def revoke(self, token: str) -> None:
        self._told("revoke", token)

    def _told(self, *words: str) -> str:
        command = [python_with(_NAME, *PACKAGES), _SCRIPT, self.folder, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()

    def break_once(self, mode: str) -> None:
        (self.folder / "fault").write_text(mode)


@contextmanager
def micropub(folder: Path) -> Iterator[MicropubSite]:
    """A fresh site in `folder`, with a token of the scopes create, update and delete."""
    python, port, log = python_with(_NAME, *PACKAGES), free_port(), folder / "log"
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with process(python, _SCRIPT, folder, str(port), log=log, env=env) as started:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(url), started, log)
        yield MicropubSite(url, log.read_text().splitlines()[0], folder)


def python_with(name: str, *packages: str) -> Path:
    """The Python of an environment that holds `packages`, made once; an environment cannot be moved when it is made."""
    with built(name) as draft:
        if draft is not None:
            (draft / "wheels").mkdir()
            run(sys.executable, "-m", "pip", "download", "--quiet", "-d", draft / "wheels", *packages)
    environment = BEDS / name / "env"
    done = BEDS / name / "installed"
    with one_at_a_time(name):
        if not done.exists():
            run(sys.executable, "-m", "venv", "--clear", environment)
            wheels = BEDS / name / "wheels"
            run(environment / "bin/pip", "install", "--quiet", "--no-index", "--find-links", wheels, *packages)
            done.touch()
    return environment / "bin/python"
