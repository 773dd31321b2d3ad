"""`make demo`, from its first moment on: Ctrl-C ends it in one line, also while its libraries load.

python scripts/demo.py [SHOW_FILE]     default: show.toml
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Nothing is begun yet, and an error in the middle of an import would be told by whoever imports."""
    print("Stopped. `make demo` begins anew.", flush=True)
    os._exit(130)


def main() -> int:
    before = signal.signal(signal.SIGINT, _stop)
    from demo_steps import main as steps  # noqa: PLC0415 - it takes a second or two

    signal.signal(signal.SIGINT, before)
    return steps()


if __name__ == "__main__":
    sys.exit(main())
