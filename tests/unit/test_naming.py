"""By what names commands find a piece, and what they say where none or several go by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pillarcast.errors import UnknownEpisode
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry
from pillarcast.model.episode import Episode, EpisodeKind
from pillarcast.model.naming import find_episode, find_piece
from pillarcast.pipeline.checking import doubled_numbers

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BODY = FileRef(key="private/files/a.md", sha256="a" * 64, length_bytes=1, media_type="text/markdown")


def entry(source: str, title: str, number: int | None = None, **changes: object) -> Entry:
    made = Entry(
        guid=f"guid-{source}", slug=source.lower().replace(" ", "-"), source=source, recording=None, slot=NOW,
        episode=Episode(title=title, number=number), dropped_at=NOW,
    )  # fmt: skip
    return made.model_copy(update=changes)


def catalogue(*entries: Entry) -> Catalogue:
    article = ArticleEntry(guid="guid-a", slug="on-salary", source="salary", title="On salary", body=BODY, slot=NOW)
    return Catalogue(show_guid="show", entries=entries, articles=(article,))


SHOW = catalogue(
    entry("041-social-media", "Social media for your career", 41, published_at=NOW),
    entry("042-profile", "Your profile", 42),
    entry("046 first", "The first", 46),
    entry("046 second", "The second", 46),
)


@pytest.mark.parametrize(
    "name",
    [
        "42",
        "#42",
        "042",
        "042-profile",
        "042-Profile.wav",
        "episodes/042-profile.wav",
        "YOUR profile",
        "guid-042-profile",
    ],
)
def test_every_name_of_an_episode_leads_to_it(name: str) -> None:
    assert find_episode(SHOW, name).source == "042-profile"


@pytest.mark.parametrize(("name", "told"), [
    ("46", "46: names two episodes: 046 first, 046 second. Say the file name."),
    ("profle", "profle: no episode goes by that name. Did you mean 042-profile?"),
    ("first", "first: no episode goes by that name. Did you mean '046 first'?"),
    ("social", "social: no episode goes by that name. Did you mean 041-social-media?"),
    ("042-profile.v2", "042-profile.v2: no episode goes by that name. Did you mean 042-profile?"),
    ("none", "queue: 042-profile, 046 first, 046 second. Live: 041-social-media. `pillarcast status` lists them."),
    ("salary", "salary: is an article, and this is about episodes. Articles air by themselves"),
])  # fmt: skip
def test_what_no_single_episode_goes_by_says_what_there_is(name: str, told: str) -> None:
    with pytest.raises(UnknownEpisode) as error:
        find_episode(SHOW, name)
    assert told in str(error.value)


@pytest.mark.parametrize("name", ["salary", "salary.md", "articles/salary.md", "on-salary", "ON SALARY"])
def test_an_article_is_a_piece(name: str) -> None:
    assert find_piece(SHOW, name).guid == "guid-a"


def test_the_nearest_article_is_named_where_articles_are_meant() -> None:
    with pytest.raises(UnknownEpisode, match=r"no episode and no article goes by that name\. Did you mean salary\?"):
        find_piece(SHOW, "slary")
    with pytest.raises(UnknownEpisode, match="There is none yet"):
        find_episode(Catalogue(show_guid="show"), "41")


def test_what_was_retracted_does_not_stand_in_the_way() -> None:
    gone = entry("046 first", "The first", 46, guid="gone", retracted_at=NOW)
    later = entry("046 first", "The first", 46, guid="later", retracted_at=NOW + timedelta(days=1))
    assert find_episode(catalogue(gone, later), "46").guid == "later"
    assert find_episode(catalogue(gone, later, entry("046 second", "The second", 46)), "46").source == "046 second"


def test_files_that_are_alike_are_told_apart_by_their_addresses() -> None:
    twins = catalogue(entry("Talk", "A", 1), entry("talk", "B", 1, slug="talk-2", guid="2"))
    with pytest.raises(UnknownEpisode, match="names two episodes: talk, talk-2"):
        find_episode(twins, "1")


def test_a_number_that_two_standing_episodes_of_a_season_have_is_told() -> None:
    (problem,) = doubled_numbers(SHOW, {})
    assert problem.is_warning
    assert str(problem).startswith("episode 46: is the number of two episodes: 046 first, 046 second. Write another")
    others = [
        entry("a", "A", 46, retracted_at=NOW),
        entry("b", "B", 46, episode=Episode(title="B", number=46, season=2)),
        entry("c", "C", 46, episode=Episode(title="C", number=46, kind=EpisodeKind.BONUS)),
    ]
    assert list(doubled_numbers(catalogue(entry("d", "D", 46), *others), {})) == []


def test_drops_that_nobody_took_yet_count_and_renamed_ones_do_not() -> None:
    dropped = {
        "042-new": Episode(title="New", number=42),
        "042-profile-final": Episode(title="Your profile", number=42),
    }
    told = [str(problem) for problem in doubled_numbers(SHOW, dropped)]
    assert any("episode 42: is the number of two episodes: 042-profile, 042-new." in line for line in told)
    mended = {"046 second": Episode(title="The second", number=47)}
    assert list(doubled_numbers(SHOW, mended)) == []
