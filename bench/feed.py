"""The feed side by side with feedgen, podgen, rfeed and gzip, in one run on one machine: ratios into docs/.

After one new episode of many, each with some 3 KB of notes. The Markdown of the notes is rendered before the clock
starts, for everybody; the others get only the fields that all of them can write.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import rfeed
from feedgen.feed import FeedGenerator
from podgen import Episode as PodgenEpisode
from podgen import Media, Podcast

from pillarcast.model.addresses import FEED, Addresses, media_key
from pillarcast.model.base import FileRef
from pillarcast.model.episode import Episode
from pillarcast.model.published import Enclosure, Published
from pillarcast.model.show import About, Show
from pillarcast.model.view import View
from pillarcast.model.wanted import Step
from pillarcast.render import feed_document
from pillarcast.render.feed import feed_objects
from pillarcast.render.feed_document import Prose, prose_of
from tests.feed_support.feedgens import by_feedgen

PAGE = Path(__file__).parents[1] / "docs" / "performance-feed.md"
ADDRESSES = Addresses(public_url="https://cdn.example.com/show")
FIRST = datetime(1990, 1, 4, 11, tzinfo=UTC)
WANTED = {"plain": 2.5, "feedgen": 25.0, "gzip": 100.0}
"""Made and written, at most so many times as long as writing; made, at least so many times faster than the others."""


TEXTS = 200
"""So many different notes; which of them an episode has makes no difference to anybody's work."""
feed_document.notes_html = lru_cache(2 * TEXTS)(feed_document.notes_html)


def notes_of(number: int) -> str:
    """Some 3 KB of made-up words, as hard to compress as a language; the same for the same number."""
    chance = random.Random(number % TEXTS)
    paragraphs = [" ".join(chance.choices(WORDS, weights=WEIGHTS, k=55)) for _ in range(7)]
    links = "\n".join(f"- [{chance.choice(WORDS)}](https://example.org/{chance.getrandbits(40):x})" for _ in range(6))
    return f"## {chance.choice(WORDS)}\n\n" + "\n\n".join(paragraphs) + f"\n\n{links}\n"


def _words() -> list[str]:
    chance = random.Random(1)
    return ["".join(chance.choices("etaoinshrdlucmfwypvbgk", k=chance.randint(2, 10))) for _ in range(6000)]


WORDS = _words()
WEIGHTS = [1 / rank for rank in range(1, len(WORDS) + 1)]


def published(number: int) -> Published:
    sha256 = f"{number:064x}"
    slug = f"episode-{number}"
    key = media_key(sha256, slug, "audio/mpeg")
    return Published(
        guid=f"guid-{number}",
        slug=slug,
        episode=Episode(title=f"Episode & talk {number}", summary="One sentence.", number=number + 1, season=1),
        published_at=FIRST + timedelta(days=number),
        enclosure=Enclosure(
            url=ADDRESSES.of(key),
            length_bytes=30_000_000,
            media_type="audio/mpeg",
            sha256=sha256,
            key=key,
        ),
        duration_s=1800,
        page_url=ADDRESSES.page(slug),
        notes=FileRef(key=f"notes/{number}", sha256=sha256, length_bytes=1, media_type="text/markdown"),
    )


def view_of(count: int) -> View:
    artwork = FileRef(key="a.jpg", sha256="a" * 64, length_bytes=1, media_type="image/jpeg")
    about = About(title="Good Standing", description="Careers, managed on purpose.", host="Helen Marlowe")
    episodes = tuple(published(number) for number in reversed(range(count)))
    guid = "9b024349-ccf0-5f69-a609-6b82873eab3c"
    return View(show=Show(show=about), show_guid=guid, addresses=ADDRESSES, artwork=artwork, episodes=episodes)


@dataclass
class Kept:
    """What the bucket holds before the new episode: every part, by key, with its inputs."""

    bodies: dict[str, bytes]
    inputs: dict[str, str]


def kept_of(view: View) -> Kept:
    kept = Kept({}, {})
    for wanted in sorted(feed_objects(view), key=lambda thing: thing.step):
        if wanted.step < Step.FEED:
            needs = {key: _notes(key) or kept.bodies[key] for key in wanted.needs}
            kept.bodies[wanted.key] = wanted.render(needs)
            kept.inputs[wanted.key] = wanted.inputs
    return kept


def _notes(key: str) -> bytes:
    """The notes file of a key; empty for what is none."""
    return notes_of(int(key.removeprefix("notes/"))).encode() if key.startswith("notes/") else b""


