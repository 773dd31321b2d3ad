"""The command line as real processes that can be killed: one process has loaded it, and forks one for each command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Program:
    """`pid_file` names the process of the command that runs; `log` holds what all of them said."""

    process: subprocess.Popen[str]
    pid_file: Path
    log: Path

    def run(self, *words: str) -> int:
        """The exit code of one command, KILLED where it was."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([*words]) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def kill(self) -> None:
        """As the power does: with what it has started, and without a word."""
        with suppress(ProcessLookupError):
            os.killpg(int(self.pid_file.read_text("ascii")), signal.SIGKILL)


@contextmanager
def program(show_file: Path, folder: Path, env: Mapping[str, str]) -> Iterator[Program]:
    """Commands for the show of `show_file`."""
    log, pid_file = folder / "commands.log", folder / "command.pid"
    with subprocess.Popen(
        [sys.executable, "-m", __name__, str(show_file), str(log), str(pid_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, **env},
    ) as process:
        try:
            yield Program(process, pid_file, log)
        finally:
            process.kill()


def _serve(show_file: str, log: Path, pid_file: Path) -> None:
    import pillarcast.adapters.git_site
    import pillarcast.adapters.s3
    import pillarcast.adapters.websub
    import pillarcast.cli.doing

    assert pillarcast.adapters
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _become(["--show", show_file, *json.loads(line)], log, pid_file)
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(words: list[str], log: Path, pid_file: Path) -> None:
    from pillarcast.cli import main

    os.setsid()
    pid_file.write_text(str(os.getpid()), "ascii")
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(said, stream)
    os.write(1, f"$ pillarcast {' '.join(words[2:])}\n".encode())
    code = main(words)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
