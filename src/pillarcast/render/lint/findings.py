"""What lint finds, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """An error keeps the show or an episode out of a place, a warning costs listeners, a hint is a hint."""

    HINT = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Profile(StrEnum):
    """Who demands it."""

    RSS = "rss"
    APPLE = "apple"
    PSP = "psp-1"
    SPOTIFY = "spotify"
    PODCASTING20 = "podcasting-2.0"
    DELIVERY = "delivery"


PROFILE_NAMES = {
    Profile.RSS: "RSS 2.0 and the W3C feed validator",
    Profile.APPLE: "Apple Podcasts",
    Profile.PSP: "Podcast Standards Project, PSP-1",
    Profile.SPOTIFY: "Spotify",
    Profile.PODCASTING20: "Podcasting 2.0 namespace",
    Profile.DELIVERY: "apps and how feeds reach them",
}


@dataclass(frozen=True)
class Finding:
    """One thing in one place. `where` is the episode's title or guid, empty for the channel; `line` may be 0."""

    rule: str
    profile: Profile
    severity: Severity
    field: str
    what: str
    mend: str
    where: str = ""
    line: int = 0


_EXIT_CODES = {Severity.ERROR: 3, Severity.WARNING: 1, Severity.HINT: 0}


def exit_code(findings: Iterable[Finding]) -> int:
    """By the worst severity: 0 nothing or hints, 1 warnings, 3 errors (the owner must act)."""
    return max((_EXIT_CODES[finding.severity] for finding in findings), default=0)
