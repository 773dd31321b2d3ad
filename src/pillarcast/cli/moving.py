"""Commands about feeds: lint any of them, move in, move out, take the whole show along; and a bucket's set-up."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from pillarcast import __version__
from pillarcast.adapters.downloads import Downloads
from pillarcast.cli.screen import amount, complain, opened, print_json, say
from pillarcast.errors import NeedsOperator, PillarcastError, Problem, SettingsError
from pillarcast.pipeline import exporting, moving
from pillarcast.pipeline.importing import (
    Import,
    ImportPlan,
    check_may_import,
    import_artwork,
    import_show,
    plan_import,
    read_source,
)
from pillarcast.pipeline.parity import render_parity
from pillarcast.pipeline.studio import Studio
from pillarcast.render.feed_reader import read_feed
from pillarcast.render.lint import exit_code, lint
from pillarcast.render.lint.reports import render_json, render_sarif, render_text
from pillarcast.render.show_toml import show_toml
from pillarcast.settings import named_show
from pillarcast.wiring import set_up


def lint_feed(arguments: Namespace) -> int:
    if arguments.feed:
        feed, url = read_source(arguments.feed, Downloads(arguments.feed))
    else:
        with opened(arguments) as house:
            url = house.studio.addresses.feed
            feed = house.studio.public.get(url).body
    findings = lint(feed, url)
    subject = arguments.feed or url
    if arguments.sarif:
        say(render_sarif(findings, subject, __version__))
    else:
        say(render_json(findings, subject) if arguments.json else render_text(findings, subject))
    return exit_code(findings)


def import_feed(arguments: Namespace) -> int:
    """A feed by its address or file, or a folder that `export` wrote."""
    downloads = Downloads(arguments.source)
    folder = Path(arguments.source)
    if exporting.is_export(folder):
        return _import_export(arguments, folder)
    _begin_show(arguments, downloads)
    with opened(arguments) as house:
        plan = plan_import(house.studio, arguments.source, downloads)
        _say_plan(arguments, plan)
        check_may_import(arguments.source, plan.imported, is_mine=arguments.mine)
        if arguments.dry_run:
            return 0
        _take_artwork(house.studio, plan, downloads)
        done = import_show(house.studio, plan, downloads, keep_media=arguments.keep_media)
    return _say_import(arguments, plan, done)


def _take_artwork(studio: Studio, plan: ImportPlan, downloads: Downloads) -> None:
    """Without it the episodes can be taken in, but not be published."""
    try:
        import_artwork(studio, plan.imported, downloads)
    except PillarcastError as error:
        mend = f"Put {studio.show.show.artwork} beside show.toml before you publish."
        complain([Problem("artwork", error.problem.what, mend, is_warning=True)])


def _begin_show(arguments: Namespace, downloads: Downloads) -> None:
    """A show.toml made from the feed, where there is none yet; a dry run leaves none behind."""
    path = arguments.show or named_show()
    if path.exists():
        return
    if arguments.dry_run:
        raise SettingsError(str(path), "there is no such file", "Run `pillarcast init` first, or leave --dry-run out.")
    imported = read_feed(*read_source(arguments.source, downloads))
    check_may_import(arguments.source, imported, is_mine=arguments.mine)
    path.write_text(show_toml(imported), "utf-8")
    (path.parent / "episodes").mkdir(exist_ok=True)
    say(f"Made {path} from the feed.")


def _say_plan(arguments: Namespace, plan: ImportPlan) -> None:
    if not arguments.json:
        say(render_parity(plan.parity))
        say(f"{amount(len(plan.new), 'episode')} to take in, {len(plan.known)} are here already.")


def _say_import(arguments: Namespace, plan: ImportPlan, done: Import) -> int:
    if arguments.json:
        problems = [asdict(problem) for problem in done.problems]
        print_json({"taken": len(done.entries), "clean": plan.parity.is_clean, "problems": problems})
    else:
        complain(done.problems)
        taken = amount(len(done.entries), "episode")
        say(f"Took in {taken}. Look at `pillarcast plan`, then run `pillarcast publish`.")
    return 0


def _import_export(arguments: Namespace, folder: Path) -> int:
    show_file = arguments.show or named_show()
    if arguments.dry_run:
        return _try_export(arguments, folder, show_file)
    if exporting.put_project(folder, show_file):
        say(f"Made {show_file} as it was. Look at its [bucket]: the show moves into that one.")
    with opened(arguments) as house:
        catalogue = exporting.import_export(house.studio, folder)
    say(f"Took in {amount(len(catalogue.entries), 'episode')} with all that is theirs. Run `pillarcast publish`.")
    return 0


def _try_export(arguments: Namespace, folder: Path, show_file: Path) -> int:
    """Refuses what the import would refuse."""
    exported = exporting.read_export(folder)
    if not exporting.brings_project(folder, show_file):
        with opened(arguments) as house:
            exporting.check_empty(house.studio, folder)
    say(f"Would take in {amount(len(exported.entries), 'episode')} with all that is theirs. Nothing was changed.")
    return 0


def export(arguments: Namespace) -> int:
    with opened(arguments) as house:
        done = exporting.export_show(house.studio, arguments.folder, house.settings.show)
    if arguments.json:
        print_json(asdict(done))
    else:
        what = f"{amount(done.episodes, 'episode')} in {amount(done.files, 'file')}"
        say(f"{what}, {done.length_bytes / 1e6:.0f} MB, in {done.folder}.")
    return 0


def move(arguments: Namespace) -> int:
    with opened(arguments) as house:
        planned = moving.plan_move(house.studio, arguments.url)
        if arguments.watch:
            problems = moving.watch_move(house.studio, planned)
            complain(problems)
            if not problems:
                say("Followers arrive there by themselves.")
            return NeedsOperator.exit_code if problems else 0
        path = house.settings.show
        moving.write_move(planned, path)
    if arguments.json:
        print_json(asdict(planned))
        return 0
    say(
        f"{path.name} says now where the show lives. Run `pillarcast publish`, and put one of these at the old address,"
    )
    say(f"until {planned.until} at least:")
    for host, rule in planned.rules.items():
        say(f"\n# {host}\n{rule}")
    say(f"\nLook whether all is as it must be: pillarcast move --watch {planned.new_url}")
    return 0


def bucket(arguments: Namespace) -> int:
    with opened(arguments) as house:
        problems = set_up(house)
    complain(problems)
    if not problems:
        say("The bucket is set up; what strangers must not do was tried, and refused.")
    return NeedsOperator.exit_code if any(not problem.is_warning for problem in problems) else 0
