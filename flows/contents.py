"""What lies in the drop folders and is at rest, each drop by the hash of its content. No import of Prefect."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pillarcast.errors import PillarcastError
from pillarcast.model.base import digest
from pillarcast.model.notes import NotesKind
from pillarcast.pipeline.drops import Drop, Folder, Look, asked_for, look_all, look_at
from pillarcast.pipeline.files import file_ref
from pillarcast.pipeline.reading import read_drop
from pillarcast.pipeline.renames import content_now

_EMPTY_S = 600.0
"""A copy may begin as an empty file; one that stays empty for so long is asked for, and refused by its name."""


@dataclass(frozen=True)
class Settled:
    """A drop at rest. `content` changes with any byte of its files, not with their names; `is_new` where it came or
    changed while we looked. Without a drop it stands for what is wrong with the folder itself. An article has its
    folder's name in `asked`, because a recording may have the same name. `change` is not empty where the drop was
    another one before: where it became what it once was, the run of that content took it too early. Notes without
    a recording are `is_alone`: theirs was removed once it was taken, or is still to come."""

    name: str
    content: str
    recording_sha256: str
    is_new: bool
    is_article: bool = False
    change: str = ""
    is_alone: bool = False

    @property
    def asked(self) -> str:
        """What a run is asked for."""
        return asked_for(self.name, is_article=self.is_article)


@dataclass
class _Seen:
    looks: dict[Path, Look]
    since: float
    is_new: bool
    done: str = ""


@dataclass
class Contents:
    """Looks into `episodes` and `articles` as often as it is asked. `hashes` is a file that spares reading large files
    at each start."""

    episodes: Path
    articles: Path
    settle_s: float
    hashes: Path
    _seen: dict[str, _Seen] = field(default_factory=dict)
    _known: dict[str, tuple[list[int], str]] = field(default_factory=dict)
    _last: dict[str, tuple[list[int], str]] = field(default_factory=dict)
    _is_begun: bool = False

    def settled(self) -> list[Settled]:
        """What has come to rest and is not done yet."""
        if not self._is_begun:
            self._known, self._last = _read(self.hashes), _read(self._lasts)
        found = look_all(self.episodes, self.articles)
        self._see(found)
        self._is_begun = True
        return [*self._at_rest(found), *self._problems(found)]

    def done(self, settled: Settled) -> None:
        """It is taken care of, until it changes."""
        if settled.asked in self._seen:
            self._seen[settled.asked].done = settled.content
            if self._last.get(settled.asked) != ([], settled.content):
                self._last = {name: last for name, last in self._last.items() if name in self._seen}
                self._last[settled.asked] = ([], settled.content)
                self._keep(self._lasts, self._last)

    def _keep(self, path: Path, known: dict[str, tuple[list[int], str]]) -> None:
        """Not where the show's folder was taken away since: it would come back as an empty one."""
        if self.episodes.parent.is_dir():
            _write(path, known)

    @property
    def _lasts(self) -> Path:
        """What each drop was when it was last asked for, also after a restart."""
        return self.hashes.with_name("asked.json")

    def forget(self) -> None:
        """Everything is looked at once more, as at a start."""
        for seen in self._seen.values():
            seen.done, seen.is_new = "", False

    def look_again(self, name: str) -> None:
        """At one recording, as at a start."""
        if name in self._seen:
            self._seen[name].done, self._seen[name].is_new = "", False

    def content_of(self, drop: Drop) -> str:
        """As `content_now`, but empty for what has not come to rest; a recording is read once."""
        seen = self._seen.get(_asked(drop))
        if seen is None or not self._is_at_rest(seen):
            return ""
        if drop.recording is None or drop.recording not in seen.looks:
            return content_now(drop)
        with suppress(FileNotFoundError):
            return self._sha256(drop.recording, seen.looks[drop.recording])
        return ""

    def _see(self, found: Folder) -> None:
        names = {_asked(drop) for drop in found.drops} | {""}
        self._seen = {name: seen for name, seen in self._seen.items() if name in names}
        for drop in found.drops:
            with suppress(FileNotFoundError):  # gone since the folder was read
                looks = {path: look_at(path) for path in drop.files}
                before = self._seen.get(_asked(drop))
                if before is None or before.looks != looks:
                    done = before.done if before else ""
                    self._seen[_asked(drop)] = _Seen(looks, time.monotonic(), self._is_begun, done)

    def _at_rest(self, found: Folder) -> Iterator[Settled]:
        for drop in found.drops:
            seen = self._seen.get(_asked(drop))
            if seen is None or not self._is_at_rest(seen):
                continue
            with suppress(FileNotFoundError):
                shas = {path: self._sha256(path, seen.looks[path]) for path in drop.files}
                content = digest([(path.suffix.lower(), sha) for path, sha in shas.items()])
                if content != seen.done:
                    sha256 = shas[drop.recording] if drop.recording else ""
                    about = (seen.is_new, drop.is_article, self._change(drop, content), _are_notes_alone(drop))
                    yield Settled(drop.name, content, sha256, *about)

    def _change(self, drop: Drop, content: str) -> str:
        """By the time of the files, which is the same for whoever looks; empty where it is what it was."""
        asked = _asked(drop)
        if self._last.get(asked, ([], content))[1] == content:
            return ""
        return str(max(look.changed_ns for look in self._seen[asked].looks.values()))

    def _is_at_rest(self, seen: _Seen) -> bool:
        """Unchanged since we saw it, or (at the start) since long ago; longer where one of its files is empty."""
        seen_for_s = time.monotonic() - seen.since
        if any(look.length_bytes == 0 for look in seen.looks.values()):
            return seen_for_s >= _EMPTY_S
        newest_s = max(look.changed_ns for look in seen.looks.values()) / 1e9
        return seen_for_s >= self.settle_s or time.time() - newest_s >= 10 * self.settle_s + 10

    def _problems(self, found: Folder) -> Iterator[Settled]:
        """Links, two recordings of one name: said by a run of their own."""
        seen = self._seen.setdefault("", _Seen({}, 0.0, is_new=False))
        content = digest([str(problem) for problem in found.problems]) if found.problems else ""
        if content and content != seen.done:
            yield Settled("", content, "", seen.is_new)
        elif not content:
            seen.done = ""

    def _sha256(self, path: Path, seen: Look) -> str:
        """What we may not read is asked for all the same: its run says so, and the other drops do not wait for it."""
        mark = [seen.length_bytes, seen.changed_ns]
        known = self._known.get(str(path))
        if known is None or list(known[0]) != mark:
            try:
                known = self._known[str(path)] = (mark, file_ref(path, "").sha256)
            except PermissionError:
                return ""
            self._keep(self.hashes, self._known)
        return known[1]


def _asked(drop: Drop) -> str:
    return asked_for(drop.name, is_article=drop.is_article)


def _are_notes_alone(drop: Drop) -> bool:
    """An article comes alone, and what cannot be read is refused."""
    if drop.recording is not None or drop.is_article:
        return False
    try:
        return read_drop(drop).notes.front.kind is not NotesKind.ARTICLE
    except PillarcastError:
        return False


def _write(hashes: Path, known: dict[str, tuple[list[int], str]]) -> None:
    hashes.parent.mkdir(parents=True, exist_ok=True)
    hashes.write_text(json.dumps(known), "utf-8")


def _read(hashes: Path) -> dict[str, tuple[list[int], str]]:
    try:
        return {path: (list(mark), str(sha)) for path, (mark, sha) in json.loads(hashes.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError):
        return {}
