"""A show that is killed, refused or left without an answer at any outside call ends where it would have ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.faults import Call, How
from tests.crash.matrix import MOST_RUNS, Case, Outcome, cases, play, smooth
from tests.crash.stories import STORIES, Story
from tests.crash.tally import BEGIN, END, note, row, write_row
from tests.crash.world import World

SHARDS = 8
IN_A_HURRY = 5
"""Cases a story in the fast suite, besides its blogs."""


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_sample_of_the_matrix_converges(story: Story, begun: World) -> None:
    wanted, calls = known_smooth(story, begun)
    runs = [play(case, begun, wanted) for case in sample(tuple(cases(story, calls)))]
    assert runs
    assert all(count <= MOST_RUNS for count in runs)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_whole_matrix_converges(
    story: Story, shard: int, begun: World, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> None:
    """In shards, so that all cores share it; the last one puts the story's line into docs/crash-matrix.md."""
    wanted, calls = known_smooth(story, begun)
    played = [(case, play(case, begun, wanted)) for case in tuple(cases(story, calls))[shard::SHARDS]]
    assert played
    assert all(count <= MOST_RUNS for _, count in played)
    base = tmp_path_factory.getbasetemp()
    place = base if worker_id == "master" else base.parent
    note(place, story.name, calls, shard, played)
    line = row(place, story.name, SHARDS)
    if line:
        write_row(line, [story.name for story in STORIES])


_smooth: dict[str, tuple[Outcome, tuple[Call, ...]]] = {}


def known_smooth(story: Story, begun: World) -> tuple[Outcome, tuple[Call, ...]]:
    """`begun` is the same for a whole session."""
    if story.name not in _smooth:
        _smooth[story.name] = smooth(story, begun)
    return _smooth[story.name]


def test_the_table_is_written_line_by_line(tmp_path: Path, begun: World) -> None:
    story = STORIES[-1]
    wanted, calls = known_smooth(story, begun)
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{BEGIN}\n| Story |\n| --- |\n| retract | old |\n{END}\nAfter\n", "utf-8")
    for shard, case in enumerate(tuple(cases(story, calls))[:2]):
        assert row(tmp_path, story.name, 2) == ""
        note(tmp_path, story.name, calls, shard, [(case, play(case, begun, wanted))])
    write_row(row(tmp_path, story.name, 2), [story.name for story in STORIES], page)
    lines = page.read_text("utf-8").splitlines()
    assert (lines[0], lines[1], lines[-2], lines[-1]) == ("Before", BEGIN, END, "After")
    assert lines[4].startswith(f"| retract | {len(calls)} |")
    assert len(lines) == 7


def sample(every: tuple[Case, ...]) -> Iterator[Case]:
    """Some of all, evenly, and each way in which a blog's answer or a catalogue's can be lost."""
    stride = max(1, len(every) // IN_A_HURRY)
    for number, case in enumerate(every):
        is_delicate = case.call.port == "blog" and case.call.is_write and case.how is How.LOST
        if number % stride == stride // 2 or is_delicate:
            yield case
