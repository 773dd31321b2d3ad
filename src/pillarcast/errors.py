"""Every error that we raise, sorted by who must act; the exit code of the command line follows from that.

PillarcastError                    70  a fault of ours
├── NeedsOwner                      3  the owner changes an episode, its notes or show.toml
│   ├── SettingsError                  show.toml or the environment
│   ├── NotesError                     front matter or show notes
│   ├── RecordingRefused               the audio file cannot become an episode
│   ├── ArtworkRefused                 the picture cannot be shown by directories
│   ├── UnknownEpisode                 no episode goes by that name
│   ├── ChangeRefused                  listeners would notice; wants a named override
│   └── Several                        all problems of one check at once
├── NeedsOperator                   4  whoever runs the server or holds its keys
│   ├── AccessDenied                   credentials are wrong, or allow too little
│   └── Unsupported                    the other side cannot do what we need
├── TryAgain                        5  nobody: time heals it
│   ├── Unreachable                    no connection, or the server says it is busy
│   ├── Conflict                       somebody else changed it first; look again
│   └── Ambiguous                      the answer was lost: it may or may not have happened
└── NotVerified                     6  the public sees something else than what was published
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

_PRIVATE_FEED = re.compile(r"(?<=\bfor/[0-9a-f]{4})[0-9a-f]{36}")


def masked(text: str) -> str:
    """`text` with addresses of private feeds cut to what tells them apart: nobody may listen by a log or a screen."""
    return _PRIVATE_FEED.sub("…", text)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one thing, and how to mend it. Warnings do not stop a publish. Holds no private address."""

    subject: str
    what: str
    mend: str = ""
    is_warning: bool = False

    def __post_init__(self) -> None:
        for name in ("subject", "what", "mend"):
            object.__setattr__(self, name, masked(getattr(self, name)))

    def __str__(self) -> str:
        end = "" if self.what.endswith(("?", "!")) else "."
        sentence = f"{self.subject}: {self.what.rstrip('.')}{end}"
        return f"{sentence} {self.mend}" if self.mend else sentence


class PillarcastError(Exception):
    """`subject` is the episode, file, setting or server; `what` is wrong; `mend` says what to do."""

    exit_code: ClassVar[int] = 70

    def __init__(self, subject: str, what: str, mend: str = "") -> None:
        self.problem = Problem(subject, what, mend)
        super().__init__(self.problem.subject, self.problem.what, self.problem.mend)

    def __str__(self) -> str:
        return str(self.problem)


class NeedsOwner(PillarcastError):
    exit_code = 3


class SettingsError(NeedsOwner):
    pass


class NotesError(NeedsOwner):
    pass


class RecordingRefused(NeedsOwner):
    pass


class ArtworkRefused(NeedsOwner):
    pass


class UnknownEpisode(NeedsOwner):
    pass


class ChangeRefused(NeedsOwner):
    pass


class Several(NeedsOwner):
    """All that one check found, so that nobody has to mend and try again line by line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.subject, first.what, first.mend)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class NeedsOperator(PillarcastError):
    exit_code = 4


class AccessDenied(NeedsOperator):
    pass


class Unsupported(NeedsOperator):
    pass


class TryAgain(PillarcastError):
    exit_code = 5


class Unreachable(TryAgain):
    pass


class Conflict(TryAgain):
    pass


class Ambiguous(TryAgain):
    pass


class NotVerified(PillarcastError):
    exit_code = 6

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.subject, first.what, first.mend)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def problems_of(error: PillarcastError) -> tuple[Problem, ...]:
    """The single problems that an error stands for, whatever its kind."""
    match error:
        case Several(problems=problems) | NotVerified(problems=problems):
            return problems
        case _:
            return (error.problem,)
