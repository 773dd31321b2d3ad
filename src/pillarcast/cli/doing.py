"""Commands that change something: ingest, publish, queue, retract, replace."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from shlex import quote

from pillarcast.cli.screen import NOTHING_QUEUED, amount, ask, complain, opened, print_json, say, when
from pillarcast.errors import NeedsOwner, PillarcastError, Problem, problems_of
from pillarcast.model.catalogue import Catalogue, State
from pillarcast.model.ledger import unfinished
from pillarcast.model.naming import find_episode, find_piece, title_of
from pillarcast.model.overview import overview_of
from pillarcast.model.queue_words import place_of
from pillarcast.model.queueing import moved, on_schedule
from pillarcast.pipeline.announcing import announce
from pillarcast.pipeline.drops import look, look_all
from pillarcast.pipeline.ingest import Ingested, as_it_stands, ingest_all, moves_in
from pillarcast.pipeline.ingest import ingest as ingest_one
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import Publication, problems_in
from pillarcast.pipeline.publishing import publish as publish_show
from pillarcast.pipeline.replacing import NOTICE as REPLACE_NOTICE
from pillarcast.pipeline.replacing import replace_audio, replaceable
from pillarcast.pipeline.retracting import notice_of, put_back, retractable
from pillarcast.pipeline.retracting import retract as mark_retracted
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.uncollected import uncollected
from pillarcast.pipeline.verifying import check_verified, verify
from pillarcast.wiring import House


def ingest(arguments: Namespace) -> int:
    with opened(arguments) as house:
        folder = look_all(house.settings.episodes, house.settings.articles)
        problems: tuple[Problem, ...] = ()
        errors: list[PillarcastError] = []
        if arguments.episode:
            drop = folder.named(arguments.episode)
            taken: tuple[Ingested, ...] = (ingest_one(house.studio, drop, folder, house.settings.settle_s),)
        else:
            taken, problems = ingest_all(house.studio, folder, house.settings.settle_s, errors.append)
        catalogue = house.studio.store.load().catalogue  # a later drop may have moved an earlier one
        zone = house.studio.show.schedule.tz
    taken = tuple(as_it_stands(one, catalogue) for one in taken)
    moves = moves_in(taken, lambda moment: when(moment, zone))
    warnings = [warning for one in taken for warning in one.intake.warnings]
    if arguments.json:
        shown = [{"title": one.intake.title, "outcome": one.intake.outcome, "entry": one.entry} for one in taken]
        told = [asdict(problem) for problem in (*problems, *warnings)]
        print_json({"taken": shown, "moved": moves, "problems": told})
    else:
        for one in taken:
            airs = f", airs {when(one.entry.slot, zone)}" if one.entry and not one.entry.published_at else ""
            say(f"{one.intake.outcome}: “{one.intake.title}”{airs}")
        for move in moves:
            say(f"{move}.")
        complain((*problems, *warnings))
        if not taken and not problems:
            say("There is nothing in episodes/ or articles/.")
    return _who_must_act(problems, errors)


def _who_must_act(problems: tuple[Problem, ...], errors: list[PillarcastError]) -> int:
    """The owner, where one drop waits for her; else who can mend the first that went wrong."""
    if all(problem.is_warning for problem in problems):
        return 0
    is_only_errors = len(problems) == sum(len(problems_of(error)) for error in errors)
    codes = [error.exit_code for error in errors]
    return codes[0] if is_only_errors and NeedsOwner.exit_code not in codes else NeedsOwner.exit_code


@uncollected()
def publish(arguments: Namespace) -> int:
    with opened(arguments) as house:
        request = Request(arguments.episode, is_early=arguments.early, allow=tuple(arguments.allow),
                          overwrite=tuple(arguments.overwrite))  # fmt: skip
        return _publish(house, request, arguments, _live_since(house, arguments.episode))


def _live_since(house: House, name: str) -> str:
    """What is to be said of an episode that is live already, and not one that is only on its way there."""
    catalogue = house.studio.store.load().catalogue
    entry = find_episode(catalogue, name) if name else None
    if entry is None or entry.state is not State.LIVE or entry in unfinished(catalogue):
        return ""
    since = when(entry.published_at, house.studio.show.schedule.tz)
    return f"“{entry.episode.title}” is live since {since}. An edit of it is taken by `pillarcast ingest`, or by `up`."


def _publish(house: House, request: Request, arguments: Namespace, already: str = "") -> int:
    """`already` says that what was asked for was done before. All is brought up to date even so."""
    studio = house.studio
    publication = publish_show(studio, request)
    aired = [air.guid for air in publication.plan.airs]
    newest = [entry.guid for entry in publication.catalogue.live[:1]]  # a run before may have died before it looked
    checks = verify(studio, aired or newest)
    check_verified(checks)
    warnings = [problem for problem in publication.problems if problem.is_warning] + list(announce(studio))
    if arguments.json:
        print_json({
            "aired": [asdict(air) for air in publication.plan.airs],
            "changes": len(publication.plan.actions),
            "checks": [asdict(check) for check in checks],
            "warnings": [asdict(warning) for warning in warnings],
            "feed": studio.addresses.feed,
        })  # fmt: skip
    else:
        _say_published(house, publication, len(checks), already)
        complain(warnings)
    unfinished = problems_in(publication)
    if unfinished is not None:
        raise unfinished
    return 0


def _say_published(house: House, publication: Publication, checked: int, already: str) -> None:
    studio = house.studio
    if already:
        say(already)
    elif not publication.plan:
        _say_nothing_due(studio, publication.catalogue)
    if not publication.plan:
        return
    for air in publication.plan.airs:
        say(f"live: “{air.title}”, {when(air.published_at, studio.show.schedule.tz)}")
        card = next((card for card in publication.catalogue.kept.cards if card.guid == air.guid), None)
        if card is not None:
            say(f"  page  {studio.addresses.page(card.slug)}")
    say(f"  feed  {studio.addresses.feed}")
    say(f"{amount(len(publication.plan.actions), 'change')} made, {amount(checked, 'check')} made from outside.")


def _say_nothing_due(studio: Studio, catalogue: Catalogue) -> None:
    now = overview_of(studio.show, catalogue, studio.addresses, studio.clock.now())
    next_slot = when(now.next_slot, studio.show.schedule.tz)
    say("Nothing to do: nothing is due, and nothing that was taken has changed.")
    say("What is new or edited in episodes/ or articles/ is taken by `pillarcast ingest`, or by `up`.")
    say(f"Next slot: {next_slot}, {now.airs_next or NOTHING_QUEUED}.")
    if now.fills_next:
        say(f"{now.fills_next}.")


def queue(arguments: Namespace) -> int:
    with opened(arguments) as house:
        studio = house.studio
        schedule, now = studio.show.schedule, studio.clock.now()
        standing = _moved(house, arguments) if arguments.episode else studio.store.load().catalogue
        catalogue = on_schedule(standing, schedule, now)
    if arguments.json:
        print_json([entry.model_dump(mode="json") for entry in catalogue.queue])
        return 0
    if arguments.episode:
        say("Moved. Pages and posts that announce what airs next follow with `pillarcast publish`.")
    for position, entry in enumerate(catalogue.queue, start=1):
        why = f"  ({words})" if (words := place_of(catalogue, entry)) else ""
        say(f"{position:>3}  {when(entry.slot, schedule.tz)}  {entry.episode.title}{why}")
    if not catalogue.queue:
        say("Nothing is queued.")
    return 0


def _moved(house: House, arguments: Namespace) -> Catalogue:
    store = house.studio.store
    guid = find_episode(store.load().catalogue, arguments.episode).guid
    if arguments.position < 1:
        mend = f"Say `pillarcast queue {quote(arguments.episode)} 1` to air it next."
        raise NeedsOwner(arguments.episode, "the place in the queue is missing, or is below 1", mend)
    schedule, moment = house.studio.show.schedule, house.studio.clock.now()
    return store.change(lambda now: moved(now, now.entry(guid), arguments.position, schedule, moment)).catalogue


def retract(arguments: Namespace) -> int:
    """Said again after a power cut, it does what is left."""
    with opened(arguments) as house:
        if arguments.undo:
            back = put_back(house.studio, arguments.episode)
            _say_beside(arguments, f"“{title_of(back)}” is put back.")
            return _publish(house, Request(), arguments)
        piece = find_piece(house.studio.store.load().catalogue, arguments.episode)
        if piece.retracted_at is None:
            _retract(house, arguments)
            return _publish(house, Request(), arguments)
        since = when(piece.retracted_at, house.studio.show.schedule.tz)
        return _publish(house, Request(), arguments, f"“{title_of(piece)}” is retracted already, since {since}.")


def _say_beside(arguments: Namespace, words: str) -> None:
    """What a program that reads JSON does not want to hear."""
    if not arguments.json:
        say(words)


def _retract(house: House, arguments: Namespace) -> None:
    piece = retractable(house.studio.store.load().catalogue, arguments.episode)
    _say_beside(arguments, f"“{title_of(piece)}”: {notice_of(piece)}")
    if not arguments.yes and not ask("Retract it?"):
        raise NeedsOwner(piece.source, "was not retracted", "Say --yes to do it.")
    mark_retracted(house.studio, arguments.episode)


def replace(arguments: Namespace) -> int:
    with opened(arguments) as house:
        drop = look(house.settings.episodes).named(arguments.episode)
        replaceable(house.studio, arguments.episode, drop)  # what cannot be done is no matter of a yes
        _say_beside(arguments, f"“{drop.name}”: {REPLACE_NOTICE}")
        if not arguments.yes and not ask("Replace its audio?"):
            raise NeedsOwner(drop.name, "was not replaced", "Say --yes to do it.")
        replace_audio(house.studio, arguments.episode, drop, house.settings.settle_s)
        return _publish(house, Request(), arguments)
