"""The picture of `make demo` in the README: runs the demo in a terminal of its own and draws what it shows."""

from __future__ import annotations

import os
import pty
import re
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
WIDTH = 100


def shown() -> str:
    """What the demo prints, without the lines that it redraws while it works."""
    os.environ |= {"COLUMNS": str(WIDTH), "TERM": "dumb", "FORCE_COLOR": "1"}
    printed = bytearray()

    def read(terminal: int) -> bytes:
        part = os.read(terminal, 4096)
        printed.extend(part)
        return part

    os.chdir(ROOT)
    if os.waitstatus_to_exitcode(pty.spawn([sys.executable, "scripts/demo.py"], read)):
        sys.exit("The demo failed: no picture was made.")
    text = re.sub(r"\x1b\[\?25[lh]|\x1b\[2K|\x1b\[1A|\r(?!\n)", "", printed.decode()).replace("\r\n", "\n")
    return re.sub(r"\n{3,}", "\n\n", text).replace(f"{ROOT}/", "")


def main() -> None:
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    console.print(Text.from_ansi("$ make demo\n" + shown()))
    console.save_svg(str(ROOT / "docs" / "images" / "demo.svg"), title="make demo")


if __name__ == "__main__":
    main()
