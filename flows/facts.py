"""Numbers in the owner's words, for pages, tables and logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from functools import partial

from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.chapters import render_stamp
from pillarcast.model.master import Master, channels_in_words
from pillarcast.model.plan import Plan
from pillarcast.model.plan_words import in_words
from pillarcast.model.queue_words import Filling, filling
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.verifying import Check


def hour(studio: Studio, moment: datetime | None) -> str:
    """In the show's own zone."""
    return in_zone(moment, studio.show.schedule.tz) if moment else "without a date"


def in_zone(moment: datetime, zone: tzinfo) -> str:
    """`Thursday, 26 November 2026, 06:00 EST`."""
    local = moment.astimezone(zone)
    return f"{local:%A}, {local.day} {local:%B %Y, %H:%M %Z}"


def way_to_fill(studio: Studio, catalogue: Catalogue, way: Filling) -> str:
    """The mend where nothing airs in a slot."""
    words = filling(catalogue, studio.show.schedule.tz, way)
    return f"{words}. In the UI the deployment `{way}` does it." if words else "Drop a recording into episodes/."


def megabytes(length_bytes: int) -> str:
    return f"{length_bytes / 1e6:.1f} MB"


def master_facts(master: Master) -> Iterator[tuple[str, object]]:
    yield "length", render_stamp(round(master.duration_s))
    yield "loudness", f"{master.before.integrated_lufs:.1f} → **{master.after.integrated_lufs:.1f} LUFS**"
    yield "true peak", f"{master.before.true_peak_dbtp:.1f} → {master.after.true_peak_dbtp:.1f} dBTP"
    kind = channels_in_words(master.channels)
    yield "audio", f"{master.bitrate_kbps} kbit/s, {master.sample_rate_hz / 1000:g} kHz, {kind}"
    yield "size", megabytes(master.file.length_bytes)


def episode_facts(studio: Studio, entry: Entry) -> Iterator[tuple[str, object]]:
    """What a live episode is, and where."""
    yield "guid", f"`{entry.guid}`"
    yield "on air", hour(studio, entry.published_at)
    page = studio.addresses.page(entry.slug)
    yield "page", f"[{page}]({page})"
    yield "feed", f"[{studio.addresses.feed}]({studio.addresses.feed})"
    if entry.master is not None:
        yield from master_facts(entry.master)


def plan_rows(studio: Studio, plan: Plan) -> list[dict[str, object]]:
    """The plan as a table: what would be done, to what, where."""
    rows = (in_words(action, partial(hour, studio)) for action in plan.actions)
    return [dict(zip(("what", "of what", "where"), row, strict=True)) for row in rows]


def check_rows(checks: Iterable[Check]) -> list[dict[str, object]]:
    """The verification as a table; what is wrong stands first."""
    ordered = sorted(checks, key=lambda check: check.is_right)
    return [
        {"right": "✓" if check.is_right else "✗", "of": check.subject, "looked at": check.what, "seen": check.seen}
        for check in ordered
    ]