class Ours:
    """One new episode: its item, then the document out of kept parts. Deciding what to render is timed apart."""

    def __init__(self, view: View, kept: Kept) -> None:
        self.wanted = sorted(feed_objects(view), key=lambda thing: thing.step)
        self.new = [one for one in self.wanted if one.step < Step.FEED and kept.inputs.get(one.key) != one.inputs]
        self.notes = {one.needs[0]: notes_of(len(view.episodes) - 1).encode() for one in self.new if one.needs}
        self.bodies = kept.bodies

    def parts(self) -> dict[str, bytes]:
        bodies = self.bodies | self.notes
        for one in self.new:
            bodies[one.key] = one.render({key: bodies[key] for key in one.needs})
        return bodies

    def of(self, key: str) -> bytes:
        bodies = self.parts()
        (feed,) = (one for one in self.wanted if one.key == key)
        return feed.render({need: bodies[need] for need in feed.needs})


def by_plain_feedgen(view: View, prose: list[Prose]) -> bytes:
    feed = FeedGenerator()
    feed.load_extension("podcast")
    feed.title("Good Standing")
    feed.link(href="https://example.org")
    feed.description("Careers")
    for one, said in zip(view.episodes, prose, strict=True):
        entry = feed.add_entry(order="append")
        entry.title(one.episode.title)
        entry.guid(one.guid)
        entry.link(href=one.page_url)
        entry.description(said.whole)
        entry.enclosure(one.enclosure.url, str(one.enclosure.length_bytes), one.enclosure.media_type)
        entry.pubDate(one.published_at)
        entry.podcast.itunes_duration("1800")
    whole: bytes = feed.rss_str()
    return whole


def by_podgen(view: View, prose: list[Prose]) -> bytes:
    show = Podcast(name="Good Standing", description="Careers", website="https://example.org", explicit=False)
    for one, said in zip(view.episodes, prose, strict=True):
        media = Media(one.enclosure.url, one.enclosure.length_bytes, one.enclosure.media_type, timedelta(seconds=1800))
        show.episodes.append(
            PodgenEpisode(
                id=one.guid,
                title=one.episode.title,
                link=one.page_url,
                long_summary=said.whole,
                media=media,
                publication_date=one.published_at,
            )
        )
    return str(show.rss_str()).encode()


def by_rfeed(view: View, prose: list[Prose]) -> bytes:
    items = [
        rfeed.Item(
            title=one.episode.title,
            link=one.page_url,
            description=said.whole,
            guid=rfeed.Guid(one.guid, False),
            pubDate=one.published_at.replace(tzinfo=None),
            extensions=[rfeed.iTunesItem(duration="1800")],
            enclosure=rfeed.Enclosure(one.enclosure.url, one.enclosure.length_bytes, one.enclosure.media_type),
        )
        for one, said in zip(view.episodes, prose, strict=True)
    ]
    feed = rfeed.Feed("Good Standing", "https://example.org", "Careers", items=items, extensions=[rfeed.iTunes()])
    return str(feed.rss()).encode()


def median_s(work: Callable[[], Any], times: int) -> float:
    spans = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spans.append(time.perf_counter() - began)
    return statistics.median(spans)


def peak_mib(count: int, method: str) -> float:
    """What the peak of a process of its own grows by, in MiB, beside the episodes and parts that it starts with."""
    done = subprocess.run(
        [sys.executable, __file__, "--memory", method, "--count", str(count)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])


def memory(count: int, method: str) -> None:
    view = view_of(count)
    if method == "ours":
        pages = kept_of(view_of(64))
        body = pages.bodies["private/feed/pages/00000.xml"]
        ours = Ours(view, Kept(dict.fromkeys((one.key for one in feed_objects(view)), body), {}))
        (feed,) = (one for one in ours.wanted if one.key == FEED)
        parts = dict.fromkeys(feed.needs, body)

        def work() -> bytes:
            return feed.render(parts)
    else:
        said = prose_of(view.episodes[0], notes_of(1))
        prose = [said] * count

        def work() -> bytes:
            return by_feedgen(view, prose)

    before = highest_kib()
    work()
    print((highest_kib() - before) / 1024)


