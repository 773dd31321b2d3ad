"""The state from which every case begins; made once, never run in, only copied."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.stories import beginning
from tests.crash.world import World, room


@pytest.fixture(scope="session")
def begun() -> Iterator[World]:
    with tempfile.TemporaryDirectory(dir=room(), prefix="pillarcast-begun-") as root:
        yield beginning(Path(root))


@pytest.fixture
def world(begun: World) -> Iterator[World]:
    """A copy of its own for one test."""
    with tempfile.TemporaryDirectory(dir=room(), prefix="pillarcast-world-") as root:
        yield begun.copied(Path(root))
