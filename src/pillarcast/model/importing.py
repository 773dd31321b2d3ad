"""An imported episode as an entry of the catalogue: live since its own date, under its own guid."""

from __future__ import annotations

from dataclasses import dataclass

from pillarcast.model.base import FileRef, Instant
from pillarcast.model.catalogue import Entry
from pillarcast.model.episode import Episode
from pillarcast.model.feed_values import LinkedTranscript
from pillarcast.model.imported import UNKNOWN_DURATION_S, ImportedEpisode
from pillarcast.model.master import Loudness, Master

IMPORTED = "imported/"
"""What the source of an episode begins with that came from another host."""
NOT_MEASURED = "not measured: the audio was imported as it is"
TRANSCRIPT_TYPES = {
    **dict.fromkeys(("text/vtt", "text/webvtt"), "text/vtt"),
    **dict.fromkeys(("application/x-subrip", "application/srt", "text/srt"), "application/x-subrip"),
}
"""What transcripts with time codes are called, and how it is spelt."""
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
        taken = timed_transcript(episode)
        episode = episode.model_copy(
            update={"transcripts": tuple(one for one in episode.transcripts if one is not taken)}
        )
    if moved.artwork is not None:
        episode = episode.model_copy(update={"image_url": ""})
    return Entry(
        guid=imported.guid,
        slug=imported.slug,
        source=f"{IMPORTED}{imported.slug}",
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


def is_imported(entry: Entry) -> bool:
    """Whether it was on air at another host, whatever its audio is called in the folder by now."""
    is_as_it_came = entry.master is not None and NOT_MEASURED in entry.master.warnings
    return entry.recording is None or is_as_it_came or entry.source.startswith(IMPORTED)


def timed_transcript(episode: Episode) -> LinkedTranscript | None:
    """The first with time codes, which our pages can show and follow; many hosts name one without before it."""
    return next((one for one in episode.transcripts if one.media_type.lower() in TRANSCRIPT_TYPES), None)


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
