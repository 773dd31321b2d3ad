"""The report that proves an import: the old feed against the feed as the public gets it now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from pillarcast.errors import NotVerified, Problem
from pillarcast.pipeline.fetching import Downloader
from pillarcast.pipeline.importing import read_source
from pillarcast.pipeline.studio import Studio
from pillarcast.render.feed_parity import Difference, Parity, compare

_OK = 200
_EXAMPLES = 3


def check_parity(studio: Studio, source: str, downloader: Downloader) -> Parity:
    """The feed at `source` against ours, both fetched as apps do. NotVerified where ours does not answer."""
    old, url = read_source(source, downloader)
    answer = studio.public.get(studio.addresses.feed)
    if answer.status != _OK:
        what = f"answers {answer.status}"
        raise NotVerified([Problem(studio.addresses.feed, what, "Publish first: `pillarcast publish`.")])
    parity = compare(old, answer.body, url)
    return replace(parity, differences=tuple(map(_of_show_toml, parity.differences)))


def _of_show_toml(difference: Difference) -> Difference:
    """What a live feed says of the show is its owner's word."""
    is_owners = difference.field.startswith("channel.") and not difference.why
    return replace(difference, why="as show.toml says now") if is_owners else difference


def render_parity(parity: Parity) -> str:
    """For people: what came over, what differs and why, what was left out, and whether the report is clean."""
    lines = [f"{parity.imported} of {parity.items} items taken, {parity.compared} compared field by field."]
    lines += _differences(parity)
    if parity.left_out:
        lines.append("Left behind:")
        lines += [f"  {name}, {count} times: {why}" for name, (count, why) in parity.left_out.items()]
    if parity.is_clean:
        return "\n".join([*lines, "Clean: every difference is explained."])
    return "\n".join(
        [*lines, f"{len(parity.unexplained)} differences are not explained: look at them before you move."]
    )


def parity_rows(parity: Parity) -> list[dict[str, object]]:
    """For a table: each kind of difference once, with how often it is there, why, and an example; unexplained first."""
    counts = Counter((one.field, one.why) for one in parity.differences)
    rows: list[dict[str, object]] = []
    for (field, why), count in sorted(counts.items(), key=lambda pair: (bool(pair[0][1]), pair[0][0])):
        example = next(one for one in parity.differences if (one.field, one.why) == (field, why))
        rows.append({"field": field, "times": count, "why": why or "NOT EXPLAINED", "example": _example(example)})
    return rows


def _differences(parity: Parity) -> Iterator[str]:
    counts = Counter((one.field, one.why) for one in parity.differences)
    for (field, why), count in sorted(counts.items(), key=lambda pair: (bool(pair[0][1]), pair[0][0])):
        examples = [one for one in parity.differences if (one.field, one.why) == (field, why)][:_EXAMPLES]
        yield f"  {field}, {count} times: {why or 'NOT EXPLAINED'}"
        yield from (f"      {_example(one)}" for one in examples)


def _example(one: Difference) -> str:
    where = f"{one.where}: " if one.where else ""
    return f"{where}{one.old[:70]!r} → {one.new[:70]!r}"
