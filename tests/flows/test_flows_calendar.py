"""A show's weeks, stepped: the reminder on Wednesday, the hour on Thursday, skipped days, missed weeks, extra hours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.desk import Body
from flows.reminder import _remind
from flows.weekly import _weekly, weekly
from pillarcast.model.addresses import FEED
from pillarcast.pipeline.intending import Touched, doubted
from tests.prefect_support.running import run
from tests.prefect_support.server import PrefectServer
from tests.prefect_support.stepping import at, take
from tests.show_support.place import Place, publish_all

WEDNESDAY = datetime(2026, 6, 3, 10, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 6, 4, 10, 0, tzinfo=UTC)


def dates(show: Place) -> list[tuple[str, str]]:
    with show.opened() as house:
        live = house.studio.store.load().catalogue.live
    return sorted((entry.source, f"{entry.published_at:%m-%d %H:%M}") for entry in live)


def test_a_week_with_an_episode_and_one_without(show: Place) -> None:
    show.drop("041-a")
    take(show, show.clock.moment)
    hour = "Thursday, 4 June 2026, 06:00 EDT"
    assert at(show, WEDNESDAY, _remind) == f"“A” airs {hour}."
    assert at(show, WEDNESDAY, _weekly) == "nothing queued"  # a run that comes too early publishes nothing
    assert dates(show) == []
    assert at(show, THURSDAY, _weekly) == "Live: “A”."
    assert dates(show) == [("041-a", "06-04 10:00")]
    assert at(show, THURSDAY.replace(minute=1), _weekly) == "“A” is on air already, and nothing else is due."
    assert at(show, WEDNESDAY.replace(day=10), _remind) == ("Nothing is ready for Thursday, 11 June 2026, 06:00 EDT.")
    assert at(show, THURSDAY.replace(day=11), _weekly) == "nothing queued"
    assert dates(show) == [("041-a", "06-04 10:00")]


def test_a_run_after_the_hour_is_called_by_what_it_found(show: Place, server: PrefectServer) -> None:
    show.drop("041-a")
    take(show, show.clock.moment)
    at(show, THURSDAY, _weekly)
    at(show, THURSDAY.replace(minute=1), _weekly)
    assert server.runs("stepped")[-1]["name"] == "weekly: “A” is on air, nothing to do"
    text = show.root / "show.toml"
    text.write_text(text.read_text("utf-8").replace("on purpose", "with care"), "utf-8")
    assert at(show, THURSDAY.replace(minute=3), _weekly).startswith("Up to date: ")
    assert server.runs("stepped")[-1]["name"] == "weekly: “A” is on air, the rest was done"


def test_a_run_that_makes_up_for_a_dead_one_asks_for_no_episode(show: Place, server: PrefectServer) -> None:
    show.drop("041-a")
    take(show, show.clock.moment)
    at(show, THURSDAY, _weekly)
    with show.opened() as house:
        house.studio.store.change(lambda catalogue: doubted(catalogue, Touched(objects={FEED})))
    assert at(show, THURSDAY.replace(day=8), _weekly).startswith("Up to date: ")
    assert "**Warning:**" not in str(server.artifacts(server.runs("stepped")[-1]["id"])["markdown"][0])
    assert at(show, THURSDAY.replace(day=11), _weekly) == "nothing queued"


def test_missed_weeks_are_caught_up_once_each_with_its_own_date(show: Place) -> None:
    for seed, name in enumerate(("041-a", "042-b", "043-c"), start=1):
        show.drop(name, seed=seed)
    take(show, show.clock.moment)
    later = datetime(2026, 6, 17, 3, 0, tzinfo=UTC)  # two Thursdays were slept through
    assert at(show, later, _weekly) == "Live: “A”, “B”."
    assert dates(show) == [("041-a", "06-04 10:00"), ("042-b", "06-11 10:00")]
    with show.opened() as house:
        before = house.studio.store.load().etag
    at(show, later, _weekly)
    with show.opened() as house:
        assert house.studio.store.load().etag == before
    assert at(show, THURSDAY.replace(day=18), _weekly) == "Live: “C”."


def test_a_skipped_thursday_moves_the_episode_and_not_the_one_before(show: Place) -> None:
    show.more = "skip = [2026-06-11]\n"  # the table before it is [schedule]
    show.write_show()
    show.drop("041-a", seed=1)
    show.drop("042-b", seed=2)
    take(show, show.clock.moment)
    at(show, THURSDAY, _weekly)
    at(show, THURSDAY.replace(day=11), _weekly)
    assert dates(show) == [("041-a", "06-04 10:00")]
    at(show, THURSDAY.replace(day=18), _weekly)
    assert dates(show)[-1] == ("042-b", "06-18 10:00")


def test_a_thursday_skipped_after_its_episode_was_queued_moves_it_and_those_after_it(show: Place) -> None:
    show.drop("041-a", seed=1)
    show.drop("042-b", seed=2)
    take(show, show.clock.moment)
    show.more = "skip = [2026-06-04]\n"  # the table before it is [schedule]
    show.write_show()
    at(show, THURSDAY, _weekly)
    assert dates(show) == []
    at(show, THURSDAY.replace(day=11), _weekly)
    at(show, THURSDAY.replace(day=18), _weekly)
    assert dates(show) == [("041-a", "06-11 10:00"), ("042-b", "06-18 10:00")]


def test_an_extra_episode_airs_at_its_hour_and_takes_nobodys_slot(show: Place) -> None:
    show.drop("041-a", seed=1)
    extra = "---\ntitle: Extra\npublish_at: 2026-06-02T09:00\n---\n\nSomething happened.\n"
    show.drop("extra", extra, seed=2)
    take(show, show.clock.moment)
    assert at(show, datetime(2026, 6, 2, 12, 50, tzinfo=UTC), _weekly) == "nothing queued"
    assert at(show, datetime(2026, 6, 2, 13, 0, tzinfo=UTC), _weekly) == "Live: “Extra”."
    assert at(show, THURSDAY, _weekly) == "Live: “A”."


def test_today_skipped_is_said_and_is_no_warning(show: Place, server: PrefectServer) -> None:
    today = datetime.now(UTC).astimezone().date()
    show.more = f"skip = [{today}]\n"
    text = show.root / "show.toml"
    show.write_show()
    text.write_text(text.read_text("utf-8").replace("America/New_York", "UTC"), "utf-8")
    state = run(weekly)
    assert (state.message or "").startswith(f"No episode on {today}: show.toml skips it.")
    record = server.runs("weekly")[-1]
    assert record["name"] == f"weekly {today}: nothing queued"
    assert "**Warning:**" not in server.artifacts(record["id"])["markdown"][0]


def warnings_of_the_reminder(show: Place, server: PrefectServer, moment: datetime) -> int:
    at(show, moment, _remind)
    return str(server.artifacts(server.runs("stepped")[-1]["id"])["markdown"][0]).count("**Warning:**")


def test_the_reminder_is_about_the_shows_own_hour(show: Place, server: PrefectServer) -> None:
    """An extra episode that airs in between fills no slot; the day before a skipped one there is time enough."""
    extra = "---\ntitle: Extra\npublish_at: 2026-06-03T12:00\n---\n\nSomething happened.\n"
    show.drop("extra", extra)
    take(show, show.clock.moment)
    assert warnings_of_the_reminder(show, server, WEDNESDAY) == 1
    show.more = "skip = [2026-06-04]\n"
    show.write_show()
    assert warnings_of_the_reminder(show, server, WEDNESDAY) == 0
    assert warnings_of_the_reminder(show, server, WEDNESDAY.replace(day=10)) == 1


@pytest.mark.parametrize("body", [_weekly, _remind])
def test_nothing_queued_is_a_warning_with_its_mend(show: Place, server: PrefectServer, body: Body) -> None:
    at(show, WEDNESDAY, body)
    page = server.artifacts(server.runs("stepped")[-1]["id"])["markdown"][0]
    assert "**Warning:** Career Talk: nothing" in page
    assert "Drop a recording into episodes/." in page


def test_an_empty_slot_with_episodes_behind_it_is_warned_of_with_the_way_to_fill_it(
    show: Place, server: PrefectServer
) -> None:
    """“A” aired before its hour, so the week has no episode; the others keep the slots at which one saw them."""
    for seed, name in enumerate(("041-a", "042-b", "043-c"), start=1):
        show.drop(name, seed=seed)
    take(show, show.clock.moment)
    with show.opened() as house:
        publish_all(house.studio, "41")

    def told(moment: datetime, body: Body) -> str:
        at(show, moment, body)
        return str(server.artifacts(server.runs("stepped")[-1]["id"])["markdown"][0])

    page = told(WEDNESDAY, _remind)
    assert "“B” waits for 11 June: `pillarcast queue 042-b 1` airs it then." in page
    assert "the deployment `queue`" in page
    assert "Drop a recording" not in page
    page = told(THURSDAY, _weekly)
    assert "“B” waits for 11 June: `pillarcast publish 042-b` airs it now." in page
    assert "the deployment `publish`" in page
    assert "Drop a recording" not in page
