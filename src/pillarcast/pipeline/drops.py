"""The drop folder: what lies there, what belongs together, and whether it has stopped changing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from pillarcast.errors import NotesError, PillarcastError, Problem, RecordingRefused, TryAgain
from pillarcast.model.base import composed
from pillarcast.model.dropped import AUDIO, NOTES, NUMBER, PICTURES, SUFFIXES, TRANSCRIPTS, number_in_front
from pillarcast.model.naming import ARTICLES, counted, did_you_mean, leading_number, plain, stem

_IN_FLIGHT = (".part", ".partial", ".crdownload", ".download", ".tmp", ".icloud", "~")
_UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SHOWN = 5


@dataclass(frozen=True)
class Drop:
    """Files that belong to one piece. `name` is what they share, composed; without a recording it is notes alone."""

    name: str
    recording: Path | None = None
    notes: Path | None = None
    pictures: tuple[Path, ...] = ()
    transcript: Path | None = None
    is_article: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        beside = (self.recording, self.notes, self.transcript)
        return (*(path for path in beside if path is not None), *self.pictures)

    @property
    def number(self) -> int | None:
        """The number in front of the name, when it is no date."""
        return number_in_front(self.name)

    @property
    def spoken_name(self) -> str:
        """`041-social-media` as people would say it: `Social media`."""
        words = re.sub(r"[\s_-]+", " ", NUMBER.sub("", self.name)).strip() or self.name
        return words[0].upper() + words[1:]


@dataclass(frozen=True)
class Folder:
    """What a look into the drop folder found."""

    drops: tuple[Drop, ...]
    problems: tuple[Problem, ...] = ()

    def named(self, name: str) -> Drop:
        """The drop that goes by `name`, with or without its suffix, or by the number in front; `articles/NAME` is the
        article of that name. RecordingRefused where there is none, or several."""
        is_article = PurePath(name).parent.name == ARTICLES
        drops = [drop for drop in self.drops if drop.is_article or not is_article]
        for read, called in _NAMES:
            wanted = read(PurePath(name).name)
            alike = [drop for drop in drops if wanted and called(drop) == wanted]
            found = [drop for drop in alike if not drop.is_article] or alike
            if len(found) > 1:
                names = ", ".join(drop.name for drop in found)
                raise RecordingRefused(name, f"names {counted(len(found), 'drops')}: {names}", "Say the file name.")
            if found:
                return found[0]
        raise RecordingRefused(name, "there is no such drop", _there_is(drops, name))


# How what was typed is read, and what of a drop it may be. The first that fits is meant.
_NAMES: tuple[tuple[Callable[[str], str], Callable[[Drop], str]], ...] = (
    (composed, lambda drop: drop.name),
    (stem, lambda drop: drop.name),
    (plain, lambda drop: plain(drop.name)),
    (lambda name: plain(stem(name)), lambda drop: plain(drop.name)),
    (leading_number, lambda drop: str(drop.number or "")),
)


def _there_is(drops: Sequence[Drop], name: str) -> str:
    more = f", and {len(drops) - _SHOWN} more" if len(drops) > _SHOWN else ""
    names = ", ".join(drop.name for drop in drops[:_SHOWN]) + more
    known = {words: drop.name for drop in drops for words in (drop.name, drop.spoken_name)}
    return did_you_mean(name, known) or (f"There are: {names}." if drops else "Nothing lies there yet.")


def asked_for(name: str, *, is_article: bool) -> str:
    """What `named` finds this drop by, and no other one."""
    return f"{ARTICLES}/{name}" if is_article else name


def look_all(episodes: Path, articles: Path) -> Folder:
    """Every drop of both folders; `articles` need not be there, and what lies in it is an article."""
    dropped = look(episodes)
    if not articles.is_dir():
        return dropped
    written = look(articles)
    pieces = tuple(replace(drop, is_article=True) for drop in written.drops)
    return Folder((*dropped.drops, *pieces), (*dropped.problems, *written.problems))


def look(folder: Path) -> Folder:
    """Every drop of `folder`, by name. Hidden files and copies in flight are passed over, links are refused."""
    if not folder.is_dir():
        return Folder((), (Problem(str(folder), "there is no such folder", "Run `pillarcast init`, or make it."),))
    drops: list[Drop] = []
    problems: list[Problem] = []
    files = [path for path in sorted(folder.iterdir()) if _counts(path, problems)]
    groups: dict[str, list[Path]] = {}
    for path in files:
        if path.is_dir():
            inside = [inner for inner in sorted(path.iterdir()) if _counts(inner, problems)]
            groups.setdefault(composed(path.name), []).extend(inner for inner in inside if inner.is_file())
        elif path.suffix.lower() in SUFFIXES:
            groups.setdefault(composed(path.stem), []).append(path)
    for name, members in sorted(groups.items()):
        try:
            drops.append(_drop(name, members))
        except PillarcastError as error:
            problems.append(error.problem)
    return Folder(tuple(drop for drop in drops if drop.recording or drop.notes), tuple(problems))


def _drop(name: str, members: Sequence[Path]) -> Drop:
    return Drop(
        name=name,
        recording=_only(name, members, AUDIO, "recordings"),
        notes=_only(name, members, NOTES, "notes"),
        pictures=tuple(path for path in members if path.suffix.lower() in PICTURES),
        transcript=_only(name, members, TRANSCRIPTS, "transcripts"),
    )


def _only(name: str, members: Iterable[Path], suffixes: frozenset[str], what: str) -> Path | None:
    found = [path for path in members if path.suffix.lower() in suffixes]
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise NotesError(
            name, f"there are {len(found)} {what} of that name ({names})", "Keep one, move the others away."
        )
    return found[0] if found else None


def _counts(path: Path, problems: list[Problem]) -> bool:
    if path.name.startswith(".") or path.name.endswith(_IN_FLIGHT):
        return False
    if path.is_symlink():
        problems.append(Problem(path.name, "is a link, and what it points to may change or vanish", "Copy the file."))
        return False
    if _UNFIT.search(path.name):
        what = "its name holds control characters, or is not UTF-8"
        problems.append(Problem(ascii(path.name), what, "Rename it."))
        return False
    if not path.is_file() and not path.is_dir():
        problems.append(Problem(path.name, "is no file but a pipe, a socket or a device", "Take it away."))
        return False
    return True


@dataclass(frozen=True)
class Look:
    """What a file looked like at one moment; equal looks, equal files as far as anybody can tell without reading."""

    length_bytes: int
    changed_ns: int


def look_at(path: Path) -> Look:
    stat = path.stat()
    return Look(stat.st_size, max(stat.st_mtime_ns, stat.st_ctime_ns))


def settle(paths: Iterable[Path], settle_s: float) -> dict[Path, Look]:
    """How the files look once they have stopped changing. TryAgain while one is still being copied."""
    before = {path: look_at(path) for path in paths}
    newest_ns = max(look.changed_ns for look in before.values())
    if time.time_ns() - newest_ns < settle_s * 1e9:
        time.sleep(settle_s)
        if any(look_at(path) != look for path, look in before.items()):
            raise still_copying(next(iter(before)).name)
    return before


@contextmanager
def at_hand(name: str) -> Iterator[None]:
    """While files of a drop are read: TryAgain where one is moved away, NotesError where we may not read it."""
    try:
        yield
    except FileNotFoundError:
        raise TryAgain(
            name, "was moved away while it was read", "Nothing to do: it is found where it is now."
        ) from None
    except PermissionError as error:
        what = f"{Path(error.filename or name).name} cannot be read ({error.strerror})"
        raise NotesError(name, what, "Look whether the account that runs pillarcast may read it.") from None


def still_copying(name: str) -> TryAgain:
    return TryAgain(name, "is still being copied", "Nothing to do: it is taken once it is whole.")
