"""The command about subscribers: who has a private feed, and where."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from pillarcast.cli.screen import opened, print_json, say
from pillarcast.errors import NeedsOwner, masked
from pillarcast.pipeline import subscribing
from pillarcast.pipeline.subscribing import Subscription

_WITH_ADDRESS = ("add", "renew")


def subscribers(arguments: Namespace) -> int:
    """Changes show.toml first, then says who is there now. An address is shown where it is asked for, or new."""
    with opened(arguments) as house:
        show_file = house.settings.show
        if arguments.what in _WITH_ADDRESS or arguments.addresses:
            subscribing.check_secret(house.studio)
    if arguments.what != "list" and not arguments.name:
        raise NeedsOwner("subscribers", f"{arguments.what} whom?", "Give the name of the subscriber.")
    match arguments.what:
        case "add":
            subscribing.add_subscriber(show_file, arguments.name, _day(arguments.until))
        case "revoke":
            subscribing.revoke_subscriber(show_file, arguments.name)
        case "renew":
            subscribing.renew_subscriber(show_file, arguments.name)
    with opened(arguments) as house:
        known = list(subscribing.subscriptions(house.studio))
    _say(arguments, [one for one in known if not arguments.name or one.subscriber.name == arguments.name])
    return 0


def _say(arguments: Namespace, known: list[Subscription]) -> None:
    has_addresses = arguments.addresses or arguments.what in _WITH_ADDRESS
    rows = [(one.subscriber.name, _state(one), one.url if has_addresses else masked(one.url)) for one in known]
    if arguments.json:
        listed = [{"name": name, "state": state, "url": url} for name, state, url in rows]
        print_json(listed, has_addresses=has_addresses)
        return
    for name, state, url in rows:
        say(f"{name:<24} {state:<28} {url}")
    if not rows:
        say("Nobody has a private feed.")
    elif arguments.what != "list":
        say("Run `pillarcast publish`, so that the public sees it.")


def _state(one: Subscription) -> str:
    until = f" until {one.subscriber.expires}" if one.subscriber.expires else ""
    if not one.url:
        return f"{'revoked' if one.subscriber.revoked else 'listed'}; PILLARCAST_FEED_SECRET is missing"
    if one.subscriber.revoked:
        return "revoked" if not one.is_public else "revoked, to be taken away"
    if not one.is_open:
        return f"expired{until.replace('until', 'on')}" if not one.is_public else "expired, to be taken away"
    return f"listens{until}" if one.is_public else f"not published yet{until}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NeedsOwner("--until", f"{text!r} is no date", "Write it as 2027-12-31.") from None
