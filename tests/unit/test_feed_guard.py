"""The guard: each change that listeners would notice is refused by name, and allowed by name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pillarcast.model.card import Card
from pillarcast.model.catalogue import Catalogue, Entry, LedgerLine
from pillarcast.model.guard import check_allowed, refusals
from pillarcast.model.published import Published
from tests.feed_support.views import FIRST, SHOW_GUID, published


def told(*episodes: Published) -> Catalogue:
    """A catalogue whose listeners were told of these."""
    ledger = tuple(
        LedgerLine(
            guid=one.guid,
            url=one.enclosure.url,
            length_bytes=one.enclosure.length_bytes,
            published_at=one.published_at,
        )
        for one in episodes
    )
    entries = tuple(
        Entry(guid=one.guid, slug=one.slug, source=one.slug, recording=None, episode=one.episode, dropped_at=FIRST)
        for one in episodes
    )
    return Catalogue(show_guid=SHOW_GUID, ledger=ledger, entries=entries)


ONE, TWO = published(1), published(2)
OTHER_AUDIO = ONE.enclosure.model_copy(update={"url": "https://cdn.example.com/new.mp3", "length_bytes": 5})
CHANGES = {
    "enclosure-change:episode-1": (ONE.model_copy(update={"enclosure": OTHER_AUDIO}), TWO),
    "date-change:episode-1": (ONE.model_copy(update={"published_at": FIRST}), TWO),
    "guid-change:episode-1": (ONE.model_copy(update={"guid": "minted-again"}), TWO),
    "removal:episode-1": (TWO,),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_listeners_notice_is_refused_unless_named(name: str) -> None:
    catalogue = told(ONE, TWO)
    found = refusals(catalogue, shown(*CHANGES[name]))
    assert [problem.subject for problem in found] == ["episode-1"]
    assert f"--allow {name}" in found[0].mend
    assert refusals(catalogue, shown(*CHANGES[name]), {name}) == ()
    assert refusals(catalogue, shown(*CHANGES[name]), {name.partition(":")[0] + ":*"}) == ()
    assert refusals(catalogue, shown(*CHANGES[name]), {name.replace("episode-1", "episode-2")}) == found


def shown(*episodes: Published) -> list[tuple[Card, str]]:
    """As the feed would name them."""
    return [(one.card, one.enclosure.url) for one in episodes]


def test_nothing_is_refused_while_nothing_changes() -> None:
    moved_within_a_second = ONE.model_copy(update={"published_at": ONE.published_at + timedelta(microseconds=5)})
    assert refusals(told(ONE, TWO), shown(TWO, moved_within_a_second)) == ()
    assert refusals(told(), shown(TWO, ONE)) == ()


def test_a_retraction_is_the_owners_word() -> None:
    catalogue = told(ONE, TWO)
    entries = tuple(
        entry.model_copy(update={"retracted_at": FIRST}) if entry.guid == ONE.guid else entry
        for entry in catalogue.entries
    )
    assert refusals(catalogue.model_copy(update={"entries": entries}), shown(TWO)) == ()


def test_two_episodes_that_apps_would_take_for_one_are_refused_whatever_is_allowed() -> None:
    same_audio = TWO.model_copy(update={"enclosure": ONE.enclosure})
    found = refusals(told(ONE), shown(same_audio, ONE), {"enclosure-change:*", "guid-change:*"})
    assert [(problem.subject, problem.is_warning) for problem in found] == [("episode-2", False)]
    same_title = TWO.model_copy(update={"episode": ONE.episode, "published_at": ONE.published_at})
    found = refusals(told(), shown(same_title, ONE))
    assert [problem.is_warning for problem in found] == [True]


def test_a_misspelt_allowance_is_said() -> None:
    assert check_allowed(["guid-change:episode-1", "removal:*"]) == ()
    assert len(check_allowed(["guid-chang:episode-1", "removal", "date-change:"])) == 3
