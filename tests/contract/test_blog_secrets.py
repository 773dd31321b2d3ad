"""Secrets that are missing or cannot be one are told by `check`, before anything is sent, and never shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pillarcast.adapters.ghost import Ghost
from pillarcast.adapters.micropub import Micropub
from pillarcast.adapters.wordpress import WordPress
from pillarcast.model.show import BlogTarget
from pillarcast.ports import Blog

MAKERS: dict[str, Callable[[BlogTarget, str], Blog]] = {"wordpress": WordPress, "ghost": Ghost, "micropub": Micropub}


@pytest.mark.parametrize("kind", MAKERS)
def test_a_missing_secret_is_told_by_its_name(kind: str) -> None:
    target = BlogTarget(name="my-blog", kind=kind, url="https://blog.example.com")
    problems = MAKERS[kind](target, "").check()
    assert ["PILLARCAST_BLOG_MY_BLOG_SECRET is not set" in problem.what for problem in problems] == [True]


def test_a_key_of_ghost_that_is_none() -> None:
    problems = Ghost(BlogTarget(name="news", kind="ghost", url="https://blog.example.com"), "tall-secret-word").check()
    assert "no Admin API key" in problems[0].what
    assert "tall-secret-word" not in str(problems[0])


@pytest.mark.parametrize("kind", MAKERS)
def test_a_secret_is_not_sent_in_clear(kind: str) -> None:
    secret = f"{'0' * 24}:{'ab' * 32}"
    (problem,) = MAKERS[kind](BlogTarget(name="b", kind=kind, url="http://blog.invalid"), secret).check()
    assert "send the password in clear" in problem.what
    assert "https://" in problem.mend
    assert secret not in str(problem)
