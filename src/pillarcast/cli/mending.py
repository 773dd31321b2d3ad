"""Commands for when something is wrong: doctor and restore; and preview, to listen before the hour."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import timedelta
from itertools import pairwise
from shlex import quote

from pillarcast.cli.screen import amount, ask, complain, opened, print_json, say, when
from pillarcast.errors import NeedsOperator, NeedsOwner
from pillarcast.model.naming import find_episode
from pillarcast.model.version_words import what_changed
from pillarcast.pipeline.doctor import doctor as examine
from pillarcast.pipeline.doctor_repair import repair
from pillarcast.pipeline.restoring import kept_version
from pillarcast.pipeline.restoring import restore as bring_back
from pillarcast.pipeline.versions import Version, versions
from pillarcast.wiring import House, preview_url

LONGEST_PREVIEW_H = 7 * 24
_NO_CHANGE = "as the one before"


def doctor(arguments: Namespace) -> int:
    with opened(arguments) as house:
        findings = examine(house.studio)
        left = repair(house.studio, findings) if arguments.repair else findings
    if arguments.json:
        print_json({"found": [asdict(one) for one in findings], "left": [asdict(one) for one in left]})
    else:
        complain([one.problem for one in left])
        mended = len(findings) - len(left)
        if arguments.repair and mended > 0:
            say(f"{mended} mended.")
        say(f"{len(left)} to look at." if left else "All is well.")
    return NeedsOperator.exit_code if any(not one.is_warning for one in left) else 0


def restore(arguments: Namespace) -> int:
    with opened(arguments) as house:
        if arguments.version is None:
            return _list_versions(house, arguments)
        kept_version(house.studio, arguments.version)  # what is not there is no matter of a yes
        if not arguments.yes and not ask(f"Bring version {arguments.version} back?"):
            raise NeedsOwner("restore", "nothing was brought back", "Say --yes to do it.")
        with house.studio.writing():
            restored = bring_back(house.studio, arguments.version)
        _say_versions(house, arguments, [(Version(restored, house.studio.clock.now()), "")])
    if not arguments.json:
        say("Next: `pillarcast plan` says what the public would see change, `pillarcast publish` does it.")
        say("What lies in episodes/ is not taken again by itself: edit it, or run `pillarcast ingest NAME`.")
    return 0


def _list_versions(house: House, arguments: Namespace) -> int:
    """Each with what tells it from the one before."""
    kept = versions(house.studio.bucket)
    changes = [what_changed(older.catalogue, newer.catalogue) or _NO_CHANGE for newer, older in pairwise(kept)]
    _say_versions(house, arguments, list(zip(kept, [*changes, "the oldest that is kept"], strict=False)))
    if not kept and not arguments.json:
        say("No version is kept yet.")
    return 0


def _say_versions(house: House, arguments: Namespace, shown: list[tuple[Version, str]]) -> None:
    zone = house.studio.show.schedule.tz
    lines = [(one.revision, when(one.kept_at, zone), len(one.catalogue.entries), change) for one, change in shown]
    if arguments.json:
        names = ("version", "at", "episodes", "changed")
        print_json([dict(zip(names, line, strict=True)) for line in lines])
        return
    for number, at, count, change in lines:
        say(f"{number:>6}  {at}  {amount(count, 'episode'):<12}  {change}".rstrip())


def preview(arguments: Namespace) -> int:
    if not 0 < arguments.hours <= LONGEST_PREVIEW_H:
        raise NeedsOwner("--hours", f"{arguments.hours} is not possible", f"Between 1 and {LONGEST_PREVIEW_H}.")
    with opened(arguments) as house:
        studio = house.studio
        entry = find_episode(studio.store.load().catalogue, arguments.episode)
        if entry.master is None or not entry.master.file.key:
            mend = f"Run `pillarcast ingest {quote(entry.source)}` first."
            raise NeedsOwner(entry.source, "has no master here yet", mend)
        url = preview_url(house, entry.master.file.key, arguments.hours * 3600)
        is_here = house.settings.bucket == "embedded"
        until = when(studio.clock.now() + timedelta(hours=arguments.hours), studio.show.schedule.tz)
    if arguments.json:
        print_json({"title": entry.episode.title, "url": url, "until": until})
    else:
        who = "on this machine alone, where the bucket is" if is_here else "for whoever has this address"
        say(f"“{entry.episode.title}”, {who}, until {until}:")
        say(url)
    return 0
