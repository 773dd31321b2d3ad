"""Runs commands of pillarcast with every logger at its loudest: `python -m tests.hostile.echo "ingest --json" …`."""

from __future__ import annotations

import logging
import sys
import traceback

from pillarcast.cli import commands
from pillarcast.cli import main as command_line
from pillarcast.errors import PillarcastError


def main() -> int:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    for line in sys.argv[1:]:
        print(f"$ {line}", flush=True)  # noqa: T201 - its words are looked through
        code = command_line(line.split())
        print(f"exit {code}", flush=True)  # noqa: T201
        if code:
            _show_traceback(line.split())
    return 0


def _show_traceback(words: list[str]) -> None:
    """Once more, for all that a traceback would show, causes included."""
    parsed = commands.parser().parse_args(words)
    try:
        parsed.run(parsed)
    except PillarcastError:
        traceback.print_exc()


if __name__ == "__main__":
    sys.exit(main())
