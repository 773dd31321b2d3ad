"""What lies on a shelf is passed over, and the plan is the one that a comparison of everything makes."""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pillarcast.model.addresses import FEED
from pillarcast.model.catalogue import ArticleEntry, Catalogue
from pillarcast.model.ledger import with_lines
from pillarcast.model.plan import Action, CopyPublic, Plan, RemoveObject, WriteObject, difference, inputs_of
from pillarcast.model.shelf import SHELF, Written
from pillarcast.model.view import view_of
from pillarcast.pipeline import lines, packing
from pillarcast.pipeline.files import keep_bytes
from pillarcast.pipeline.intending import Touched, doubted, with_intents
from pillarcast.pipeline.lines import Lines
from pillarcast.pipeline.packing import packed, unpacked
from pillarcast.pipeline.planning import Request, artwork_ref, logo_ref, plan, wanted_posts
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.wanting import wanted_objects
from pillarcast.render.pages.listing import PER_PAGE
from tests.scale_support.settled import lay_live, live_entry, picture
from tests.show_support.place import MONDAY, Place, artwork

COUNT = 2 * SHELF + 3
ALLOWED = Request(allow=("enclosure-change:*", "date-change:*", "removal:*"))
Change = Callable[[random.Random, Place, Studio, Catalogue], Catalogue]


def air(dice: random.Random, place: Place, studio: Studio, catalogue: Catalogue) -> Catalogue:
    number = len(catalogue.entries)
    return catalogue.with_entry(live_entry(studio, number, MONDAY + timedelta(weeks=number)))


def air_in_the_past(dice: random.Random, place: Place, studio: Studio, catalogue: Catalogue) -> Catalogue:
    """As an import does; at the same moment as another, too."""
    number = len(catalogue.entries)
    at = dice.choice(catalogue.live).published_at
    assert at is not None
    return catalogue.with_entry(live_entry(studio, number, at + dice.choice([timedelta(), timedelta(days=1)])))


def edit(dice: random.Random, place: Place, studio: Studio, catalogue: Catalogue) -> Catalogue:
    return edited(catalogue, dice.randrange(len(catalogue.live)), f"Edited {dice.random()}", dice.randrange(6))


def edited(catalogue: Catalogue, index: int, title: str = "Edited", tag: int = 0) -> Catalogue:
    entry = catalogue.live[index]
    words = entry.episode.model_copy(update={"title": title, "tags": (f"tag {tag}",), "chapters": ()})
    return catalogue.with_entry(entry.model_copy(update={"episode": words}))


def dress(dice: random.Random, place: Place, studio: Studio, catalogue: Catalogue) -> Catalogue:
    entry = dice.choice(catalogue.live)
    worn = dice.choice([None, picture(studio, 0), picture(studio, 1)])
    return catalogue.with_entry(entry.model_copy(update={"artwork": worn}))


def retract(dice: random.Random, place: Place, studio: Studio, catalogue: Catalogue) -> Catalogue:
    entry = dice.choice(catalogue.live)
    return catalogue.with_entry(entry.model_copy(update={"retracted_at": MONDAY}))


def doubt(dice: random.Random, place: Place, studio: Studio, catalogue: Catalogue) -> Catalogue:
    """A run died, or a doctor looked."""
    keys = dice.sample(sorted(catalogue.receipts.every()), 2)
    return doubted(catalogue, Touched(objects={*keys}))


def write(dice: random.Random, place: Place, studio: Studio, catalogue: Catalogue) -> Catalogue:
    number = len(catalogue.articles)
    body = live_entry(studio, 1, MONDAY).notes
    assert body is not None
    at = MONDAY + timedelta(days=number)
    article = ArticleEntry(
        guid=f"a{number}", slug=f"a-{number}", source="a.md", title=f"A {number}", body=body, slot=at, published_at=at
    )
    return catalogue.model_copy(update={"articles": (*catalogue.articles, article)})


