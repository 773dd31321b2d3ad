"""Where the limiter may have a part: exactly the cells that one of the hot ones can reach."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pillarcast.audio.shape.limiter import REACH, _spread

COUNTS = st.integers(0, 6 * REACH)


@settings(deadline=None)
@given(
    COUNTS.flatmap(
        lambda count: st.tuples(st.just(count), st.sets(st.integers(0, count - 1)) if count else st.just(set()))
    )
)
def test_what_is_within_reach_of_a_hot_cell_and_nothing_else(cells: tuple[int, set[int]]) -> None:
    count, hot = cells
    is_hot = np.isin(np.arange(count), sorted(hot))
    reached = [any(abs(at - cell) <= REACH for cell in hot) for at in range(count)]
    assert _spread(is_hot).tolist() == reached
