"""Dates, hours and lists as people say them, in the show's own zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

_NAMES = {"EST": "Eastern", "CST": "Central", "MST": "Mountain", "PST": "Pacific", "AKST": "Alaska", "HST": "Hawaii"}
_AMERICA = ("America/", "US/", "Canada/", "Pacific/Honolulu")
_LONGEST_WORD = 80
"""Characters; what has no blank for longer is written without blanks, as Chinese and Japanese are."""
_CENTRAL_EUROPE = ("CET", "CEST")


def zone_words(moment: datetime, zone: ZoneInfo) -> str:
    """`Eastern` for America/New_York in summer and winter alike, `UK time`, `Kolkata time`, `UTC`."""
    short, name = moment.astimezone(zone).strftime("%Z"), str(zone)
    if name.startswith(_AMERICA) and short.replace("DT", "ST") in _NAMES:
        return _NAMES[short.replace("DT", "ST")]
    if short in _CENTRAL_EUROPE:
        return "Central European Time"
    if short in ("GMT", "BST") and name == "Europe/London":
        return "UK time"
    return short if short == "UTC" else f"{name.rsplit('/', 1)[-1].replace('_', ' ')} time"


def day_words(moment: datetime, zone: ZoneInfo) -> str:
    """`Thursday, June 4`: no year, because what is announced is near."""
    local = moment.astimezone(zone)
    return f"{local:%A, %B} {local.day}"


def date_words(moment: datetime, zone: ZoneInfo) -> str:
    """`June 4, 2026`."""
    local = moment.astimezone(zone)
    return f"{local:%B} {local.day}, {local.year}"


def hour_words(moment: datetime, zone: ZoneInfo) -> str:
    """`6:00 AM Eastern`."""
    local = moment.astimezone(zone)
    half = "AM" if local.hour < 12 else "PM"
    return f"{local.hour % 12 or 12}:{local.minute:02} {half} {zone_words(moment, zone)}"


def duration_words(seconds: float) -> str:
    """`1 hr 4 min`, `38 min`, `45 sec`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} sec"
    hours, minutes = divmod(round(whole / 60), 60)
    return " ".join(f"{count} {unit}" for count, unit in ((hours, "hr"), (minutes, "min")) if count)


def up_to_word(cut: str) -> str:
    """The beginning of a text without the word that it was cut in."""
    whole, _, begun = cut.rpartition(" ")
    return whole if len(begun) <= _LONGEST_WORD else cut


def joined(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