def set_up_anew(dice: random.Random, place: Place, studio: Studio, catalogue: Catalogue) -> Catalogue:
    place.more = dice.choice(
        [
            "",
            '[site]\naccent = "#112233"\n',
            "[feed]\nmax_episodes = 70\narchives = true\n",
            "[feed]\nmax_episodes = 5\n",
            '[master]\nformats = ["mp3", "opus"]\n[[feed.second]]\nformat = "opus"\n',
        ]
    )
    place.write_show()
    return catalogue


def forget(dice: random.Random, place: Place, studio: Studio, catalogue: Catalogue) -> Catalogue:
    """Made again from the bucket: nothing is known but what is live."""
    return catalogue.model_copy(update={"written": {}, "settled": {}, "built": {}})


CHANGES: tuple[Change, ...] = (air, air, air_in_the_past, edit, dress, retract, doubt, write, set_up_anew, forget)


def told(plan: Plan) -> list[tuple[str, str, str, bool]]:
    return sorted(map(_told, plan.actions))


def _told(action: Action) -> tuple[str, str, str, bool]:
    match action:
        case WriteObject(wanted=thing, is_new=is_new):
            return "write", thing.key, inputs_of(thing), is_new
        case CopyPublic(wanted=copy):
            return "copy", copy.key, inputs_of(copy), False
        case RemoveObject(key=key):
            return "remove", key, "", False
    raise AssertionError(action)


def compared_whole(studio: Studio, catalogue: Catalogue) -> Plan:
    """The plan as it would be if there were no shelves, and every entry were parsed."""
    opened = catalogue.opened([*catalogue.settled])
    bare = opened.model_copy(update={"entries": tuple(opened.entries)})
    refs = artwork_ref(studio), bare, studio.addresses, logo_ref(studio)
    seen = view_of(studio.show, *refs, now=studio.clock.now())
    view = seen.model_copy(update={"episodes": tuple(seen.episodes)})
    return difference(bare, wanted_objects(studio, view, bare), wanted_posts(studio, view, bare))


def carried_out(catalogue: Catalogue, planned: Plan) -> Catalogue:
    """As publishing leaves it, but for the work."""
    catalogue = with_intents(catalogue, planned)
    written = dict(catalogue.written)
    for action in planned.actions:
        if isinstance(action, RemoveObject):
            written.pop(action.key, None)
        elif isinstance(action, WriteObject | CopyPublic):
            sha256 = hashlib.sha256(action.wanted.key.encode()).hexdigest()
            written[action.wanted.key] = Written(inputs=inputs_of(action.wanted), sha256=sha256, length_bytes=1)
    return catalogue.model_copy(update={"written": written})


def check_step(place: Place, catalogue: Catalogue) -> Catalogue:
    with place.opened() as house:
        studio = house.studio
        planned, on_air = plan(studio, catalogue, ALLOWED)
        assert told(planned) == told(compared_whole(studio, catalogue))
        assert on_air.receipts.every() == catalogue.receipts.every(), "no receipt is lost or made up"
        done = carried_out(on_air, planned)
        assert not plan(studio, done, ALLOWED)[0], "what was done is done"
        return unpacked(packed(plan(studio, done, ALLOWED)[1], Lines()))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=False)
@given(seed=st.integers(0, 2**32), changes=st.lists(st.sampled_from(CHANGES), min_size=3, max_size=6))
def test_any_history_is_planned_as_if_everything_were_compared(seed, changes):
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        with place.opened() as house:
            lay_live(house.studio, COUNT)
            catalogue = house.studio.store.load().catalogue
        catalogue = check_step(place, catalogue)
        assert len(catalogue.settled) == 2, "there are shelves to begin with"
        for change in changes:
            with place.opened() as house:
                catalogue = change(dice, place, house.studio, catalogue)
            catalogue = check_step(place, catalogue)


