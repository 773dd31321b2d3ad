"""A show on the real S3 server with a real git site, run by real commands; its whole world can be put back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from pillarcast.adapters.s3 import S3Bucket
from pillarcast.adapters.s3_place import S3Place
from pillarcast.model.addresses import media_key
from pillarcast.model.catalogue import Catalogue
from pillarcast.pipeline.planning import Request, plan
from tests.blog_support.git_bed import GitBed, git
from tests.bucket_support.front import front
from tests.crash.follower import Follower
from tests.crash.oracle import check_objects
from tests.crash.program import Program, program
from tests.crash.stories import FIRST, NOTES, SECOND, THIRD
from tests.crash.wire import PUSH, Cut, When, Wire
from tests.show_support.place import HandClock, Place, s3_table

_MORE = """
[[blog]]
name = "site"
kind = "git"
url = "{repository}"
generator = "hugo"
[feed]
hubs = ["{hub}"]
"""
_HOOK = """#!/bin/sh
echo push >> "{pushes}"
test "$(cat "{cut}" 2>/dev/null)" = "$(wc -l < "{pushes}" | tr -d ' ')" || exit 0
rm "{cut}"
kill -9 "$(cat "{pid}")"
exit 1
"""
_HEADERS = ("ContentType", "CacheControl", "ContentDisposition", "ContentEncoding", "Metadata")
_AT_ONCE = 8


@dataclass
class RealShow:
    """`folder` holds the project and the blog's repository; `bucket` goes to the server past the wire."""

    folder: Path
    place: Place
    bucket: S3Bucket
    blog: GitBed
    wire: Wire
    program: Program
    public_url: str
    _objects: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run(self, *commands: tuple[str, ...]) -> list[int]:
        """Exit codes, up to the first that is not 0."""
        codes: list[int] = []
        for words in commands:
            codes.append(self.program.run(*words))
            if codes[-1]:
                break
        return codes

    def cut(self, cut: Cut | None) -> None:
        """Where the power goes, in what is run next; counts anew."""
        for name in ("pushes-before", "pushes-after", "cut-before", "cut-after"):
            (self.folder / name).unlink(missing_ok=True)
        if cut and cut.kind == PUSH:
            (self.folder / f"cut-{cut.when}").write_text(str(cut.number), "ascii")
            cut = None
        self.wire.begin(cut)

    @property
    def pushes(self) -> int:
        noted = self.folder / "pushes-after"
        return len(noted.read_text("ascii").splitlines()) if noted.exists() else 0

    def keep(self) -> None:
        """From now on `restore` comes back to this."""
        keys = [stored.key for stored in self.bucket.keys("")]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            self._objects = dict(zip(keys, pool.map(self._read, keys), strict=True))
        shutil.rmtree(self.folder / "kept", ignore_errors=True)
        for name in ("show", "site.git"):
            shutil.copytree(self.folder / name, self.folder / "kept" / name, symlinks=True)

    def restore(self) -> None:
        """Objects that were changed go back as they were, to the last header; project and repository likewise."""
        standing = self.etags()
        gone = [key for key in standing if key not in self._objects]
        other = [key for key, kept in self._objects.items() if standing.get(key) != kept["etag"]]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(self.bucket.remove, gone))
            list(pool.map(self._write, other))
        for name in ("show", "site.git"):
            shutil.rmtree(self.folder / name)
            shutil.copytree(self.folder / "kept" / name, self.folder / name, symlinks=True)

    def etags(self) -> dict[str, str]:
        return {stored.key: stored.etag for stored in self.bucket.keys("")}

    def follower(self, *, is_nosy: bool) -> Follower:
        """A nosy one also tries the audio of every episode that waits for its hour."""
        if not is_nosy:
            return Follower(self.public_url)
        with self.place.opened() as house:
            queue = house.studio.store.load().catalogue.queue
        masters = [(entry.master.file, entry.slug) for entry in queue if entry.master]
        keys = [media_key(file.sha256, slug, file.media_type) for file, slug in masters]
        return Follower(self.public_url, tuple(f"{self.public_url}/{key.removeprefix('public/')}" for key in keys))

    def check(self) -> None:
        """What the oracle asks of everything that stands there, and an empty plan."""
        self.place.clock.moment = datetime.now(UTC)
        with self.place.opened() as house:
            catalogue = check_objects(house.studio, self.bucket)
            left, _ = plan(house.studio, catalogue, Request())
        assert not left, f"the plan is not empty: {left.actions[:3]}"
        self._check_files(catalogue)
        self._check_posts(catalogue)

    def _check_files(self, catalogue: Catalogue) -> None:
        for entry in catalogue.entries:
            assert entry.recording
            assert entry.master
            for file in (entry.recording, entry.master.file):
                found = self.bucket.fetch(file.key)  # it compares the hash
                assert found is not None, f"{file.name} is lost"

    def _check_posts(self, catalogue: Catalogue) -> None:
        """One post of each episode that went on air, a draft of each that was retracted, and no other."""
        posts = self._posts()
        assert len({post["pillarcast"] for post in posts}) == len(posts), f"posts that stand there twice: {posts}"
        aired = [entry for entry in catalogue.entries if entry.published_at]
        live = [entry.episode.title for entry in aired if not entry.retracted_at]
        assert len(posts) == len(aired)
        assert sorted(post["title"] for post in posts if not post.get("draft")) == sorted(live)

    def _posts(self) -> list[dict[str, Any]]:
        """The front matter of every file of the branch that has our mark."""
        names = [name for name in git(self.blog.place, "ls-tree", "-r", "--name-only", "main").splitlines() if name]
        texts = [git(self.blog.place, "show", f"main:{name}") for name in names]
        fronts = [yaml.safe_load(text.split("---\n")[1]) for text in texts if text.startswith("---\n")]
        return [front for front in fronts if "pillarcast" in front]

    def _read(self, key: str) -> dict[str, Any]:
        store = self.bucket.store
        answer = store.client.get_object(**store.at(key))
        headers = {name: answer[name] for name in _HEADERS if answer.get(name)}  # type: ignore[literal-required]
        return {"etag": answer["ETag"].strip('"'), "put": {"Body": answer["Body"].read(), **headers}}

    def _write(self, key: str) -> None:
        store = self.bucket.store
        store.client.put_object(**store.at(key), **self._objects[key]["put"])


