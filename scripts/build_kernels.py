"""At installation: the inner loops of mastering are compiled where there is a C compiler. Where there is none, or it
fails, everything works by numpy, and mastering takes longer.

    python scripts/build_kernels.py        compiles them in this checkout, and says why it could not
"""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import signal
import subprocess
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FOLDER = "src/pillarcast/audio/kernels"
_FLAGS = ["-O3", "-fopenmp-simd", "-ffp-contract=fast", "-std=gnu11", "-shared", "-fPIC"]
_PATIENCE_S = 30


class KernelsHook(BuildHookInterface[Any]):
    """Puts the library beside its source, into a wheel of this platform alone."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        folder = Path(self.root, _FOLDER)
        library = folder / "kernels.so"
        if problem := compiled(sorted(folder.glob("*.[ch]")), library):
            self.app.display_warning(_words(problem))
        elif version != "editable":
            build_data["artifacts"].append(f"{_FOLDER}/{library.name}")
            build_data["tag"] = _tag()


def compiled(sources: Sequence[Path], library: Path) -> str:
    """Why there is no library now; empty when there is. Whoever reads the old one meanwhile goes on with it."""
    compiler = os.environ.get("CC", "").strip() or next(filter(shutil.which, ("cc", "gcc", "clang")), None)
    if compiler is None:
        return "no C compiler was found"
    part = library.with_suffix(".part")
    try:
        library.unlink(missing_ok=True)
        made_of = zlib.crc32(b"".join(source.read_bytes() for source in sources))
        _run([*shlex.split(compiler), *_FLAGS, f"-DMADE_OF={made_of}u", *_units(sources), "-o", str(part)])
        ctypes.CDLL(str(part))
        part.replace(library)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return f"{compiler}: {_last_line(error)}"
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return ""


def _units(sources: Sequence[Path]) -> list[str]:
    return [str(source) for source in sources if source.suffix == ".c"]


def _run(command: Sequence[str]) -> None:
    """A compiler that hangs is ended with all that it started."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as running:
        try:
            said, _nothing = running.communicate(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command, said)


def _last_line(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        said = error.output.decode(errors="replace").strip()
        return said.splitlines()[-1] if said else f"exit {error.returncode}"
    return "it took too long" if isinstance(error, subprocess.TimeoutExpired) else str(error)


def _tag() -> str:
    from packaging.tags import sys_tags  # noqa: PLC0415 - hatchling brings it

    return f"py3-none-{next(sys_tags()).platform}"


def _words(problem: str) -> str:
    return (
        f"Mastering will work, and take longer than it could ({problem}). "
        "To mend it: install a C compiler such as gcc, then run `touch pyproject.toml` and make again."
    )


if __name__ == "__main__":
    here = Path(__file__).parents[1] / _FOLDER
    if found := compiled(sorted(here.glob("*.[ch]")), here / "kernels.so"):
        print(_words(found))
