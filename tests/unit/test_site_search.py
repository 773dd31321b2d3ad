"""Search: what the index holds and what a browser asks it for are the same words, in any script."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.resources import files

import pytest

from pillarcast.render.pages.search import words_of

SAID = (
    "λόγος",
    "ΛΌΓΟΣ",
    "हिन्दी",
    "தமிழ்",
    "がくせい",
    "กินข้าว",
    "straße",
    "İstanbul",
    "עִבְרִית",
    "مُحَمَّد",
    "한국어",
    "Ångström",
)
WHOLE = (
    "λογοσ",
    "λογοσ",
    "हिन्दी",
    "தமிழ்",
    "がくせい",
    "กินข้าว",
    "strasse",
    "istanbul",
    "עברית",
    "محمد",
    "한국어",
    "angstrom",
)


def test_a_word_stays_whole() -> None:
    assert words_of(" ".join(SAID)) == list(WHOLE)
    assert words_of("snake_case, don't 12:30 नमस्ते।") == ["snake", "case", "don", "t", "12", "30", "नमस्ते"]


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_browser_asks_for_what_the_index_holds() -> None:
    script = files("pillarcast.render").joinpath("templates", "search.js").read_text(encoding="utf-8")
    functions = script[script.index("function fold") : script.index("/** Whether a word")]
    asked = f"{functions}\nconsole.log(JSON.stringify({json.dumps(SAID)}.map(termsOf)))"
    done = subprocess.run(["node", "-e", asked], check=True, capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout) == [[word] for word in WHOLE]
