"""A quick look at a recording: what its own tags say, without decoding more than its first moment."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from pillarcast.audio import isolation
from pillarcast.errors import NeedsOperator
from pillarcast.model.chapters import Chapter

_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Probe:
    """What a recording says of itself; empty where it says nothing. `duration_s` is its claim, not yet decoded."""

    duration_s: float | None
    title: str
    chapters: tuple[Chapter, ...]
    artwork: bytes | None
    sample_rate_hz: int
    channels: int
    codec: str
    number: int | None
    summary: str


def probe(recording: Path) -> Probe:
    """RecordingRefused for what holds no sound. A file that has not changed since it was asked is not asked again."""
    try:
        stat = recording.stat()
    except OSError as error:
        mend = "Look whether it is still there."
        raise NeedsOperator(recording.name, f"cannot be read ({error.strerror})", mend) from error
    return _probed(recording.absolute(), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=32)
def _probed(recording: Path, _length_bytes: int, _changed_ns: int) -> Probe:
    answer = isolation.run("probe", json.dumps({"recording": str(recording)}), recording.name, patience_s=_PATIENCE_S)
    artwork = answer["artwork"]
    return TypeAdapter(Probe).validate_python({**answer, "artwork": base64.b64decode(artwork) if artwork else None})
