"""From a recording to its master, in a process of its own: nothing appears under its name before it is whole."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from pillarcast.audio import isolation
from pillarcast.audio.mp3.receipt import known
from pillarcast.audio.orders import MasterJob, forget
from pillarcast.audio.progress import Advance, unheard
from pillarcast.audio.spec import MasterReport, MasterSpec
from pillarcast.audio.tags.table import Tags

__all__ = ["MasterReport", "MasterSpec", "master"]


def master(recording: Path, out: Path, spec: MasterSpec, tags: Tags, progress: Advance = unheard) -> MasterReport:
    """Makes `out` and reports. RecordingRefused says what is wrong with the recording, and where.

    `tags.chapters` are in the time of the recording. The recording is never altered. Cancelled, it leaves nothing.
    """
    part = out.absolute().with_name(f".{out.name}.part")
    try:
        report = known(recording, part, spec, tags) or _made(recording, part, spec, tags, progress)
        part.replace(out)
    finally:
        forget(part)
    progress(1.0)
    return report


def _made(recording: Path, part: Path, spec: MasterSpec, tags: Tags, progress: Advance) -> MasterReport:
    artwork = base64.b64encode(tags.artwork or b"").decode()
    job = MasterJob(recording.absolute(), part, spec, replace(tags, artwork=None), artwork)
    answer = isolation.run("master", TypeAdapter(MasterJob).dump_json(job).decode(), recording.name, progress)
    return TypeAdapter(MasterReport).validate_python(answer)
