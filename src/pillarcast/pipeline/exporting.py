"""Export: the whole show as a folder that stands by itself, and that imports again without loss."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pillarcast.errors import ChangeRefused, NeedsOwner, NotesError
from pillarcast.model.addresses import FEED
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.show import Show
from pillarcast.pipeline.files import file_ref, keep_file
from pillarcast.pipeline.studio import Studio
from pillarcast.render.feed_private import PREFIX

CATALOGUE_FILE = "catalogue.json"
PROJECT = "show"
"""What an export calls the owner's own files."""
_README = """\
A podcast, whole: everything that pillarcast keeps of it.

- catalogue.json: every episode with its guid, date and words, and what was done for it
- files/: recordings, finished audio, notes, artwork and transcripts, named by their content (SHA-256)
- show/: show.toml, the artwork and whatever else of the owner's the show needs: logo, intro, outro, templates
- feed.xml: the feed as the public last got it

`pillarcast import FOLDER` makes the same show of it, anywhere, with the same guids and dates.
"""


@dataclass(frozen=True)
class Export:
    folder: Path
    episodes: int
    files: int
    length_bytes: int


def export_show(studio: Studio, folder: Path, show_file: Path | None = None) -> Export:
    """Writes the folder; files that are there already are not fetched again. `show_file` is where show.toml stands.

    NeedsOwner where it cannot be written.
    """
    catalogue = studio.store.load().catalogue
    try:
        return _exported(studio, catalogue, folder, show_file or studio.project / "show.toml")
    except OSError as error:
        what = f"the export stopped there ({error.strerror or error})"
        mend = "Name a folder that can be written, on a disk with room. Said again, it goes on where it was."
        raise NeedsOwner(str(error.filename or folder), what, mend) from None


def _exported(studio: Studio, catalogue: Catalogue, folder: Path, show_file: Path) -> Export:
    for name in ("files", PROJECT):
        (folder / name).mkdir(parents=True, exist_ok=True)
    refs = list(files_of(catalogue))
    for done, ref in enumerate(refs):
        studio.progress("export", done / len(refs))
        path = folder / "files" / name_of(ref)
        if not (path.is_file() and file_ref(path, ref.media_type).sha256 == ref.sha256):
            studio.bucket.download(ref.key, path)
    # Dates of private feeds go by their addresses, which are nobody's who gets this folder.
    built = {key: date for key, date in catalogue.built.items() if not key.startswith(PREFIX)}
    kept = catalogue.model_copy(update={"written": {}, "settled": {}, "announced": {}, "refusals": (), "built": built})
    (folder / CATALOGUE_FILE).write_text(kept.model_dump_json(indent=2, exclude_defaults=True), "utf-8")
    (folder / "README.txt").write_text(_README, "utf-8")
    for path in own_files(studio.show, studio.project):
        _copied(studio.project / path, folder / PROJECT / path)
    shutil.copyfile(show_file, folder / PROJECT / "show.toml")
    feed = studio.bucket.fetch(FEED)
    if feed is not None:
        (folder / "feed.xml").write_bytes(feed[0])
    return Export(folder, len(catalogue.entries), len(refs), sum(ref.length_bytes for ref in refs))


def import_export(studio: Studio, folder: Path) -> Catalogue:
    """Takes a folder that `export_show` wrote into a show that has no piece yet. NotesError where it is none.

    ChangeRefused for a show that has some: an article that was forgotten would be posted a second time.
    """
    exported = read_export(folder)
    with studio.writing():
        check_empty(studio, folder)
        for ref in files_of(exported):
            keep_file(studio, folder / "files" / name_of(ref), ref)
        return studio.store.change(lambda _none: exported).catalogue


def check_empty(studio: Studio, folder: Path) -> None:
    if studio.store.load().catalogue.pieces:
        what = "this show has episodes or articles already, an exported one is a whole"
        raise ChangeRefused(str(folder), what, "Import it into a new show: `pillarcast init`.")


def own_files(show: Show, project: Path) -> Iterator[Path]:
    """The owner's files beside show.toml that the show cannot do without, by their place in the project."""
    named = (show.show.artwork, show.site.logo, show.master.intro, show.master.outro)
    paths = [Path(name) for name in named if name]
    paths += [path.relative_to(project) for path in sorted((project / "templates").glob("*"))]
    inside = (path for path in paths if not path.is_absolute() and ".." not in path.parts)
    return (path for path in inside if (project / path).is_file())


def brings_project(folder: Path, show_file: Path) -> bool:
    """Whether the export would make the show's own files, as none is there yet."""
    return not show_file.exists() and (folder / PROJECT / "show.toml").is_file()


def put_project(folder: Path, show_file: Path) -> bool:
    """The owner's files of an export beside `show_file`, where no show is yet; says whether it did."""
    if not brings_project(folder, show_file):
        return False
    for path in sorted((folder / PROJECT).rglob("*")):
        target = show_file.parent / path.relative_to(folder / PROJECT)
        if path.is_file() and path.name != "show.toml" and not target.exists():
            _copied(path, target)
    _copied(folder / PROJECT / "show.toml", show_file)
    (show_file.parent / "episodes").mkdir(exist_ok=True)
    return True


def _copied(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def is_export(folder: Path) -> bool:
    return (folder / CATALOGUE_FILE).is_file()


def read_export(folder: Path) -> Catalogue:
    try:
        catalogue = Catalogue.model_validate_json((folder / CATALOGUE_FILE).read_bytes())
    except (OSError, ValidationError) as error:
        mend = "Give a folder that `pillarcast export` wrote."
        raise NotesError(str(folder), f"is no exported show ({str(error).splitlines()[0]})", mend) from None
    for ref in files_of(catalogue):
        path = folder / "files" / name_of(ref)
        if not path.is_file() or file_ref(path, ref.media_type).sha256 != ref.sha256:
            raise NotesError(str(path), "is missing or was changed", "Export the show again.")
    return catalogue


def files_of(catalogue: Catalogue) -> Iterator[FileRef]:
    """Every file of the show that lies in the bucket, once."""
    seen: set[str] = set()
    for ref in _refs(catalogue):
        if ref is not None and ref.key and ref.key not in seen:
            seen.add(ref.key)
            yield ref


def name_of(ref: FileRef) -> str:
    return ref.key.rpartition("/")[2]


def _refs(catalogue: Catalogue) -> Iterator[FileRef | None]:
    for entry in catalogue.entries:
        masters = [entry.master, *entry.alternates]
        yield from (entry.recording, entry.notes, entry.artwork, entry.transcript)
        yield from (ref for master in masters if master is not None for ref in (master.file, master.picture))
    for article in catalogue.articles:
        yield from (article.body, article.artwork)
