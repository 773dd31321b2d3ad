"""Dates as feeds write them: RFC 2822 with a numeric zone is right, much else is found."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

RFC2822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\s+)?\d{1,2}\s+"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d{2}(?:\d{2})?\s+"
    r"\d{2}:\d{2}(?::\d{2})?\s+(?:[+-](?:0\d|1[0-4])[0-5]\d|UT|GMT|[ECMP][SD]T|[A-IK-Z])"
)
"""RFC 822 section 5 as RSS 2.0 wants it, years of four digits allowed."""

_ZONES_H: dict[str, float] = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "IST": 5.5, "CET": 1, "CEST": 2, "MEZ": 1,
    "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "AST": -4, "ADT": -3, "NST": -3.5, "NDT": -2.5,
    "JST": 9, "KST": 9, "AWST": 8, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "SGT": 8, "HKT": 8, "SAST": 2, "BRT": -3, "ART": -3, "EASTERN": -5, "PACIFIC": -8,
}  # fmt: skip
_FARTHEST_ZONE_S = 14 * 3600
_NAMED_ZONE = re.compile(r"\s([A-Za-z]{1,8})\s*(?:\([^)]*\))?$")
_OFFSET = re.compile(r"(:\d{2}(?:\.\d+)?)\s*(?:GMT|UTC?)?\s*([+-])(\d{1,2}):?(\d{2})?(?=\s*(?:\([^)]*\))?$)")
"""`+01:00`, `+01` and `GMT+0100`, which `email.utils` takes for other zones."""
_HALF_DAY = re.compile(r"\b(\d{1,2})(:\d{2}(?::\d{2})?)\s*([ap])\.?m\b\.?", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"\d{4}[-/]\d")


def parse_date(text: str) -> datetime | None:
    """An aware date in UTC, or None. A date without zone, or of one that cannot be, is taken for UTC."""
    text = _HALF_DAY.sub(_of_whole_day, " ".join(text.split()))
    text = _OFFSET.sub(_numeric, text)
    return _iso(text) or _rfc(text)


def _of_whole_day(match: re.Match[str]) -> str:
    hour, minutes, half = int(match[1]), match[2], match[3].lower()
    return f"{hour % 12 + (12 if half == 'p' else 0):02}{minutes}" if hour <= 12 else f"{match[1]}{minutes}"


def _numeric(match: re.Match[str]) -> str:
    minutes, sign, hours, more = match.groups()
    return f"{minutes} {sign}{int(hours):02}{more or '00'}"


def _zone_h(text: str) -> float | None:
    """Hours of the zone that is named at the end, None where none is."""
    named = _NAMED_ZONE.search(text)
    return _ZONES_H.get(named[1].upper()) if named else None


def _iso(text: str) -> datetime | None:
    if not _YEAR_FIRST.match(text):
        return None
    hours = _zone_h(text)
    bare = text if hours is None else _NAMED_ZONE.sub("", text)
    try:
        moment = datetime.fromisoformat(bare.replace("/", "-").replace(" +", "+").replace(" -", "-"))
    except ValueError:
        return None
    return _utc(moment if moment.tzinfo else moment.replace(tzinfo=timezone(timedelta(hours=hours or 0))))


def _rfc(text: str) -> datetime | None:
    parsed = parsedate_tz(text)
    if parsed is None:
        return None
    hours = _zone_h(text)
    offset_s = hours * 3600 if hours is not None else parsed[9] or 0
    if abs(offset_s) > _FARTHEST_ZONE_S:
        offset_s = 0
    try:
        zone = timezone(timedelta(seconds=offset_s))
        return _utc(datetime(*parsed[:5], min(parsed[5], 59), tzinfo=zone))
    except (ValueError, OverflowError):
        return None


def _utc(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
