"""How the files of a folder bucket are served: one small JSON beside the tree for each object."""

from __future__ import annotations

import json
import mimetypes
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import file_digest
from pathlib import Path
from urllib.parse import unquote

from pillarcast.ports import ObjectMeta

_WINDOWS_ONLY = frozenset('<>:"|?*%')
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
_TICK_NS = 1_000  # coarser than what any file system of today keeps


@dataclass(frozen=True)
class Label:
    """`sha256` is empty for a file that somebody put there by hand; `etag` always follows from the bytes."""

    length_bytes: int
    modified_ns: int
    etag: str
    sha256: str
    media_type: str
    cache_control: str = ""
    file_name: str = ""
    origin: str = ""

    @property
    def meta(self) -> ObjectMeta:
        return ObjectMeta(self.media_type, self.cache_control, self.sha256, self.file_name, self.origin)


class Labels:
    """A label counts while length and time of its file are as noted; else the bytes decide."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def of(self, path: Path) -> Label | None:
        """The label of the file at `path`, or None where no file is."""
        try:
            stat = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not path.is_file():
            return None
        noted = self._noted(path)
        if noted and (noted.length_bytes, noted.modified_ns) == (stat.st_size, stat.st_mtime_ns):
            return noted
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        if noted and noted.sha256 == digest:  # copied here by a tool that does not keep times
            return replace(noted, modified_ns=stat.st_mtime_ns)
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return Label(stat.st_size, stat.st_mtime_ns, _etag(digest), "", media_type)

    def put(self, temporary: Path, path: Path, meta: ObjectMeta, digest: str) -> Label:
        """Moves the file to its place with a time that no earlier file had there, then notes its label."""
        before_ns = path.stat().st_mtime_ns if path.exists() else 0
        now_ns = max(time.time_ns(), before_ns + _TICK_NS)
        os.utime(temporary, ns=(now_ns, now_ns))
        stat = temporary.stat()
        label = Label(
            length_bytes=stat.st_size,
            modified_ns=stat.st_mtime_ns,
            etag=_etag(digest),
            sha256=digest,
            media_type=meta.media_type,
            cache_control=meta.cache_control,
            file_name=meta.file_name,
            origin=meta.origin,
        )
        temporary.replace(path)
        sync_folder(path.parent)
        note = self._note(path)
        note.parent.mkdir(parents=True, exist_ok=True)
        draft = temporary.with_suffix(".json")
        draft.write_text(json.dumps(asdict(label), ensure_ascii=False), encoding="utf-8")
        draft.replace(note)
        return label

    def forget(self, path: Path) -> None:
        self._note(path).unlink(missing_ok=True)

    def _noted(self, path: Path) -> Label | None:
        try:
            return Label(**json.loads(self._note(path).read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
            return None

    def _note(self, path: Path) -> Path:
        relative = path.relative_to(self._root)
        return self._root / ".labels" / relative.parent / f"{relative.name}.json"


def portable_path(place: str) -> str:
    """The key as a path that every system can hold; `key_of_path` is its inverse."""
    return "/".join(_portable(name) for name in place.split("/"))


def key_of_path(relative: str) -> str:
    return unquote(relative, errors="strict")


def sync_folder(folder: Path) -> None:
    """A rename lasts through a power cut only when its folder is written too; Windows has no way to ask."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _portable(name: str) -> str:
    plain = "".join(f"%{ord(letter):02X}" if letter in _WINDOWS_ONLY else letter for letter in name)
    if plain.partition(".")[0].lower() in _DEVICES:
        plain = f"%{ord(plain[0]):02X}{plain[1:]}"
    return f"{plain[:-1]}%{ord(plain[-1]):02X}" if plain.endswith((" ", ".")) else plain


def _etag(digest: str) -> str:
    return digest[:32]