def highest_kib() -> int:
    """The peak of this process (Linux): what `getrusage` says begins with the parent's."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def run(count: int, times: int) -> list[str]:
    before, after = view_of(count), view_of(count + 1)
    kept = kept_of(before)
    prose = [prose_of(one, notes_of(count - index)) for index, one in enumerate(after.episodes)]
    ours = Ours(after, kept)
    feed = ours.of(FEED)
    assert feed == by_feedgen(after, prose), "not the bytes of feedgen"
    assert gzip.decompress(ours.of(f"{FEED}.gz")) == feed, "the gzip copy is another feed"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed.xml"

        def write(body: bytes) -> None:
            with path.open("wb") as file:
                file.write(body)

        spans = {
            "writing": median_s(lambda: write(feed), times),
            "ours, written": median_s(lambda: write(ours.of(FEED)), times),
            "ours": median_s(lambda: ours.of(FEED), times),
            "deciding": median_s(lambda: Ours(after, kept), 3),
            "ours gzip": median_s(lambda: ours.of(f"{FEED}.gz"), times),
            "gzip -6": median_s(lambda: gzip.compress(feed, 6), 2),
            "feedgen, all our fields": median_s(lambda: by_feedgen(after, prose), 2),
            "feedgen, written": median_s(lambda: write(by_feedgen(after, prose)), 2),
            "feedgen, common fields": median_s(lambda: by_plain_feedgen(after, prose), 2),
            "podgen, common fields": median_s(lambda: by_podgen(after, prose), 2),
            "rfeed, common fields": median_s(lambda: by_rfeed(after, prose), 2),
        }
    peaks = {method: peak_mib(count, method) for method in ("ours", "feedgen")}
    sizes = {"feed": len(feed), "gzip -6": len(gzip.compress(feed, 6)), "stitched": len(ours.of(f"{FEED}.gz"))}
    return report(count, spans, sizes, peaks, len(ours.new))


def report(
    count: int, spans: dict[str, float], sizes: dict[str, int], peaks: dict[str, float], rendered: int
) -> list[str]:
    lines = [
        f"## One new episode into {count:,}",
        "",
        f"The feed has {sizes['feed'] / 1e6:.1f} MB; {rendered} item was rendered. The same bytes as feedgen's own.",
        "",
        "| What is compared | Ratio | Wanted |",
        "|---|---|---|",
        *(f"| {what} | {ratio} | {wanted} |" for what, ratio, wanted in rows_of(spans, sizes, peaks)),
        "",
    ]
    print("\n".join(lines))
    return lines


def rows_of(spans: dict[str, float], sizes: dict[str, int], peaks: dict[str, float]) -> list[tuple[str, str, str]]:
    def faster(name: str, than: str) -> str:
        return f"{spans[name] / spans[than]:.0f} times faster"

    scratch = "feedgen, all our fields"
    grown = {method: f"{peak * 2**20 / sizes['feed']:.2f} times" for method, peak in peaks.items()}
    others = ("feedgen, common fields", "podgen, common fields", "rfeed, common fields")
    plain = f"{spans['ours, written'] / spans['writing']:.2f} times as long"
    return [
        ("making and writing it, against writing the same bytes", plain, f"at most {WANTED['plain']}"),
        ("making it, against feedgen from nothing", faster(scratch, "ours"), f"at least {WANTED['feedgen']:.0f}"),
        ("the same, both written to a file too", faster("feedgen, written", "ours, written"), ""),
        *((f"making it, against {name}", faster(name, "ours"), "") for name in others),
        ("the gzip copy, against `gzip -6` of it", faster("gzip -6", "ours gzip"), f"at least {WANTED['gzip']:.0f}"),
        ("size of the gzip copy, against `gzip -6`", f"{sizes['stitched'] / sizes['gzip -6']:.3f} times", ""),
        ("peak memory of making it, against its size", grown["ours"], ""),
        ("peak memory of feedgen, against its size", grown["feedgen"], ""),
        ("deciding what has changed, against feedgen from nothing", faster(scratch, "deciding"), ""),
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, action="append", help="episodes; 1000 and 10000 by default")
    options.add_argument("--times", type=int, default=7)
    options.add_argument("--memory", choices=["ours", "feedgen"], help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.memory:
        memory(chosen.count[0], chosen.memory)
        return
    lines = ["# The feed, side by side", "", *(__doc__ or "").splitlines()[2:], ""]
    lines += [
        f"Made by `python bench/feed.py`, {os.cpu_count()} cores, Python {sys.version.split()[0]}; medians of one run,",
        "while the machine did nothing else. `--count` measures another size, `--times` says how often.",
        "",
        "Making is rendering the new item and putting the document together in memory, as feedgen does; most of it is",
        "copying the kept bytes. Where both are written to a file, writing is most of our time, and none of feedgen's.",
        "Memory is what a process of its own grows by: the document itself, and nothing for each episode.",
        "",
    ]
    for count in chosen.count or (1_000, 10_000):
        lines += run(count, chosen.times)
    PAGE.write_text("\n".join(lines).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
