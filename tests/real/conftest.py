"""What suites against real engines share: engines that are started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.blog_support.engines import Engines, all_engines


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Blogs, each started when it is first asked for."""
    yield from all_engines(tmp_path_factory)
