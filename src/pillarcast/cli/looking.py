"""Commands that only look: check, plan, status, verify."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Collection, Iterator
from dataclasses import asdict
from shlex import quote
from zoneinfo import ZoneInfo

from flows.shows import key_of
from pillarcast.cli.runs import runs_of
from pillarcast.cli.screen import NOTHING_QUEUED, complain, opened, print_json, say, when
from pillarcast.errors import NeedsOperator, NeedsOwner, NotVerified, Problem
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.naming import find_episode
from pillarcast.model.number_order import overtaken_by
from pillarcast.model.overview import Line, Overview, overview_of
from pillarcast.model.plan import Action
from pillarcast.model.plan_words import in_words
from pillarcast.pipeline.checking import check_drops, doubled_numbers, notes_alone
from pillarcast.pipeline.drops import look_all
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.planning import plan as plan_changes
from pillarcast.pipeline.renames import copies
from pillarcast.pipeline.untaken import has_other_audio, is_untaken
from pillarcast.pipeline.verifying import verify as verify_show
from pillarcast.wiring import House, check_outside

_UNFINISHED = "its publish is not finished: the next run finishes it, `pillarcast publish` does it now"
_ARTICLES = 5
"""Live articles that `status` lists; JSON has more."""


def check(arguments: Namespace) -> int:
    with opened(arguments) as house:
        checked = check_drops(house.studio, house.settings.episodes, house.settings.articles, arguments.episode)
        mine, theirs = checked.problems, check_outside(house)
        if all(problem.is_warning for problem in theirs):  # else the catalogue may be out of reach
            catalogue = house.studio.store.load().catalogue
            mine = (*mine, *notes_alone(catalogue, checked.alone), *doubled_numbers(catalogue, checked.episodes))
            mine = (*mine, *_doubled(house, catalogue, arguments.episode))
            mine = (*mine, *_refused(house, arguments.episode, {str(problem) for problem in mine}))
    problems = (*mine, *theirs)
    if arguments.json:
        print_json([asdict(problem) for problem in problems])
    else:
        complain(problems)
        say("All is well." if not problems else f"{len(problems)} to look at.")
    if any(not problem.is_warning for problem in mine):
        return NeedsOwner.exit_code
    return NeedsOperator.exit_code if any(not problem.is_warning for problem in theirs) else 0


def _refused(house: House, only: str, seen: Collection[str]) -> Iterator[Problem]:
    """What the last `ingest` refused and nobody changed since: a sound is judged there, as that takes its time.

    Without what was `seen` just now.
    """
    folder = look_all(house.settings.episodes, house.settings.articles)
    drops = {drop.name: drop for drop in ([folder.named(only)] if only else folder.drops)}
    for refusal in house.studio.store.load().catalogue.refusals:
        drop = drops.get(refusal.source)
        is_unchanged = drop and all(path.stat().st_mtime < refusal.at.timestamp() for path in drop.files)
        unseen = [line for line in refusal.what.splitlines() if line not in seen]
        if is_unchanged and unseen:
            yield Problem("refused before", "\n".join(unseen))


def _doubled(house: House, catalogue: Catalogue, only: str = "") -> Iterator[Problem]:
    """Recordings that lie there twice."""
    folder = look_all(house.settings.episodes, house.settings.articles)
    wanted = {folder.named(only).name} if only else {drop.name for drop in folder.drops}
    return (copy for copy in copies(catalogue, folder) if copy.subject in wanted)


def plan(arguments: Namespace) -> int:
    with opened(arguments) as house:
        studio = house.studio
        loaded = studio.store.load()
        allow, overwrite = tuple(arguments.allow), tuple(arguments.overwrite)
        request = Request(arguments.episode, is_early=arguments.early, allow=allow, overwrite=overwrite)
        planned, on_air = plan_changes(studio, loaded.catalogue, request)
        lines = [describe(action, studio.show.schedule.tz) for action in planned.actions]
        waiting = tuple(_waiting(house, on_air))
    if arguments.json:
        print_json([{"action": what, "title": title, "detail": detail} for what, title, detail in lines])
        return 0
    for what, title, detail in lines:
        say(f"{what:<11} {title:<44} {detail}")
    say("Nothing to do: the public sees what it should." if not lines else f"{len(lines)} changes.")
    for line in waiting:
        say(line)
    say("What is new or edited in episodes/ or articles/ counts once it is taken: `pillarcast ingest`, or `up`.")
    return 0


def _waiting(house: House, catalogue: Catalogue) -> Iterator[str]:
    """What the plan leaves where it is: the next of the queue, what others went before, and drops that nobody took."""
    for entry in catalogue.queue[:1]:
        airs = f"airs {when(entry.slot, house.studio.show.schedule.tz)}" if entry.slot else "has no hour yet"
        early = " --early" if entry.is_pinned else ""
        yield f"Next: “{entry.episode.title}” {airs}; `pillarcast publish {quote(entry.source)}{early}` airs it now."
    moved = [entry for entry in catalogue.queue if overtaken_by(catalogue, entry)]
    if moved:
        zone = house.studio.show.schedule.tz
        named = ", ".join(f"“{entry.episode.title}” ({when(entry.slot, zone)})" for entry in moved)
        yield f"Moved back, because lower numbers came later: {named}."
    drops = look_all(house.settings.episodes, house.settings.articles).drops
    new = [drop.name for drop in drops if is_untaken(catalogue, drop)]
    if new:
        yield f"Not taken yet: {', '.join(new)}."
    for name in (drop.name for drop in drops if has_other_audio(catalogue, drop)):
        mend = f"`pillarcast ingest {quote(name)}` takes the file again."
        yield f"{name}: the queue holds other audio than lies there; {mend}"


def describe(action: Action, zone: ZoneInfo) -> tuple[str, str, str]:
    """An action in three words: what, of what, where."""
    return in_words(action, lambda moment: when(moment, zone))


def status(arguments: Namespace) -> int:
    with opened(arguments) as house:
        studio = house.studio
        catalogue = studio.store.load().catalogue
        overview = overview_of(studio.show, catalogue, studio.addresses, studio.clock.now())
        doubled = tuple(str(copy) for copy in _doubled(house, catalogue))
        overview = overview.model_copy(update={"copies": doubled})
        runs = runs_of(house.settings)
        if runs:
            overview = overview.model_copy(update={"approvals": tuple(runs.waiting(key_of(house.settings.show)))})
    if arguments.json:
        print_json(overview)
    else:
        _say_overview(overview, studio.show.schedule.tz)
        if runs is None and house.settings.bucket == "embedded":
            say("\n`pillarcast up` does not run here: until it does nothing airs by itself, and site and feed are off.")
    return NeedsOwner.exit_code if overview.refused else 0


def _say_overview(overview: Overview, zone: ZoneInfo) -> None:
    say(f"{overview.show}   {overview.site_url}   {overview.feed_url}")
    say(f"Next slot: {when(overview.next_slot, zone)}   airs: {overview.airs_next or NOTHING_QUEUED}")
    if overview.fills_next:
        say(f"{overview.fills_next}.")
    lists = {
        "Queue": overview.queue,
        "Articles that wait": overview.articles,
        "Live": overview.live,
        "Live articles": overview.live_articles[:_ARTICLES],
    }
    for heading, lines in lists.items():
        if not lines and heading not in ("Queue", "Live"):
            continue
        say(f"\n{heading}")
        for line in lines:
            say(f"  {_line(line, zone)}")
            for words in filter(None, (_UNFINISHED if line.is_unfinished else "", line.audio, *line.warnings)):
                say(f"  {'':<27} {words}")
        if not lines:
            say("  nothing")
    _say_what_is_open(overview)


def _say_what_is_open(overview: Overview) -> None:
    waiting = (*(refusal.what for refusal in overview.refused), *overview.approvals)
    if waiting:
        say("\nWaits for you")
        for what in waiting:
            say("  " + what.replace("\n", "\n  "))
    for copied in overview.copies:
        say(f"\nThere twice: {copied}")
    for name in overview.unfinished_posts:
        say(f"Not posted yet: {name}")


def _line(line: Line, zone: ZoneInfo) -> str:
    state = "overdue" if line.is_overdue else "going on air" if line.is_unfinished else line.state.value
    return f"{when(line.at, zone):<27} {line.title}  ({line.source}{'' if state == 'live' else f', {state}'})"


def verify(arguments: Namespace) -> int:
    with opened(arguments) as house:
        studio = house.studio
        catalogue = studio.store.load().catalogue
        guids = [find_episode(catalogue, arguments.episode).guid] if arguments.episode else None
        checks = verify_show(studio, guids, is_whole=arguments.whole)
    if arguments.json:
        print_json([asdict(one) for one in checks])
    else:
        for one in checks:
            say(f"{'ok ' if one.is_right else 'NOT'} {one.subject}: {one.what} ({one.seen})")
        if not checks:
            say("Nothing is live yet.")
    return 0 if all(one.is_right for one in checks) else NotVerified.exit_code
