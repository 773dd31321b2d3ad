"""What an import fetches from the old host: audio, artwork, transcript, chapters; what does not come stays there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from pillarcast.audio.tagging import fit_artwork
from pillarcast.errors import NeedsOwner, PillarcastError, Problem
from pillarcast.model.base import FileRef
from pillarcast.model.imported import ImportedEpisode
from pillarcast.model.importing import TRANSCRIPT_TYPES, Moved, timed_transcript
from pillarcast.pipeline.files import file_ref, keep_bytes, keep_file
from pillarcast.pipeline.studio import Studio
from pillarcast.ports import Progress, silent
from pillarcast.render.feed_chapters_reader import read_chapters

KEPT_TYPES = {"audio/mpeg": ".mp3", "audio/x-m4a": ".m4a", "audio/ogg": ".opus"}
"""Audio that the bucket takes in; other media stay with the old host."""
SMALLEST_AUDIO_BYTES = 16_384


class Downloader(Protocol):
    """Files of other hosts. Unreachable where nothing answers, Unsupported where what answers is no such file."""

    def fetch(self, url: str) -> bytes:
        """A small file whole."""

    def download(self, url: str, path: Path, progress: Progress = silent) -> str:
        """A large file, resumed where an earlier attempt stopped; its media type as the server says it."""


def moved_media(
    studio: Studio, episode: ImportedEpisode, downloader: Downloader, *, keep_media: bool
) -> tuple[Moved, list[Problem]]:
    """What of an episode comes into the bucket; what cannot stays where it is, with the reason."""
    notes = keep_bytes(studio, episode.notes.encode(), "text/markdown", f"{episode.slug}.md") if episode.notes else None
    moved, problems = Moved(notes=notes), list[Problem]()
    if keep_media:
        return moved, problems
    steps = (("audio", fetch_audio), ("artwork", _artwork), ("transcript", _transcript))
    for name, step in steps:
        try:
            moved = replace(moved, **{name: step(studio, episode, downloader)})
        except PillarcastError as error:
            problems.append(stays(episode, name, error))
    return moved, problems


def stays(episode: ImportedEpisode, name: str, error: PillarcastError) -> Problem:
    what = f"its {name} stays with the old host: {error.problem.what}"
    return Problem(episode.episode.title, what, error.problem.mend, is_warning=True)


def fetch_audio(studio: Studio, episode: ImportedEpisode, downloader: Downloader) -> FileRef | None:
    enclosure = episode.enclosure
    suffix = KEPT_TYPES.get(enclosure.media_type)
    if suffix is None:
        raise NeedsOwner(enclosure.url, f"{enclosure.media_type} is no audio that we serve", "Nothing to do.")
    path = studio.work / "imports" / f"{episode.slug}{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    media_type = downloader.download(enclosure.url, path, _progress(studio, f"fetch {path.name}"))
    length = path.stat().st_size
    if length < SMALLEST_AUDIO_BYTES or media_type.startswith("text/"):
        path.unlink()
        mend = "Look whether the audio plays at its old address."
        raise NeedsOwner(enclosure.url, f"{length} bytes of {media_type} arrived, which is no audio", mend)
    kept = keep_file(studio, path, file_ref(path, enclosure.media_type))
    path.unlink()
    return kept


def _progress(studio: Studio, what: str) -> Progress:
    return lambda done, total: studio.progress(what, done / total if total else 0.0)


def _artwork(studio: Studio, episode: ImportedEpisode, downloader: Downloader) -> FileRef | None:
    url = episode.episode.image_url
    if not url:
        return None
    picture = fit_artwork(downloader.fetch(url), url.rpartition("/")[2])
    return keep_bytes(studio, picture, "image/jpeg", f"{episode.slug}.jpg")


def _transcript(studio: Studio, episode: ImportedEpisode, downloader: Downloader) -> FileRef | None:
    """The first that has time codes; the others stay linked."""
    first = timed_transcript(episode.episode)
    if first is None:
        return None
    media_type = TRANSCRIPT_TYPES[first.media_type.lower()]
    suffix = ".vtt" if media_type == "text/vtt" else ".srt"
    return keep_bytes(studio, _in_utf8(downloader.fetch(first.url)), media_type, f"{episode.slug}{suffix}")


def _in_utf8(text: bytes) -> bytes:
    """SubRip files are often in the encoding of the machine that wrote them; pages and apps read UTF-8."""
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return text.decode("utf-16", "replace").encode()
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("cp1252", "replace").encode()
    return text


def with_chapters(episode: ImportedEpisode, downloader: Downloader, problems: list[Problem]) -> ImportedEpisode:
    """Chapters of another server, read once and kept from then on."""
    said = episode.episode
    if not said.chapters_url or said.chapters:
        return episode
    try:
        chapters = read_chapters(downloader.fetch(said.chapters_url))
    except PillarcastError as error:
        what = f"its chapters stay with the old host: {error.problem.what}"
        problems.append(Problem(said.title, what, error.problem.mend, is_warning=True))
        return episode
    changes = {"chapters": chapters, "chapters_url": "", "chapters_type": ""} if chapters else {}
    return episode.model_copy(update={"episode": said.model_copy(update=changes)})
