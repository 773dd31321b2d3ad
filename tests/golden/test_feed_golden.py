"""Golden feeds, one feature a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from pillarcast.model.addresses import FEED
from pillarcast.render.feed_check import check_feed
from pillarcast.render.lint.podcasting20 import TAGS
from tests.golden.feed_cases import cases, objects_of, render_case

NOT_OURS = frozenset({"images", "liveItem", "metaBoost"})
"""Replaced by podcast:image; live streams; not formalised."""


def test_there_are_cases() -> None:
    assert len(cases()) >= 12


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_feed_is_the_golden_one(case: Path) -> None:
    assert render_case(case).decode() == (case / "feed.xml").read_text("utf-8")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_golden_feed_may_be_published(case: Path) -> None:
    assert [problem for problem in check_feed(objects_of(case)[FEED]) if not problem.is_warning] == []


def test_the_cases_say_all_that_the_namespace_knows() -> None:
    said: set[str] = set()
    for case in cases():
        root = etree.parse(case / "feed.xml")
        said |= {node.tag.partition("}")[2] for node in root.iter("{https://podcastindex.org/namespace/1.0}*")}
    assert set(TAGS) - NOT_OURS <= said
