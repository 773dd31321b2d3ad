"""Staging: a recording becomes a master under embargo, tagged for the day on which it will air."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from pillarcast.audio.mastering import MasterSpec, master
from pillarcast.audio.report import MasterReport
from pillarcast.audio.tagging import Tags, retag
from pillarcast.errors import NeedsOperator, RecordingRefused, SettingsError
from pillarcast.model.base import FileRef, digest
from pillarcast.model.catalogue import Catalogue, Entry, State
from pillarcast.model.chapters import shifted
from pillarcast.model.master import Master
from pillarcast.model.number_order import in_order, moved_between
from pillarcast.model.origin import origin_of
from pillarcast.model.show import Show
from pillarcast.pipeline.artwork import show_artwork
from pillarcast.pipeline.files import fetch_file, file_ref, keep_bytes, keep_file
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.working import a_folder
from pillarcast.render.receipt_picture import MEDIA_TYPE, receipt_picture


@dataclass(frozen=True)
class Staged:
    """`moved` are those that waited already, and got another slot because this one is ready."""

    entry: Entry
    moved: tuple[Entry, ...] = ()


def stage(studio: Studio, guid: str) -> Staged:
    """Makes the master of an episode, or tags it anew where the words changed; does nothing for one that is live."""
    entry = studio.store.load().catalogue.entry(guid)
    if entry.state in (State.LIVE, State.RETRACTED) or entry.recording is None:
        return Staged(entry)
    return freshen(studio, entry, entry.slot or studio.clock.now())


def check_ready(studio: Studio, guid: str) -> None:
    """NeedsOwner where the show lacks what the master of this episode needs."""
    state = studio.store.load().catalogue.entry(guid).state
    if state in (State.WAITING, State.QUEUED):
        show_artwork(studio)
    for key in ("intro", "outro") if state is State.WAITING else ():
        name = getattr(studio.show.master, key)
        if name and not (studio.project / name).is_file():
            raise SettingsError("show.toml", f"`master.{key}`: there is no file {name}", "Put it beside show.toml.")


def freshen(studio: Studio, entry: Entry, airs_at: datetime) -> Staged:
    """The entry with a master whose tags say what the episode says now, and the day on which it airs."""
    masters = make_masters(studio, entry, airs_at)
    if masters == (entry.master, *entry.alternates):
        return Staged(entry)
    now = studio.clock.now()
    change = partial(_with_masters, made_from=entry, masters=masters, moment=now)
    before, after = studio.store.before_and_after(change)
    return Staged(after.entry(entry.guid), moved_between(before, after, entry.guid))


def make_masters(studio: Studio, entry: Entry, airs_at: datetime) -> tuple[Master, ...]:
    """The masters of an entry, kept in the bucket: those it has where they are right, else tagged or made anew."""
    tags = tags_of(studio, entry, airs_at)
    wanted = _digest(tags)
    if entry.master is not None and entry.master.tags_digest == wanted:
        return (entry.master, *entry.alternates)
    with a_folder(studio, "master-", entry.source) as folder:
        return _make(studio, entry, tags, wanted, folder)


def is_tagged_for(studio: Studio, entry: Entry, airs_at: datetime) -> bool:
    """Whether `freshen` would leave the masters of the entry as they are."""
    return entry.master is not None and entry.master.tags_digest == _digest(tags_of(studio, entry, airs_at))


def _digest(tags: Tags) -> str:
    return digest(asdict(replace(tags, artwork=None)), tags.artwork or b"")


def _make(studio: Studio, entry: Entry, tags: Tags, tags_digest: str, folder: Path) -> tuple[Master, ...]:
    specs = specs_of(studio.show, studio.project)
    if entry.master is not None:
        kept = (entry.master, *entry.alternates)
        return tuple(_tag_anew(studio, entry, old, tags, tags_digest=tags_digest, folder=folder) for old in kept)
    assert entry.recording is not None
    recording = fetch_file(studio, entry.recording)
    made: list[Master] = []
    for spec in specs:
        path = folder / f"{entry.slug}.{spec.format}"
        report = _mastered(studio, entry, recording, path, spec, tags)
        plain = master_of(file_ref(path, report.media_type), report, tags_digest)
        one = plain.model_copy(update={"picture": _picture(studio, entry, plain, report)})
        keep_file(studio, path, one.file, origin_of(entry, one))
        made.append(one)
    return tuple(made)


def _mastered(  # noqa: PLR0917 - all that a master is made of
    studio: Studio, entry: Entry, recording: Path, path: Path, spec: MasterSpec, tags: Tags
) -> MasterReport:
    """A refusal names the file that was dropped, not the one in the bucket; an intro or outro is refused by its own."""
    try:
        return master(recording, path, spec, tags, partial(studio.progress, f"master {entry.source} {spec.format}"))
    except (RecordingRefused, NeedsOperator) as error:
        if error.problem.subject != recording.name:
            raise
        name = entry.recording.name if entry.recording else entry.source
        raise type(error)(name, error.problem.what, error.problem.mend) from None


def _tag_anew(studio: Studio, entry: Entry, old: Master, tags: Tags, *, tags_digest: str, folder: Path) -> Master:
    """Only the tags change: the audio is neither decoded nor encoded again."""
    path = folder / f"{entry.slug}{PurePosixPath(old.file.key).suffix}"  # whoever watches it leave knows it by its name
    studio.bucket.download(old.file.key, path)
    chapters = shifted(tags.chapters, old.chapters_shift_s, old.duration_s)
    retag(path, replace(tags, chapters=chapters))
    anew = old.model_copy(update={"file": file_ref(path, old.file.media_type), "tags_digest": tags_digest})
    keep_file(studio, path, anew.file, origin_of(entry, anew))
    return anew


def _picture(studio: Studio, entry: Entry, made: Master, report: MasterReport) -> FileRef:
    """What mastering did, for the owner's eyes: kept under private/."""
    courses = (report.course_before, report.course_after)
    svg = receipt_picture(entry.episode.title, made, *courses, studio.show.master.loudness_lufs)
    return keep_bytes(studio, svg, MEDIA_TYPE, f"{entry.slug}.svg")


