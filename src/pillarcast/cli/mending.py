"""Commands for when something is wrong: doctor and restore; and preview, to listen before the hour."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import timedelta

from pillarcast.cli.screen import ask, complain, opened, print_json, say, when
from pillarcast.errors import NeedsOperator, NeedsOwner
from pillarcast.pipeline.doctor import doctor as examine
from pillarcast.pipeline.doctor_repair import repair
from pillarcast.pipeline.planning import find_episode
from pillarcast.pipeline.restoring import restore as bring_back
from pillarcast.pipeline.versions import versions
from pillarcast.wiring import preview_url

LONGEST_PREVIEW_H = 7 * 24


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
        studio = house.studio
        zone = studio.show.schedule.tz
        kept = versions(studio.bucket)
        if arguments.version is None:
            shown = [(one.revision, when(one.kept_at, zone), len(one.catalogue.entries)) for one in kept]
        elif not arguments.yes and not ask(f"Bring version {arguments.version} back?"):
            raise NeedsOwner("restore", "nothing was brought back", "Say --yes to do it.")
        else:
            with studio.writing():
                restored = bring_back(studio, arguments.version)
            shown = [(restored.revision, when(studio.clock.now(), zone), len(restored.entries))]
    if arguments.json:
        print_json([{"version": number, "at": at, "episodes": count} for number, at, count in shown])
        return 0
    for number, at, count in shown:
        say(f"{number:>6}  {at}  {count} episodes")
    if arguments.version is not None:
        say("Next: `pillarcast plan` says what the public would see change, `pillarcast publish` does it.")
        say("What lies in episodes/ is not taken again by itself: edit it, or run `pillarcast ingest NAME`.")
    elif not shown:
        say("No version is kept yet.")
    return 0


def preview(arguments: Namespace) -> int:
    if not 0 < arguments.hours <= LONGEST_PREVIEW_H:
        raise NeedsOwner("--hours", f"{arguments.hours} is not possible", f"Between 1 and {LONGEST_PREVIEW_H}.")
    with opened(arguments) as house:
        studio = house.studio
        entry = find_episode(studio.store.load().catalogue, arguments.episode)
        if entry.master is None or not entry.master.file.key:
            raise NeedsOwner(entry.source, "has no master here yet", f"Run `pillarcast ingest {entry.source}` first.")
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
