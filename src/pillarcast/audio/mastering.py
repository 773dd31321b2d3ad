"""From a recording to its master, in a process of its own: nothing appears under its name before it is whole.

That process takes longest to start, so it is started first; what reads its report is loaded meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pillarcast.audio import isolation
from pillarcast.audio.orders import MasterJob, forget
from pillarcast.audio.progress import Advance, unheard
from pillarcast.audio.spec import MasterSpec
from pillarcast.audio.tags.table import Tags

if TYPE_CHECKING:
    from pillarcast.audio.report import MasterReport

__all__ = ["MasterSpec", "master"]

_TAG_OF_OURS = b"ID3\x03"


def master(recording: Path, out: Path, spec: MasterSpec, tags: Tags, progress: Advance = unheard) -> MasterReport:
    """Makes `out` and reports. RecordingRefused says what is wrong with the recording, and where.

    `tags.chapters` are in the time of the recording. The recording is never altered. Cancelled, it leaves nothing.
    """
    part = out.absolute().with_name(f".{out.name}.part")
    try:
        report = _known(recording, part, spec, tags) or _made(recording, part, spec, tags, progress)
        part.replace(out)
    finally:
        forget(part)
    progress(1.0)
    return report


def _known(recording: Path, part: Path, spec: MasterSpec, tags: Tags) -> MasterReport | None:
    """Where it is a master of ours already."""
    with recording.open("rb") as opened:
        if opened.read(len(_TAG_OF_OURS)) != _TAG_OF_OURS:
            return None
    from pillarcast.audio.mp3.receipt import known  # noqa: PLC0415 - for few recordings

    return known(recording, part, spec, tags)


def _made(recording: Path, part: Path, spec: MasterSpec, tags: Tags, progress: Advance) -> MasterReport:
    job = MasterJob(recording.absolute(), part, spec, tags)
    with ThreadPoolExecutor(1) as beside:
        reader = beside.submit(_reader)
        answer = isolation.run("master", job.rendered(), recording.name, progress)
        return reader.result()(answer)


def _reader() -> Callable[[dict[str, Any]], MasterReport]:
    from pillarcast.audio.report import parsed  # noqa: PLC0415 - see above

    return parsed
