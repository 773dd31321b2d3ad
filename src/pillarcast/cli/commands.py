"""Every command in one table. A command's own module is imported when it runs, so that `--help` is quick."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pillarcast import __version__
from pillarcast.cli.misspelt import Parser

Run = Callable[[argparse.Namespace], int]


@dataclass(frozen=True)
class Argument:
    """One argument, as argparse takes it."""

    names: tuple[str, ...]
    options: dict[str, Any]


@dataclass(frozen=True)
class Command:
    name: str
    help: str
    run: Run
    arguments: tuple[Argument, ...] = ()


def argument(*names: str, **options: Any) -> Argument:
    return Argument(names, options)


JSON = argument("--json", action="store_true", help="print JSON for scripts")
ALLOW = argument(
    "--allow", action="append", default=[], metavar="CHANGE:EPISODE", help="let a change through that listeners notice"
)
OVERWRITE = argument(
    "--overwrite", action="append", default=[], metavar="BLOG", help="write over what was changed by hand on this blog"
)
EPISODE = argument("episode", help="its file name, number, title, address or guid")


def _check(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.looking import check  # noqa: PLC0415

    return check(arguments)


def _plan(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.looking import plan  # noqa: PLC0415

    return plan(arguments)


def _status(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.looking import status  # noqa: PLC0415

    return status(arguments)


def _verify(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.looking import verify  # noqa: PLC0415

    return verify(arguments)


def _ingest(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.doing import ingest  # noqa: PLC0415

    return ingest(arguments)


def _publish(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.doing import publish  # noqa: PLC0415

    return publish(arguments)


def _queue(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.doing import queue  # noqa: PLC0415

    return queue(arguments)


def _retract(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.doing import retract  # noqa: PLC0415

    return retract(arguments)


def _replace(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.doing import replace  # noqa: PLC0415

    return replace(arguments)


def _up(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.up import up  # noqa: PLC0415

    return up(arguments)


def _serve(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.up import serve  # noqa: PLC0415

    return serve(arguments)


def _lint(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.moving import lint_feed  # noqa: PLC0415

    return lint_feed(arguments)


def _import(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.moving import import_feed  # noqa: PLC0415

    return import_feed(arguments)


def _export(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.moving import export  # noqa: PLC0415

    return export(arguments)


def _move(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.moving import move  # noqa: PLC0415

    return move(arguments)


def _subscribers(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.subscribing import subscribers  # noqa: PLC0415

    return subscribers(arguments)


def _bucket(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.moving import bucket  # noqa: PLC0415

    return bucket(arguments)


def _init(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.beginning import init  # noqa: PLC0415

    return init(arguments)


def _doctor(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.mending import doctor  # noqa: PLC0415

    return doctor(arguments)


def _restore(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.mending import restore  # noqa: PLC0415

    return restore(arguments)


def _preview(arguments: argparse.Namespace) -> int:
    from pillarcast.cli.mending import preview  # noqa: PLC0415

    return preview(arguments)


COMMANDS = (
    Command("init", "make a new show: show.toml and its folders", _init, (
        argument("folder", nargs="?", type=Path, default=Path(), help="where; this folder by default"),
        argument("--title", default="", help="the show's name"),
        argument("--host", default="", help="who speaks"),
        argument("--description", default="", help="what a listener gets, in a sentence"),
        argument("--category", default="", help='an Apple category, such as "Business > Careers"'),
        argument("--every", default="", help='its air time, such as "Thursday 06:00"'),
        argument("--zone", default="", help='its time zone, such as "America/New_York"'),
    )),
    Command("check", "look at settings, drops, bucket and blogs; say every problem at once", _check, (
        argument("episode", nargs="?", default="", help="only this drop"), JSON,
    )),
    Command("ingest", "take what lies in episodes/ and master it", _ingest, (
        argument("episode", nargs="?", default="", help="only this drop"), JSON,
    )),
    Command("plan", "say what publishing would change; touches nothing", _plan, (
        argument("episode", nargs="?", default="", help="as if this episode were published now"),
        argument("--early", action="store_true", help="even before the hour that its notes name"),
        ALLOW, OVERWRITE, JSON,
    )),
    Command("publish", "publish what is due, or one episode now", _publish, (
        argument("episode", nargs="?", default="", help="this episode, now"),
        argument("--early", action="store_true", help="even before the hour that its notes name"),
        ALLOW, OVERWRITE, JSON,
    )),
    Command("verify", "fetch the show as an app would, and compare", _verify, (
        argument("episode", nargs="?", default="", help="only this episode"),
        argument("--whole", action="store_true", help="fetch and hash whole audio files"), JSON,
    )),
    Command("status", "queue, live episodes and articles, next slot, and what needs you", _status, (JSON,)),
    Command("queue", "show the queue, or move an episode in it", _queue, (
        argument("episode", nargs="?", default="", help="the episode to move"),
        argument("position", nargs="?", type=int, default=0, help="1 airs next"), JSON,
    )),
    Command("retract", "take an episode or article out of feed, pages and blogs, or out of the queue", _retract, (
        EPISODE, argument("--yes", action="store_true", help="do not ask"),
        argument("--undo", action="store_true", help="put it back as it was: the same guid, date and address"), JSON,
    )),
    Command("replace", "put new audio under a live episode", _replace, (
        EPISODE, argument("--yes", action="store_true", help="do not ask"), JSON,
    )),
    Command("preview", "a link to listen to an episode before it airs; it expires", _preview, (
        EPISODE, argument("--hours", type=int, default=24, help="how long the link is good; a week at most"), JSON,
    )),
    Command("doctor", "hold catalogue, bucket, feed and blogs against each other, and say what disagrees", _doctor, (
        argument("--repair", action="store_true", help="mend what needs no person"), JSON,
    )),
    Command("restore", "list the versions of the catalogue that are kept, or bring one back", _restore, (
        argument("version", nargs="?", type=int, default=None, help="the number of the version"),
        argument("--yes", action="store_true", help="do not ask"), JSON,
    )),
    Command("up", "server, Prefect UI, drop folder and site on this machine, until Ctrl-C", _up),
    Command("serve", "the flows and the drop folder, for a Prefect server that is there", _serve, (
        argument("--pool", default="", help="hand runs to the workers of this pool"),
    )),
    Command("lint", "check any feed against what directories and apps demand", _lint, (
        argument("feed", nargs="?", default="", help="an address or a file; this show's own feed by default"), JSON,
        argument("--sarif", action="store_true", help="print SARIF for tools"),
    )),
    Command("import", "move a show in, with every guid and date kept", _import, (
        argument("source", help="the feed's address, its file, or a folder that `export` wrote"),
        argument("--dry-run", action="store_true", help="only say what would become of it"),
        argument("--mine", action="store_true", help="the show is yours although its feed is locked"),
        argument("--keep-media", action="store_true", help="leave audio and pictures with the old host"), JSON,
    )),
    Command("export", "write the whole show into a folder that imports again without loss", _export, (
        argument("folder", type=Path, help="where"), JSON,
    )),
    Command("move", "move the show to another feed address, and watch that followers arrive", _move, (
        argument("url", help="the new feed's address"),
        argument("--watch", action="store_true", help="only look whether all is as it must be"), JSON,
    )),
    Command("subscribers", "private feeds: who has one; add, revoke or renew one", _subscribers, (
        argument("what", nargs="?", default="list", choices=["list", "add", "revoke", "renew"], help="what to do"),
        argument("name", nargs="?", default="", help="your word for the subscriber"),
        argument("--until", default="", metavar="DATE", help="the last day of the feed, such as 2027-12-31"),
        argument("--addresses", action="store_true", help="show the addresses, which are secrets"), JSON,
    )),
    Command("bucket", "set an S3 bucket up: policy, CORS, versions, and what strangers must not do", _bucket, (
        argument("what", choices=["setup"], help="what to do"), JSON,
    )),
)  # fmt: skip


def parser() -> argparse.ArgumentParser:
    top = Parser(
        prog="pillarcast",
        description="Drop a recording into episodes/, and at its hour it is live: feed, page and blog.",
        epilog="Exit codes: 0 all is well, 2 the command was misspelt, 3 you must change something, 4 the server's "
        "keeper must, 5 try again later, 6 the public sees something else than was published, 70 a fault of ours, "
        "130 you stopped it.",
    )
    top.add_argument("--version", action="version", version=__version__)
    top.add_argument("--show", type=Path, default=None, metavar="FILE", help="the show's file; show.toml by default")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=command.help, description=command.help)
        for given in command.arguments:
            one.add_argument(*given.names, **given.options)
        one.set_defaults(run=command.run)
    return top