@pytest.fixture(autouse=True)
def small_sheets(monkeypatch):
    """So that cards tell of nearly all entries."""
    monkeypatch.setattr(lines, "TOGETHER", 4)
    monkeypatch.setattr(packing, "TOGETHER", 4)


@pytest.fixture
def laid(tmp_path) -> tuple[Place, Catalogue]:
    place = Place(tmp_path)
    with place.opened() as house:
        lay_live(house.studio, COUNT)
        catalogue = house.studio.store.load().catalogue
    return place, check_step(place, catalogue)


def test_a_new_episode_leaves_shelves_as_they_are(laid):
    place, before = laid
    with place.opened() as house:
        after = air(random.Random(1), place, house.studio, before)
        planned, on_air = plan(house.studio, after, Request())
    assert on_air.settled == before.settled
    keys = {action.wanted.key for action in planned.actions if isinstance(action, WriteObject)}
    assert FEED in keys
    assert len(keys) < 30


def test_what_lies_on_a_shelf_is_not_parsed(laid):
    """But for its edge, which the episode beside it names."""
    place, catalogue = laid
    with place.opened() as house:
        told_of = with_lines(catalogue, catalogue.live.cards, house.studio.addresses)
        catalogue = unpacked(packed(told_of, Lines()))
        assert not plan(house.studio, catalogue, Request())[0]
        after = air(random.Random(1), place, house.studio, catalogue)
        assert plan(house.studio, after, Request())[0]
    assert sum(one.is_parsed for one in catalogue.kept.kept) <= COUNT - 2 * SHELF + PER_PAGE


def test_as_many_new_episodes_as_a_shelf_holds_are_put_on_one(laid):
    """Though pictures of theirs lie on the others already; and with a shelf that opens none of these pictures goes."""
    place, catalogue = laid
    for _ in range(SHELF):
        with place.opened() as house:
            catalogue = air(random.Random(1), place, house.studio, catalogue)
    catalogue = check_step(place, catalogue)
    assert len(catalogue.settled) == 3
    catalogue = catalogue.with_entry(catalogue.live[COUNT].model_copy(update={"artwork": None}))
    catalogue = check_step(place, catalogue)
    assert len(catalogue.settled) == 3


def test_a_picture_of_several_shelves_that_is_doubted_opens_them_all(laid):
    place, catalogue = laid
    first, second = (set(shelf.keys) for shelf in catalogue.settled.values())
    shared = {key for key in first & second if key.startswith("public/pictures/")}
    assert shared
    doubtful = doubted(catalogue, Touched(objects={min(shared)}))
    assert not doubtful.settled
    check_step(place, doubtful)


@pytest.mark.parametrize("edge", [0, SHELF, 2 * SHELF])
@pytest.mark.parametrize("side", [-1, 0])
def test_what_is_edited_at_the_edge_of_a_shelf_shows_on_both_sides(laid, edge, side):
    place, catalogue = laid
    index = COUNT - 2 * SHELF + edge + side
    if index < COUNT:
        after = check_step(place, edited(catalogue, index))
        assert after.settled.keys() != catalogue.settled.keys()


def test_a_picture_that_one_shelf_needs_stays_when_another_lets_it_go(laid):
    place, catalogue = laid
    with place.opened() as house:
        worn = keep_bytes(house.studio, artwork(colour="#778899"), "image/jpeg", "artwork.jpg")
    for index in (10, 10 + SHELF):
        catalogue = catalogue.with_entry(catalogue.live[index].model_copy(update={"artwork": worn}))
    catalogue = check_step(place, catalogue)
    assert len(catalogue.settled) == 2
    check_step(place, catalogue.with_entry(catalogue.live[10].model_copy(update={"artwork": None})))


def test_a_setting_that_pages_show_opens_every_shelf(laid):
    place, catalogue = laid
    place.more = '[site]\naccent = "#112233"\n'
    place.write_show()
    assert not check_step(place, catalogue).settled.keys() & catalogue.settled.keys()
