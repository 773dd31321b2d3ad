"""show.toml changed by a command: all else stays as its owner wrote it, or nothing is changed at all."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pillarcast.errors import SettingsError


def change_show_file(path: Path, edit: Callable[[str], str], meant: Callable[[dict[str, Any]], None]) -> None:
    """Writes `edit` of the text where that then says what `meant` makes of its values, and nothing else.

    SettingsError, and an untouched file, where it is written in a way that `edit` does not know.
    """
    text = path.read_text("utf-8-sig")
    wanted = tomllib.loads(text)
    meant(wanted)
    try:
        changed = edit(text)
        is_right = tomllib.loads(changed) == wanted
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        mend = "Change it by hand; every key stands in docs/settings.md."
        raise SettingsError(path.name, "is written in a way that this command cannot change", mend)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(changed, "utf-8")
    fresh.chmod(path.stat().st_mode)
    fresh.replace(path)
