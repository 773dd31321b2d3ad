"""Blogs and hubs that answer nonsense are told of in a sentence; nothing of theirs is thrown, kept, or sent on."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import cycle

import pytest

from pillarcast.adapters.ghost import Ghost
from pillarcast.adapters.http import Http
from pillarcast.adapters.micropub import Micropub
from pillarcast.adapters.understanding import UnderstoodBlog
from pillarcast.adapters.wordpress import WordPress
from pillarcast.errors import PillarcastError
from pillarcast.model.show import BlogTarget
from pillarcast.ports import Blog, Standing
from tests.blog_support.contract import a_post
from tests.hostile.planted import GHOST_KEY, WORDPRESS_PASSWORD
from tests.hostile.servers import Behave, Request, answer, serving

SHAPES: tuple[object, ...] = (
    None, 7, "words", [], {}, [[]], [{}], [None], {"posts": None}, {"posts": []}, {"posts": [{}]}, {"posts": [7]},
    {"items": [{}]}, {"items": 7}, [{"id": "../../x", "content": 7, "title": {}, "slug": None, "status": []}],
    {"routes": [], "namespaces": 7, "site": {"version": "x"}, "version": []}, {"id": {}, "link": "javascript:owned()"},
)  # fmt: skip
MAKERS: dict[str, Callable[[BlogTarget], Blog]] = {
    "wordpress": lambda target: WordPress(target, WORDPRESS_PASSWORD, timeout_s=2),
    "ghost": lambda target: Ghost(target, GHOST_KEY, timeout_s=2),
    "micropub": lambda target: Micropub(target, "token", timeout_s=2),
}


def by_turns(*shapes: object) -> Behave:
    bodies = cycle([json.dumps(shape).encode() for shape in shapes])

    def behave(request: Request) -> None:
        answer(200, next(bodies), Content_Type="application/json", Link="<>; rel")(request)

    return behave


@pytest.mark.parametrize("kind", MAKERS)
def test_nonsense_is_said_and_not_thrown(kind: str) -> None:
    standings = (None, Standing(ref="7", url="https://x.example/", digest="", is_live=True))
    for shapes in (*((shape,) for shape in SHAPES), SHAPES, ({"posts": []}, {}), ([], {}), ({}, [])):
        with serving(by_turns(*shapes)) as server:
            target = BlogTarget(name="main", kind=kind, url=server.url, user="ada")
            for standing in standings:
                blog = UnderstoodBlog(MAKERS[kind](target))
                calls: list[Callable[[], object]] = [
                    lambda blog=blog: blog.find(a_post()),
                    lambda blog=blog, standing=standing: blog.put(a_post(), standing),
                    blog.check,
                ]
                if standing:
                    calls.append(lambda blog=blog, standing=standing: blog.withdraw(standing))
                for call in calls:
                    try:
                        call()
                    except PillarcastError as error:
                        assert str(error).startswith("blog main: ")  # noqa: PT017 - there need not be one


def test_cookies_are_not_kept() -> None:
    cookies: list[str | None] = []

    def sweet(request: Request) -> None:
        cookies.append(request.headers.get("Cookie"))
        answer(200, Set_Cookie="session=tall-secret; Path=/")(request)

    with serving(sweet) as server:
        asking = Http("blog main")
        asking.get(server.url)
        asking.get(server.url)
    assert cookies == [None, None]


def test_words_of_a_server_steer_no_terminal() -> None:
    body = json.dumps({"message": "\x1b[2J\x07\u202eno\r\nFAKE LINE", "code": "x"}).encode()
    with serving(answer(401, body)) as server, pytest.raises(PillarcastError) as caught:
        Http("blog main").get(server.url)
    assert not [letter for letter in str(caught.value) if ord(letter) < 32 or letter == "\u202e"]
