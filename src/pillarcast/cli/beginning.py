"""The command `init`: a new show, asked for line by line or given by flags."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from pillarcast.cli.screen import say
from pillarcast.errors import SettingsError
from pillarcast.model.reading import read_value
from pillarcast.model.show import Show
from pillarcast.render.show_toml import toml_value


@dataclass(frozen=True)
class Question:
    """One line that the owner answers; `flag` is how a script does."""

    flag: str
    words: str
    usual: str = ""


QUESTIONS = (
    Question("title", "What is the show called?"),
    Question("host", "Who speaks?"),
    Question("description", "What does a listener get, in a sentence?"),
    Question("category", "Its Apple category?", "Business > Careers"),
    Question("every", "When does it air?", "Thursday 06:00"),
    Question("zone", "In which time zone?", "America/New_York"),
)
SHOW_TOML = """\
# What each line means stands in docs/settings.md; `pillarcast check` says what is wrong.
[show]
title = {title}
host = {host}
description = {description}
category = {category}
artwork = "artwork.jpg"  # square, 1400 to 3000 px, JPEG or PNG

[schedule]
every = {every}
zone = {zone}

[subscribe]
# apple = "https://podcasts.apple.com/…"
# spotify = "https://open.spotify.com/show/…"

# Without these lines a bucket on this machine is used.
# [bucket]
# kind = "s3"
# endpoint = "https://…"
# name = "my-podcast"
# public_url = "https://podcast.example.com"
# The keys come from the environment: PILLARCAST_ACCESS_KEY and PILLARCAST_SECRET_KEY.
"""


def init(arguments: Namespace) -> int:
    folder: Path = arguments.folder
    show_file = folder / "show.toml"
    if show_file.exists():
        raise SettingsError(str(show_file), "is there already", "Change it, or choose another folder.")
    answers = {question.flag: getattr(arguments, question.flag) or _answer(question) for question in QUESTIONS}
    about = {name: answers[name] for name in ("title", "host", "description", "category")}
    schedule = {name: answers[name] for name in ("every", "zone")}
    read_value(Show, {"show": about, "schedule": schedule}, "your answers")
    for inner in ("episodes", "articles"):
        (folder / inner).mkdir(parents=True, exist_ok=True)
    show_file.write_text(SHOW_TOML.format(**{name: toml_value(answer) for name, answer in answers.items()}), "utf-8")
    say(f"Made {show_file}. Next: put artwork.jpg beside it, drop a recording into {folder / 'episodes'}, and run")
    say("  pillarcast check")
    return 0


def _answer(question: Question) -> str:
    if not sys.stdin.isatty():
        if question.usual:
            return question.usual
        raise SettingsError("init", f"--{question.flag} is missing", question.words)
    usual = f" [{question.usual}]" if question.usual else ""
    return input(f"{question.words}{usual} ").strip() or question.usual