def master_of(ref: FileRef, report: MasterReport, tags_digest: str) -> Master:
    return Master(
        file=ref,
        duration_s=report.duration_s,
        sample_rate_hz=report.sample_rate_hz,
        channels=report.channels,
        bitrate_kbps=report.bitrate_kbps,
        before=report.before,
        after=report.after,
        warnings=report.warnings,
        peaks=report.peaks,
        chapters_shift_s=report.chapters_shift_s,
        tags_digest=tags_digest,
    )


def _with_masters(catalogue: Catalogue, made_from: Entry, masters: tuple[Master, ...], moment: datetime) -> Catalogue:
    """Nothing where the episode went live or got another recording in the meantime: its next run makes it right.

    With its first master an episode is put where its number belongs: before, it may yet be refused.
    """
    now = catalogue.entry(made_from.guid)
    if now.recording != made_from.recording or now.published_at is not None:
        return catalogue
    made = catalogue.with_entry(now.model_copy(update={"master": masters[0], "alternates": masters[1:]}))
    return made if now.master else in_order(made, now.guid, moment)


def specs_of(show: Show, project: Path) -> tuple[MasterSpec, ...]:
    """One specification for each format that show.toml names; the first is the enclosure."""
    wanted = show.master
    return tuple(
        MasterSpec(
            format=kind,
            loudness_lufs=wanted.loudness_lufs,
            true_peak_dbtp=wanted.true_peak_dbtp,
            bitrate_kbps=wanted.bitrate_kbps,
            channels=wanted.channels,
            quality=wanted.quality,
            level_speakers=wanted.level_speakers,
            trim_silence=wanted.trim_silence,
            high_pass=wanted.high_pass,
            repair=wanted.repair,
            intro=_bed(project, "intro", wanted.intro),
            outro=_bed(project, "outro", wanted.outro),
        )
        for kind in wanted.formats
    )


def _bed(project: Path, name: str, file: str) -> Path | None:
    """SettingsError where show.toml names one that is not there."""
    if not file:
        return None
    path = project / file
    if not path.is_file():
        raise SettingsError("show.toml", f"`master.{name}`: there is no file {file}", "Put it beside show.toml.")
    return path


def tags_of(studio: Studio, entry: Entry, airs_at: datetime) -> Tags:
    """What the audio file says of itself, wherever it ends up."""
    show, episode = studio.show, entry.episode
    return Tags(
        title=episode.title,
        show=show.show.title,
        host=show.show.host,
        date=airs_at.astimezone(show.schedule.tz).date().isoformat(),
        number=episode.number,
        season=episode.season,
        summary=episode.summary,
        notes=_text(studio, entry.notes),
        page_url=studio.addresses.page(entry.slug),
        feed_url=studio.addresses.feed,
        guid=entry.guid,
        language=show.show.language,
        copyright=show.show.copyright,
        artwork=_bytes(studio, entry.artwork) or show_artwork(studio).body,
        chapters=episode.chapters,
        kind=episode.kind.value,
        explicit=show.show.explicit if episode.is_explicit is None else episode.is_explicit,
    )


def _text(studio: Studio, ref: FileRef | None) -> str:
    return (_bytes(studio, ref) or b"").decode()


def _bytes(studio: Studio, ref: FileRef | None) -> bytes | None:
    found = studio.bucket.fetch(ref.key) if ref else None
    return found[0] if found else None