@contextmanager
def real_show(folder: Path, server: S3Place, prefix: str) -> Iterator[RealShow]:
    """One live episode with its post, one in the queue, and a recording just dropped."""
    running: list[Program] = []
    wire = Wire(server.bucket, prefix, partial(_kill, running))
    at = S3Place(**{**_fields(server), "prefix": prefix})
    with front(server.endpoint, wire.fault) as (endpoint, _):
        public_url = f"{endpoint}/{server.bucket}/public/{prefix}"
        blog = GitBed(folder, "hugo")
        more = _MORE.format(repository=blog.place, hub=f"{endpoint}/hub")
        through = S3Place(**{**_fields(at), "endpoint": endpoint})
        place = Place(folder / "show", s3_table(through, public_url), more, HandClock(datetime.now(UTC)))
        env = {"PILLARCAST_SETTLE_S": "0", "PILLARCAST_ACCESS_KEY": at.access_key,
               "PILLARCAST_SECRET_KEY": at.secret_key, "GIT_CONFIG_NOSYSTEM": "1"}  # fmt: skip
        with program(place.root / "show.toml", folder, env) as commands:
            running.append(commands)
            show = RealShow(folder, place, S3Bucket(at), blog, wire, commands, public_url)
            _begin(show)
            yield show


def _fields(place: S3Place) -> Mapping[str, Any]:
    return {name: getattr(place, name) for name in place.__dataclass_fields__}


def _kill(running: list[Program]) -> None:
    running[0].kill()


def _begin(show: RealShow) -> None:
    place = show.place
    place.drop(FIRST, NOTES.format(title="The first call", word="one"), seed=1, seconds=2)
    place.drop(SECOND, NOTES.format(title="The second call", word="one"), seed=2, seconds=2)
    _hooks(show)
    show.cut(None)
    codes = show.run(("ingest",), ("publish", FIRST))
    assert codes == [0, 0], show.program.log.read_text("utf-8")
    place.drop(THIRD, NOTES.format(title="The third call", word="one"), seed=3, seconds=2)
    show.keep()


def _hooks(show: RealShow) -> None:
    for name, when in (("pre-receive", When.BEFORE), ("post-receive", When.AFTER)):
        hook = show.blog.place / "hooks" / name
        words = {"pushes": show.folder / f"pushes-{when}", "cut": show.folder / f"cut-{when}"}
        hook.write_text(_HOOK.format(**words, pid=show.program.pid_file), "utf-8")
        hook.chmod(0o755)
