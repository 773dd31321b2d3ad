"""A show that is killed, refused or left without an answer at any outside call ends where it would have ended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crash.faults import How
from tests.crash.matrix import Case, cases, play, smooth
from tests.crash.stories import STORIES, Story
from tests.crash.world import World

IN_A_HURRY = 5
"""Cases a story in the fast suite, besides its blogs."""


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_sample_of_the_matrix_converges(story: Story, begun: World) -> None:
    wanted, calls = smooth(story, begun)
    for case in sample(tuple(cases(story, calls))):
        play(case, begun, wanted)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_whole_matrix_converges(story: Story, begun: World) -> None:
    wanted, calls = smooth(story, begun)
    assert {call.port for call in calls} >= {"bucket"}
    for case in cases(story, calls):
        play(case, begun, wanted)


def sample(every: tuple[Case, ...]) -> Iterator[Case]:
    """Some of all, evenly, and each way in which a blog's answer or a catalogue's can be lost."""
    stride = max(1, len(every) // IN_A_HURRY)
    for number, case in enumerate(every):
        is_delicate = case.call.port == "blog" and case.call.is_write and case.how is How.LOST
        if number % stride == stride // 2 or is_delicate:
            yield case
