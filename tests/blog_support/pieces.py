"""A show with a live episode, an article and a queue, made without any file or bucket."""

from __future__ import annotations

from datetime import UTC, datetime

from pillarcast.model.addresses import Addresses
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry
from pillarcast.model.chapters import Chapter
from pillarcast.model.episode import Episode, Person
from pillarcast.model.master import Loudness, Master
from pillarcast.model.show import About, Show, Subscribe
from pillarcast.model.view import View, view_of

ADDRESSES = Addresses(public_url="https://media.example.com")
MONDAY = datetime(2026, 6, 1, 10, tzinfo=UTC)
THURSDAY = datetime(2026, 6, 4, 10, tzinfo=UTC)
NEXT_THURSDAY = datetime(2026, 6, 11, 10, tzinfo=UTC)
SHOW = Show(
    show=About(title="The Career Hour", description="Careers.", host="Ada Moss", tags=("Careers", "Podcast")),
    subscribe=Subscribe(apple="https://podcasts.apple.com/us/podcast/id1", spotify="https://open.spotify.com/show/1"),
)
_QUIET = Loudness(integrated_lufs=-16, range_lu=4, true_peak_dbtp=-1.5)


def file_ref(name: str, media_type: str, digit: str) -> FileRef:
    return FileRef(key=f"private/files/{name}", sha256=digit * 64, length_bytes=1000, media_type=media_type, name=name)


ARTWORK = file_ref("artwork.jpg", "image/jpeg", "a")


def entry(slug: str, title: str, slot: datetime, *, is_live: bool) -> Entry:
    """An episode of forty minutes with two chapters and a guest."""
    return Entry(
        guid=f"guid of {slug}",
        slug=slug,
        source=f"{slug}.wav",
        recording=None,
        episode=Episode(
            title=title,
            summary="What to know.",
            people=(Person(name="Max Lane", role="guest"),),
            tags=("Resumes", "careers"),
            chapters=(Chapter(start_s=0, title="Hello"), Chapter(start_s=754, title="Numbers & <facts>")),
        ),
        transcript=file_ref("talk.vtt", "text/vtt", "b"),
        master=Master(
            file=file_ref("talk.mp3", "audio/mpeg", "c"),
            duration_s=2400,
            sample_rate_hz=44100,
            channels=1,
            bitrate_kbps=64,
            before=_QUIET,
            after=_QUIET,
        ),
        slot=slot,
        dropped_at=datetime(2026, 5, 30, tzinfo=UTC),
        published_at=slot if is_live else None,
    )


def catalogue(*, is_thursday_live: bool) -> Catalogue:
    """The week: an article on Monday, an episode on Thursday, and one more a week later."""
    return Catalogue(
        show_guid="9b024349-ccf0-5f69-a609-6b82873eab3c",
        entries=(
            entry("resume-numbers", "Numbers on a resume", THURSDAY, is_live=is_thursday_live),
            entry("first-call", "The first call", NEXT_THURSDAY, is_live=False),
        ),
        articles=(
            ArticleEntry(
                guid="guid of the article",
                slug="why-job-hunters-rush",
                source="why-job-hunters-rush.md",
                title="Why job hunters rush",
                body=file_ref("rush.md", "text/markdown", "d"),
                slot=MONDAY,
                published_at=MONDAY,
            ),
        ),
    )


def week(*, is_thursday_live: bool) -> View:
    return view_of(SHOW, ARTWORK, catalogue(is_thursday_live=is_thursday_live), ADDRESSES)
