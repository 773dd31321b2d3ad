"""An imported episode as an entry of the catalogue: live since its own date, under its own guid."""

from __future__ import annotations

from dataclasses import dataclass

from pillarcast.model.base import FileRef, Instant
from pillarcast.model.catalogue import Entry
from pillarcast.model.imported import UNKNOWN_DURATION_S, ImportedEpisode
from pillarcast.model.master import Loudness, Master

NOT_MEASURED = "not measured: the audio was imported as it is"
_UNKNOWN = Loudness(integrated_lufs=0, range_lu=0, true_peak_dbtp=0)


@dataclass(frozen=True)
class Moved:
    """What of an episode lies in our bucket now; None stays where it is."""

    notes: FileRef | None = None
    audio: FileRef | None = None
    artwork: FileRef | None = None
    transcript: FileRef | None = None


def entry_of(imported: ImportedEpisode, moved: Moved, now: Instant) -> Entry:
    """Without audio of our own the feed goes on naming the other server's."""
    enclosure, episode = imported.enclosure, imported.episode
    elsewhere = FileRef(key="", sha256="", length_bytes=enclosure.length_bytes, media_type=enclosure.media_type)
    if moved.transcript is not None:
        episode = episode.model_copy(update={"transcripts": episode.transcripts[1:]})
    if moved.artwork is not None:
        episode = episode.model_copy(update={"image_url": ""})
    return Entry(
        guid=imported.guid,
        slug=imported.slug,
        source=f"imported/{imported.slug}",
        recording=moved.audio,
        episode=episode,
        notes=moved.notes,
        artwork=moved.artwork,
        transcript=moved.transcript,
        master=_master(moved.audio or elsewhere, imported.duration_s),
        slot=imported.published_at,
        is_pinned=True,
        dropped_at=now,
        published_at=imported.published_at,
        media_url="" if moved.audio else enclosure.url,
    )


def with_audio(entry: Entry, audio: FileRef) -> Entry:
    """An imported entry once its audio lies in our bucket too."""
    duration_s = entry.master.duration_s if entry.master else UNKNOWN_DURATION_S
    return entry.model_copy(update={"recording": audio, "master": _master(audio, duration_s), "media_url": ""})


def _master(file: FileRef, duration_s: float) -> Master:
    return Master(
        file=file,
        duration_s=duration_s,
        sample_rate_hz=0,
        channels=0,
        bitrate_kbps=round(file.length_bytes * 8 / duration_s / 1000) if duration_s >= 1 else 0,
        before=_UNKNOWN,
        after=_UNKNOWN,
        warnings=(NOT_MEASURED,),
    )
