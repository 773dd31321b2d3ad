"""The doctor in the bucket: files that are lost, objects that are not as their receipts say, and what nobody wants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from shlex import quote

from pillarcast.model.addresses import CATALOGUE
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry, State
from pillarcast.model.copies import copies_of, copy_of
from pillarcast.model.diagnosis import BringBack, Cure, Finding, MasterAnew, Remove, WriteAgain
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.versions import VERSIONS
from pillarcast.ports import Stored

_HEADS_AT_ONCE = 8
_REPAIR = "`pillarcast doctor --repair`"
_RECEIPTS = "picture of what mastering did"
_MASTERED = ("master", _RECEIPTS)
"""What comes of mastering, and comes again with it while nothing is public."""


def find_in_files(studio: Studio, catalogue: Catalogue) -> Iterator[Finding]:
    """Recordings, masters, notes and pictures under embargo that are gone or are something else."""
    pieces: tuple[Entry | ArticleEntry, ...] = (*catalogue.entries, *catalogue.articles)
    named = [(piece, what, file) for piece in pieces for what, file in _files(piece)]
    heads = _heads(studio, [file.key for _, _, file in named])
    for piece, what, file in named:
        if not _holds(heads[file.key], file):
            yield _lost(studio, piece, what, file)


def find_in_objects(studio: Studio, catalogue: Catalogue) -> Iterator[Finding]:
    """Objects that are gone, or that somebody else wrote over."""
    receipts = catalogue.receipts.every()
    heads = _heads(studio, [key for key, receipt in receipts.items() if receipt.inputs])
    for key, stored in heads.items():
        receipt = receipts[key]
        if stored is None or (stored.sha256, stored.length_bytes) != (receipt.sha256, receipt.length_bytes):
            what = "is gone" if stored is None else "is not what was written there"
            yield Finding(key, what, f"{_REPAIR} writes it again.", WriteAgain(key))


def find_left_over(studio: Studio, catalogue: Catalogue) -> Iterator[Finding]:
    """What is public and has no receipt: left by a run that died at a bad moment, or put there by hand."""
    hidden = {copy.key: entry for entry in catalogue.entries if not entry.published_at for copy in copies_of(entry)}
    receipts = catalogue.receipts
    strays = [stored.key for stored in studio.bucket.keys("public/") if stored.key not in receipts]
    others = _other_shows(studio, strays)
    for key, stored in _heads(studio, [key for key in strays if not key.startswith(others)]).items():
        if stored is None:
            continue
        if key in hidden:
            what = f"{key} is public before its hour"
            yield Finding(f"“{hidden[key].episode.title}”", what, f"{_REPAIR} takes it away.", Remove(key))
        elif stored.sha256:
            yield Finding(key, "is public, and nothing needs it", f"{_REPAIR} takes it away.", Remove(key))
        else:
            mend = "If you put it there, all is well. If not, take it away."
            yield Finding(key, "is public, and is not of ours", mend, is_warning=True)


def _other_shows(studio: Studio, strays: Iterable[str]) -> tuple[str, ...]:
    """Where the shows lie that have a prefix: to one without, in the same bucket, all of theirs is stray."""
    folders = {folder for key in strays for folder in PurePosixPath(key).relative_to("public").parents if folder.name}
    found: list[str] = []
    for folder in sorted(folders, key=lambda folder: len(folder.parts)):
        if not f"public/{folder}/".startswith(tuple(found)) and _is_show(studio, f"private/{folder}/"):
            found.append(f"public/{folder}/")
    return tuple(found)


def _is_show(studio: Studio, root: str) -> bool:
    """Also where its catalogue is lost."""
    catalogue, kept = (key.removeprefix("private/") for key in (CATALOGUE, VERSIONS))
    return studio.bucket.head(root + catalogue) is not None or any(studio.bucket.keys(root + kept))


def _files(piece: Entry | ArticleEntry) -> Iterator[tuple[str, FileRef]]:
    """What a piece is made of, in the owner's words. Files that another server keeps have no key."""
    named: Iterable[tuple[str, FileRef | None]]
    if isinstance(piece, ArticleEntry):
        named = (("text", piece.body), ("picture", piece.artwork))
    else:
        masters = [piece.master, *piece.alternates] if piece.master else []
        beside = (("show notes", piece.notes), ("artwork", piece.artwork), ("transcript", piece.transcript))
        made = (file for master in masters for file in zip(_MASTERED, (master.file, master.picture), strict=True))
        named = (("recording", piece.recording), *made, *beside)
    return ((what, file) for what, file in named if file is not None and file.key)


def _lost(studio: Studio, piece: Entry | ArticleEntry, what: str, file: FileRef) -> Finding:
    said = f"its {what} {'are' if what == 'show notes' else 'is'} no longer in the bucket as kept"
    cure = _cure(studio, piece, what, file)
    if cure is not None:
        how = "makes it again" if isinstance(cure, MasterAnew) else "brings it back from the public copy"
        return Finding(piece.source, said, f"{_REPAIR} {how}.", cure)
    if what == _RECEIPTS:
        mend = (
            "Listeners miss nothing, and its numbers are kept. `pillarcast replace` draws a new one with a new master."
        )
        return Finding(piece.source, said, mend, is_warning=True)
    if what == "master":
        mend = f"Apps that have it keep it. To give it audio again, run `pillarcast replace {quote(piece.source)}`."
        return Finding(piece.source, said, mend)
    return Finding(piece.source, said, f"Drop {file.name or 'the file'} again, under the name that it had.")


def _cure(studio: Studio, piece: Entry | ArticleEntry, what: str, file: FileRef) -> Cure | None:
    twin = copy_of(file, piece.slug, "").key if what in ("master", "artwork", "transcript", "picture") else ""
    if twin and _holds(studio.bucket.head(twin), file):
        return BringBack(twin, file)
    if what in _MASTERED and isinstance(piece, Entry) and piece.state is State.QUEUED and piece.recording:
        return MasterAnew(piece.guid) if _holds(studio.bucket.head(piece.recording.key), piece.recording) else None
    return None


def _heads(studio: Studio, keys: Iterable[str]) -> dict[str, Stored | None]:
    wanted = list(dict.fromkeys(keys))
    with ThreadPoolExecutor(_HEADS_AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(studio.bucket.head, wanted), strict=True))


def _holds(stored: Stored | None, file: FileRef) -> bool:
    return stored is not None and (stored.sha256, stored.length_bytes) == (file.sha256, file.length_bytes)
