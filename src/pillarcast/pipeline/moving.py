"""Moving out: the feed says where the show lives from now on, the old address leads there, and both are watched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pillarcast.errors import PillarcastError, Problem, SettingsError
from pillarcast.pipeline.show_file import change_show_file
from pillarcast.pipeline.studio import Studio
from pillarcast.render.feed_reader import read_feed
from pillarcast.render.feed_redirects import redirect_rules
from pillarcast.render.feed_urls import is_web_address
from pillarcast.render.show_toml import toml_value

KEEP_REDIRECT = timedelta(days=28)
_OK = 200
_MOVED = frozenset({301, 308})


@dataclass(frozen=True)
class Move:
    """What moving means: the line of show.toml, the rules for the old address, and until when they must stand."""

    old_url: str
    new_url: str
    rules: dict[str, str]
    until: date


def plan_move(studio: Studio, new_url: str) -> Move:
    """SettingsError for an address that is none, or the one that the feed has."""
    old_url = studio.addresses.feed
    if not is_web_address(new_url) or new_url == old_url:
        raise SettingsError("move", f"{new_url!r} is no other address than {old_url}", "Give the new feed's address.")
    until = studio.clock.now().date() + KEEP_REDIRECT
    return Move(old_url, new_url, redirect_rules(old_url, new_url), until)


def write_move(move: Move, show_file: Path) -> None:
    """Puts `feed.new_feed_url` into show.toml; the next publish says it to all apps."""

    def meant(written: dict[str, Any]) -> None:
        written.setdefault("feed", {})["new_feed_url"] = move.new_url

    change_show_file(show_file, lambda text: with_setting(text, "feed", "new_feed_url", move.new_url), meant)


def watch_move(studio: Studio, move: Move) -> tuple[Problem, ...]:
    """What is not yet as it must be, seen from outside; empty once followers arrive by themselves."""
    return (*_new_feed(studio, move), *_old_feed(studio, move))


def with_setting(text: str, table: str, key: str, value: str) -> str:
    """The text of a show.toml with one setting changed, all else as its owner wrote it."""
    line = f"{key} = {toml_value(value)}"
    header = re.search(rf"^\[{re.escape(table)}\][ \t]*(?:#.*)?$", text, re.MULTILINE)
    if header is None:
        return f"{text.rstrip()}\n\n[{table}]\n{line}\n"
    following = re.search(r"^\[", text[header.end() :], re.MULTILINE)
    end = header.end() + (following.start() if following else len(text) - header.end())
    body = text[header.end() : end]
    changed, count = re.subn(rf"^{re.escape(key)}[ \t]*=.*$", lambda _match: line, body, count=1, flags=re.MULTILINE)
    return text[: header.end()] + (changed if count else f"\n{line}{body}") + text[end:]


def _new_feed(studio: Studio, move: Move) -> list[Problem]:
    try:
        answer = studio.public.get(move.new_url)
        there = read_feed(answer.body, move.new_url)
    except PillarcastError as error:
        return [Problem(move.new_url, error.problem.what, "Publish the show there before you redirect.")]
    problems = []
    if there.moved_to != move.new_url:
        mend = "The new feed must say itunes:new-feed-url with its own address."
        problems.append(Problem(move.new_url, "does not say that the show lives there", mend))
    ours = {entry.guid for entry in studio.store.load().catalogue.live}
    missing = ours - {episode.guid for episode in there.episodes}
    if missing:
        what = f"lacks {len(missing)} episodes by their guid, such as {min(missing)}"
        problems.append(Problem(move.new_url, what, "Import them there with their guids; apps show them twice else."))
    return problems


def _old_feed(studio: Studio, move: Move) -> list[Problem]:
    mend = f"Let it answer 301 to {move.new_url}, until {move.until} at least."
    try:
        answer = studio.public.head(move.old_url)
    except PillarcastError as error:
        return [Problem(move.old_url, error.problem.what, mend)]
    if not answer.redirects and answer.status == _OK:
        return [Problem(move.old_url, "still answers itself", mend, is_warning=True)]
    status, there = answer.redirects[0] if answer.redirects else (answer.status, "nowhere")
    if status in _MOVED and move.new_url in [target for _status, target in answer.redirects]:
        return []
    return [Problem(move.old_url, f"answers {status} to {there}, so followers do not find the new feed", mend)]
