"""A show with so many live episodes that some lie on a shelf: laid in a moment, without mastering."""

from __future__ import annotations

from datetime import datetime, timedelta

from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Entry
from pillarcast.model.chapters import Chapter
from pillarcast.model.episode import Episode, Person
from pillarcast.model.master import Loudness, Master
from pillarcast.pipeline.files import keep_bytes
from pillarcast.pipeline.studio import Studio
from tests.show_support.place import MONDAY, artwork

COLOURS = ("#1f4d43", "#4d1f43")
_SAID = b"not audio, but as many bytes as an app takes for an episode. " * 400
_HEARD = Loudness(integrated_lufs=-16, range_lu=3, true_peak_dbtp=-1)


def lay_live(studio: Studio, count: int) -> None:
    """`count` episodes that are live and have no receipts yet, one a week, the newest a week ago."""
    entries = tuple(live_entry(studio, number, MONDAY - timedelta(weeks=count - number)) for number in range(count))
    studio.store.change(lambda catalogue: catalogue.model_copy(update={"entries": entries}))


def live_entry(studio: Studio, number: int, at: datetime) -> Entry:
    """Rich in what pages are made from: every third has artwork that others have too, every fifth a transcript."""
    audio = keep_bytes(studio, _SAID + str(number % 7).encode(), "audio/mpeg", "said.mp3")
    master = Master(
        file=audio, duration_s=60, sample_rate_hz=44100, channels=1, bitrate_kbps=64, before=_HEARD, after=_HEARD
    )
    return Entry(
        guid=f"guid-{number}",
        slug=f"episode-{number}",
        source=f"{number}.wav",
        recording=None,
        episode=_words(number),
        notes=keep_bytes(studio, f"Notes {number % 5}.".encode(), "text/markdown", "notes.md"),
        artwork=picture(studio, number % 2) if number % 3 == 0 else None,
        transcript=_transcript(studio) if number % 5 == 0 else None,
        master=master,
        dropped_at=at - timedelta(days=2),
        published_at=at,
    )


def picture(studio: Studio, colour: int) -> FileRef:
    return keep_bytes(studio, artwork(colour=COLOURS[colour]), "image/jpeg", "artwork.jpg")


def _transcript(studio: Studio) -> FileRef:
    return keep_bytes(studio, b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n", "text/vtt", "said.vtt")


def _words(number: int) -> Episode:
    return Episode(
        title=f"Episode {number}",
        summary="One sentence.",
        number=number + 1,
        season=1 + number // 50,
        tags=("careers", f"tag {number % 4}"),
        people=(Person(name=f"Guest {number % 9}", role="guest"),),
        chapters=(Chapter(start_s=0, title="Hello"),) if number % 4 == 0 else (),
    )
