"""Real commands against the real S3 server, a real git site and a hub, killed with `kill -9`, repeated until done.

`make test-real` plays a sample in which every kind of request is cut; `-m "real and long"` every request of each kind.
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from pillarcast.adapters.seaweed import SeaweedServer
from tests.crash.program import KILLED
from tests.crash.real_show import RealShow, real_show
from tests.crash.stories import FIRST, NOTES, SECOND
from tests.crash.wire import PUSH, Cut, whens

pytestmark = [
    pytest.mark.real,
    pytest.mark.s3,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not here"),
]

SEED = 20260611
"""Chooses which of many requests of one kind is cut."""
MOST_RUNS = 4


@dataclass(frozen=True)
class Story:
    """`set_up` is what the owner does first, `commands` what she types, and types again after the power went."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    set_up: Callable[[RealShow], object] = lambda _show: None


def notes(show: RealShow, name: str, title: str, more: str = "") -> None:
    text = NOTES.format(title=title, word="two").replace("tags:", f"{more}tags:")
    (show.place.episodes / f"{name}.md").write_text(text, "utf-8")


def due_notes(show: RealShow) -> None:
    """Written before the hour that they name, which has passed by now."""
    notes(show, SECOND, "The second call", "publish_at: 2026-01-08 06:00\n")
    written_at = datetime(2026, 1, 5, 12, tzinfo=UTC).timestamp()
    os.utime(show.place.episodes / f"{SECOND}.md", (written_at, written_at))


STORIES = (
    Story("ingest", (("ingest",), ("publish",))),
    Story("publish", (("publish", SECOND),)),
    Story("weekly", (("ingest", SECOND), ("publish",)), due_notes),
    Story("edit", (("ingest", FIRST), ("publish",)), lambda show: notes(show, FIRST, "The very first call")),
    Story("retract", (("retract", FIRST, "--yes"),)),
)  # fmt: skip


@pytest.fixture(scope="module")
def show(s3_server: SeaweedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShow]:
    folder = tmp_path_factory.mktemp("killed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PILLARCAST_ACCESS_KEY", s3_server.place.access_key)
        patch.setenv("PILLARCAST_SECRET_KEY", s3_server.place.secret_key)
        with real_show(folder, s3_server.place, "killed") as built:
            yield built


@pytest.fixture(scope="module")
def smooth(show: RealShow) -> dict[str, Counter[str]]:
    """How many requests of each kind each story makes when nothing goes wrong."""
    return {story.name: played_smoothly(show, story) for story in STORIES}


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch, s3_server: SeaweedServer) -> None:
    monkeypatch.setenv("PILLARCAST_ACCESS_KEY", s3_server.place.access_key)
    monkeypatch.setenv("PILLARCAST_SECRET_KEY", s3_server.place.secret_key)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_killed_command_is_repeated_until_done(story: Story, show: RealShow, smooth: dict[str, Counter[str]]) -> None:
    runs = [play(show, story, cut) for cut in sample(smooth)[story.name]]
    assert all(1 < count <= MOST_RUNS for count in runs)


def test_the_sample_cuts_every_kind_of_request(smooth: dict[str, Counter[str]]) -> None:
    chosen = {(cut.kind, cut.when) for cuts in sample(smooth).values() for cut in cuts}
    assert chosen == {(kind, when) for kinds in smooth.values() for kind in kinds for when in whens(kind)}
    assert {"catalogue PUT", "feed PUT", "audio or picture copy PUT", "page PUT", "hub POST", PUSH} <= {
        kind for kind, _ in chosen
    }


@pytest.mark.long
@pytest.mark.timeout(14400)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_whatever_request_it_was_killed_at(story: Story, show: RealShow, smooth: dict[str, Counter[str]]) -> None:
    runs = [play(show, story, cut) for cut in every_cut(smooth[story.name])]
    assert all(1 < count <= MOST_RUNS for count in runs)


def every_cut(kinds: Counter[str]) -> list[Cut]:
    return [
        Cut(kind, number, when)
        for kind, count in sorted(kinds.items())
        for number in range(1, count + 1)
        for when in whens(kind)
    ]


def sample(smooth: dict[str, Counter[str]]) -> dict[str, list[Cut]]:
    """Each kind and way once, in one of the stories that have it."""
    chance = random.Random(SEED)
    chosen: dict[str, list[Cut]] = {story.name: [] for story in STORIES}
    for kind in sorted(set().union(*smooth.values())):
        for when in whens(kind):
            story = chance.choice([name for name, kinds in smooth.items() if kind in kinds])
            chosen[story].append(Cut(kind, chance.randint(1, smooth[story][kind]), when))
    return chosen


def played_smoothly(show: RealShow, story: Story) -> Counter[str]:
    show.restore()
    story.set_up(show)
    show.cut(None)
    codes = show.run(*story.commands)
    assert codes == [0] * len(story.commands), show.program.log.read_text("utf-8")[-3000:]
    kinds = Counter(show.wire.seen) + Counter({PUSH: show.pushes})
    show.check()
    return kinds


def play(show: RealShow, story: Story, cut: Cut) -> int:
    """The command is killed there, then typed again until it ends well; a follower looks all the while.

    Says how many times it was typed.
    """
    show.restore()
    story.set_up(show)
    follower = show.follower(is_nosy=story.name not in ("publish", "weekly"))
    show.cut(cut)
    with follower.following():
        codes = [show.run(*story.commands)[-1]]
        while codes[-1] and len(codes) < MOST_RUNS:
            codes.append(show.run(*story.commands)[-1])
    said = f"{story.name}, {cut}: {codes}\n{show.program.log.read_text('utf-8')[-3000:]}"
    assert codes[0] == KILLED, said
    assert codes[-1] == 0, said
    show.check()
    before = show.etags()
    assert show.run(*story.commands)[-1] == 0, said
    assert show.etags() == before, f"once more changed something: {said}"
    return len(codes)
