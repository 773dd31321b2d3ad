"""Whether the catalogue knows what lies in a drop folder. One answer, for who asks for runs and for who looks."""

from __future__ import annotations

from collections.abc import Mapping

from pillarcast.errors import Problem
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.dropped import number_in_front
from pillarcast.model.episode import Episode, EpisodeKind


def taken_by(catalogue: Catalogue, source: str) -> Entry | None:
    """The episode of that name whose recording was taken, and may have been removed from the folder since."""
    standing = (entry for entry in catalogue.entries if entry.recording is not None and entry.retracted_at is None)
    return next((entry for entry in standing if entry.source == source), None)


def is_known(catalogue: Catalogue, source: str, recording_sha256: str) -> bool:
    """By its name, or by its bytes under another one: a second copy is taken with the first. Without a recording it is
    an article, or the notes of one that was removed since.

    A name alone is enough: where other bytes or words stand there under it, they were taken once and somebody brought
    earlier ones back (`restore`), which nothing must overwrite by itself.
    """
    if not recording_sha256:
        return any(piece.source == source for piece in catalogue.pieces)
    return any(
        (entry.source == source and entry.retracted_at is None)
        or (entry.recording is not None and entry.recording.sha256 == recording_sha256)
        for entry in catalogue.entries
    )


def is_rerun(entry: Entry, source: str) -> bool:
    """Whether this name means the recording of that live episode a second time: people do not number what is on air
    anew, so a file with another number in front is not that one under another name."""
    before, now = number_in_front(entry.source), number_in_front(source)
    return entry.published_at is not None and None not in (before, now) and before != now


def second_copies(catalogue: Catalogue, recordings: Mapping[str, str]) -> dict[str, Entry]:
    """The standing episode of each recording that is there twice, by the other name. `recordings` are the hashes of all
    that lie there, by name, empty where one was not looked at."""
    standing = [entry for entry in catalogue.entries if entry.retracted_at is None and entry.recording is not None]
    names = {entry.source for entry in standing}
    by_bytes = {entry.recording.sha256: entry for entry in standing if entry.recording}
    found = {name: by_bytes[sha] for name, sha in recordings.items() if name not in names and sha in by_bytes}
    return {name: one for name, one in found.items() if one.source in recordings or is_rerun(one, name)}


def same_recording(source: str, entry: Entry, *, has_notes: bool) -> Problem:
    """A warning: this drop is no episode of its own, and what lies beside it belongs to nobody."""
    notes = ", and its notes were not taken" if has_notes else ""
    what = f"is the same recording as “{entry.episode.title}” ({entry.source}), so no episode of its own{notes}"
    mend = "To air it again, export the recording once more: other bytes are a new episode. Otherwise remove it."
    return Problem(source, what, mend, is_warning=True)


def numbered(episode: Episode) -> tuple[int | None, int] | None:
    """Season and number, which no other full episode should have; None for one without, for trailers and bonuses."""
    if episode.number is None or episode.kind is not EpisodeKind.FULL:
        return None
    return episode.season, episode.number


def same_number(catalogue: Catalogue, entry: Entry) -> Problem | None:
    """A warning where another standing episode of the season has this one's number: both may be meant so."""
    number = numbered(entry.episode)
    for other in catalogue.entries if number else ():
        if numbered(other.episode) == number and other.guid != entry.guid and other.retracted_at is None:
            what = f"has the number {entry.episode.number}, as “{other.episode.title}” ({other.source}) has"
            mend = "Write another `episode:` into the notes of one, unless both are meant so."
            return Problem(entry.source, what, mend, is_warning=True)
    return None
