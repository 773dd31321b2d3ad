"""`python -m tests.fuzz [SECONDS] [SEED] [PARSER …]`: each parser in turn, each for its share of the time.

What it prints for a failure is enough to repeat it: the seed, the parser, and the smallest input that was found.
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from pillarcast.errors import PillarcastError
from tests.fuzz.parsers import PARSERS, Parser

_BATCH = 200
_SLOW_S = 20.0


def main() -> int:
    arguments = sys.argv[1:]
    seconds = float(arguments[0]) if arguments else 60.0
    number = int(arguments[1]) if len(arguments) > 1 else random.SystemRandom().randrange(2**32)
    chosen = {name: PARSERS[name] for name in arguments[2:]} or PARSERS
    print(f"Seed {number}, {seconds:g} s, {len(chosen)} parsers.")  # noqa: T201
    wrong = [name for name, parser in chosen.items() if not holds(name, parser, number, seconds / len(chosen))]
    print(f"{len(chosen) - len(wrong)} passed, {len(wrong)} failed")  # noqa: T201
    return 1 if wrong else 0


def holds(name: str, parser: Parser, number: int, seconds: float) -> bool:
    """Batches of inputs, each from a seed of its own, until the time is over or something breaks."""
    until, batch, tried = time.monotonic() + seconds, 0, 0
    while batch == 0 or time.monotonic() < until:
        try:
            tried += _batch(parser, number + batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            _tell(f"{name}, seed {number + batch}", error)
            return False
        batch += 1
    print(f"{name}: {tried} inputs")  # noqa: T201
    return True


def _tell(where: str, error: BaseException) -> None:
    """The error, the line that it comes from, and the input."""
    for inner in getattr(error, "exceptions", ()):
        _tell(where, inner)
    if not hasattr(error, "exceptions"):
        last = traceback.extract_tb(error.__traceback__)[-1]
        notes = " ".join(getattr(error, "__notes__", ()))
        print(f"{where}: {type(error).__name__}: {str(error)[:300]}\n  {last.filename}:{last.lineno}\n  {notes[:800]}")  # noqa: T201


def _batch(parser: Parser, number: int) -> int:
    tried = 0

    @seed(number)
    @settings(
        max_examples=_BATCH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(parser.inputs)
    def parse(given_input: Any) -> None:
        nonlocal tried
        tried += 1
        begun = time.monotonic()
        _tolerated(parser.parse, given_input)
        assert time.monotonic() - begun < _SLOW_S, "it hangs"

    parse()
    return tried


def _tolerated(parse: Callable[[Any], object], given_input: Any) -> None:
    """Only our own refusals are an answer, and each of them can be said."""
    try:
        parse(given_input)
    except PillarcastError as error:
        assert str(error).encode()  # noqa: PT017 - there need not be one


if __name__ == "__main__":
    sys.exit(main())
