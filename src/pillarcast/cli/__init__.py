"""The command line: a thin face that parses words, calls a use case, and says what happened."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from pillarcast.cli.commands import parser
from pillarcast.errors import NeedsOperator, PillarcastError, Problem, problems_of

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code says who must act; errors.py lists them."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or 0)
    except PillarcastError as error:
        from pillarcast.cli.screen import complain  # noqa: PLC0415 - `--help` does not wait for it

        complain(problems_of(error))
        return error.exit_code
    except OSError as error:
        if error.errno is None:  # a library's own words, which may quote what is secret
            raise
        mend = "Look at its place, at who may write there, and at the room on the disk."
        print(Problem(str(error.filename or "this machine"), str(error.strerror), mend), file=sys.stderr)
        return NeedsOperator.exit_code
    except (KeyboardInterrupt, EOFError):
        print("Stopped. Nothing is half done that the next run does not finish.", file=sys.stderr)
        return INTERRUPTED
