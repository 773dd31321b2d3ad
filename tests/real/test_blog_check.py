"""What stands between a show and its blog, on real engines: `check` says it in words, and how to mend it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any, cast

import pytest
import requests

from tests.blog_support.contract import a_post
from tests.blog_support.engines import Engines, alone
from tests.blog_support.ghost_bed import GhostBed
from tests.blog_support.lossy_proxy import lossy_proxy
from tests.blog_support.micropub_bed import MicropubBed
from tests.blog_support.wordpress_bed import WordPressBed
from tests.testbeds.place import ROOT, need_apt
from tests.testbeds.wordpress import as_in_production, with_clock

pytestmark = pytest.mark.real


@pytest.fixture
def blog(engines: Engines) -> WordPressBed:
    return engines.bed("WordPress 7.1")


@alone("WordPress 7.1")
def test_a_web_server_that_drops_the_password(blog: WordPressBed) -> None:
    with lossy_proxy(blog.site.url, dropped=frozenset({"authorization"})) as proxy:
        said = blog.blog(url=proxy.url).check()
    assert [problem.is_warning for problem in said] == [False]
    assert "drops the Authorization header: ask your host" in said[0].mend


@alone("WordPress 7.1")
def test_a_blog_without_https(blog: WordPressBed) -> None:
    with as_in_production(blog.site) as url:
        said = blog.blog(url=url).check()
    assert [problem.what for problem in said] == ["has application passwords switched off"]
    assert "https" in said[0].mend


@alone("WordPress 7.1")
def test_a_server_whose_clock_is_behind(blog: WordPressBed) -> None:
    with with_clock(blog.site, "-10m") as url:
        said = blog.blog(url=url, category=()).check()
    assert ["s behind" in problem.what for problem in said] == [True]
    assert said[0].mend == "Have the server's clock set right."


@alone("WordPress 7.1")
def test_roles_that_are_too_low(blog: WordPressBed) -> None:
    said = blog.blog(user="contributor", category=(), author="admin").check()
    assert [problem.what.removeprefix("the account contributor ") for problem in said] == [
        "may not publish posts",
        "may not upload pictures",
        "may not write in the name of admin",
    ]
    assert all("the role" in problem.mend for problem in said)


@alone("WordPress 7.1")
def test_a_second_password_takes_over_and_the_first_goes(blog: WordPressBed) -> None:
    """As the runbook says: the new one first, the old one last."""
    user, passwords = "editor", blog.site.passwords
    mine = f"{blog.site.url}/wp-json/wp/v2/users/me/application-passwords"

    def asked(method: str, path: str = "", **body: str) -> dict[str, str]:
        answer = requests.request(method, mine + path, auth=(user, passwords[user]), json=body, timeout=30)
        answer.raise_for_status()
        return dict(answer.json())

    def said() -> list[str]:
        problems = blog.blog(user=user, category=()).check()
        return [f"{problem.what}: {problem.mend}" for problem in problems if not problem.is_warning]

    assert said() == []
    old, first = passwords[user], asked("GET", "/introspect")["uuid"]
    passwords[user] = asked("POST", name="the second of two")["password"]
    assert said() == []
    asked("DELETE", f"/{first}")
    assert said() == []
    passwords[user], new = old, passwords[user]
    (refused,) = said()
    passwords[user] = new
    assert "Compare user name and application password with Users > Profile" in refused
    assert old not in refused


@alone("Ghost 6")
def test_a_second_key_takes_over_and_the_first_goes(engines: Engines) -> None:
    bed: GhostBed = engines.bed("Ghost 6")

    def made(name: str) -> tuple[str, GhostBed]:
        answer = bed.site.as_owner("POST", "integrations/?include=api_keys", {"integrations": [{"name": name}]})
        (integration,) = cast("list[Any]", answer["integrations"])
        (key,) = [key["secret"] for key in integration["api_keys"] if key["type"] == "admin"]
        return integration["id"], replace(bed, site=replace(bed.site, admin_key=key))

    (first, old), (_, new) = made("the first of two"), made("the second of two")
    assert [one.blog().check() for one in (old, new)] == [(), ()]
    bed.site.as_owner("DELETE", f"integrations/{first}/")
    assert new.blog().check() == ()
    (refused,) = old.blog().check()
    assert not refused.is_warning
    assert refused.what == "HTTP 401: Unknown Admin API Key"
    assert "Copy the Admin API key of a custom integration" in refused.mend
    assert old.secret.partition(":")[2] not in str(refused)


@alone("Micropub")
def test_a_second_token_takes_over_and_the_first_goes(engines: Engines) -> None:
    bed: MicropubBed = engines.bed("Micropub")
    tokens = (bed.site.another_token(client) for client in ("the-first", "the-second"))
    old, new = (replace(bed, site=replace(bed.site, token=token)) for token in tokens)
    post = a_post()
    standing = old.blog().put(post, None)
    assert [one.blog().check() for one in (old, new)] == [(), ()]
    bed.site.revoke(old.secret)
    assert new.blog().check() == ()
    assert new.blog().find(post, standing.ref) == standing
    (refused,) = old.blog().check()
    assert not refused.is_warning
    assert "token" in refused.mend
    assert old.secret not in str(refused)


@alone("Ghost 6")
def test_a_clock_of_ours_that_is_behind(engines: Engines) -> None:
    """Ghost takes a token of the future, and says nothing of it: then all is well."""
    need_apt("faketime")
    bed: GhostBed = engines.bed("Ghost 6")
    task = {"target": {"name": "news", "kind": "ghost", "url": bed.site.url}, "secret": bed.secret}
    command = ["faketime", "-f", "-10m", sys.executable, "-m", "tests.blog_support.one_check"]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert "The clock of this computer or of the server is wrong" in done.stdout, done.stderr
