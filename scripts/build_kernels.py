"""At installation: the inner loops of mastering are compiled where there is a C compiler. Where there is none, or it
fails, everything works by numpy, and mastering takes longer."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FOLDER = "src/pillarcast/audio/kernels"
_FLAGS = ["-O3", "-fopenmp-simd", "-ffp-contract=fast", "-std=gnu11", "-shared", "-fPIC"]
_PATIENCE_S = 120


class KernelsHook(BuildHookInterface[Any]):
    """Puts the library beside its source, into a wheel of this platform alone."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        folder = Path(self.root, _FOLDER)
        library = folder / "kernels.so"
        if problem := compiled(sorted(folder.glob("*.c")), library):
            self.app.display_warning(f"Mastering works, and takes longer than it could: {problem}.")
        elif version != "editable":
            build_data["artifacts"].append(f"{_FOLDER}/{library.name}")
            build_data["tag"] = _tag()


def compiled(sources: Sequence[Path], library: Path) -> str:
    """Why there is no library now; empty when there is. Whoever reads the old one meanwhile goes on with it."""
    library.unlink(missing_ok=True)
    compiler = os.environ.get("CC") or next(filter(shutil.which, ("cc", "gcc", "clang")), None)
    if compiler is None:
        return "no C compiler was found"
    made_of = f"-DMADE_OF={zlib.crc32(b''.join(source.read_bytes() for source in sources))}u"
    part = library.with_suffix(".part")
    command = [*shlex.split(compiler), *_FLAGS, made_of, *map(str, sources), "-o", str(part)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE_S)
        part.replace(library)
    except (OSError, subprocess.SubprocessError) as error:
        return f"{command[0]} failed: {_last_line(error)}"
    finally:
        part.unlink(missing_ok=True)
    return ""


def _last_line(error: OSError | subprocess.SubprocessError) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        said = error.stderr.decode(errors="replace").strip()
        return said.splitlines()[-1] if said else f"exit {error.returncode}"
    return "it took too long" if isinstance(error, subprocess.TimeoutExpired) else str(error)


def _tag() -> str:
    from packaging.tags import sys_tags  # noqa: PLC0415 - hatchling brings it

    return f"py3-none-{next(sys_tags()).platform}"
