"""Looks for what must not stand in the project: addresses of packages in lock files, secrets, paths of a machine.

Then asks the advisory service about the locked dependencies, where it can be reached; where not, it says so.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEVER = {
    "an address in a lock file": (re.compile(r"https?://|--index-url|--find-links"), "requirements/*.txt"),
    "a secret key": (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b"), "*"),
    "a path of somebody's machine": (
        re.compile(r"/(?:home|Users)/(?!pillarcast\b|prefect\b)[a-z][a-z0-9_-]*/[a-zA-Z.]"),
        "*",
    ),
}
TEXT = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".json", ".sh", ".service", ".tf", ".env", ".html", ".js", ""}


def findings() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.splitlines()]
    found = []
    for what, (pattern, where) in NEVER.items():
        for path in paths:
            is_asked = path.match(where) and path.suffix in TEXT and path.is_file() and path != Path(__file__)
            text = path.read_text("utf-8", "replace") if is_asked else ""
            if match := pattern.search(text):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{path.relative_to(ROOT)}:{line}: {what}: {match[0]}")
    return found


def advisories() -> int:
    """0 nothing known or not to be had, else what pip-audit says. What it could not look up is said: it passes it."""
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "-r", "requirements/run.txt"]
    asked = subprocess.run([*command, "--progress-spinner=off"], cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode and re.search(r"ConnectionError|Max retries|ServiceError|SSLError|Timeout", asked.stderr):
        print("The advisory service cannot be reached from here: the locked dependencies were not audited.")
        return 0
    unknown = (asked.stdout + asked.stderr).count("could not be audited")
    if unknown:
        print(f"The advisory service does not know {unknown} of the locked dependencies; those were not audited.")
    if asked.returncode:
        print(asked.stdout + asked.stderr)
    return asked.returncode


def main() -> int:
    found = findings()
    print("\n".join(found) or "Nothing that must not be here.")
    return 1 if found else advisories()


if __name__ == "__main__":
    sys.exit(main())
