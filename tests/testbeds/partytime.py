"""podcast-partytime, the parser behind the Podcast Index, from npm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.testbeds.place import BEDS, built, run

VERSION = "podcast-partytime@5.0.0"
_NAME = "partytime-5.0.0"
_SCRIPT = """
const { parseFeed } = require("podcast-partytime");
const { readFileSync } = require("fs");
console.log(JSON.stringify(process.argv.slice(2).map((path) => parseFeed(readFileSync(path, "utf8")))));
"""


def parse_feeds(*feeds: Path) -> list[dict[str, Any] | None]:
    """What it reads of each file; None where it takes it for no feed."""
    with built(_NAME) as draft:
        if draft is not None:
            (draft / "package.json").write_text('{"private": true}', "utf-8")
            (draft / "parse.cjs").write_text(_SCRIPT, "utf-8")
            run("npm", "install", "--no-audit", "--no-fund", VERSION, cwd=draft)
    said = run("node", "parse.cjs", *[path.resolve() for path in feeds], cwd=BEDS / _NAME)
    parsed: list[dict[str, Any] | None] = json.loads(said.strip().split("\n")[-1])
    return parsed
