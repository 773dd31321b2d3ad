"""A whole show on a real blog, published by a process of its own that is killed at one of its writes to the blog."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import count

from PIL import Image

from pillarcast.model.post import Post
from pillarcast.model.view import view_of
from pillarcast.pipeline.drops import look_all
from pillarcast.pipeline.ingest import ingest_all
from pillarcast.pipeline.planning import artwork_ref
from pillarcast.pipeline.wanting_posts import wanted_posts
from tests.blog_support.lossy_proxy import LossyProxy
from tests.show_support.place import Place

_numbers = count(1)


@dataclass
class KilledRuns:
    """`place` is a show whose blog is behind `proxy`; `secret` opens that blog."""

    place: Place
    proxy: LossyProxy
    secret: str

    def begin(self, kind: str, user: str) -> None:
        self.place.more = (
            f'[[blog]]\nname = "main"\nkind = "{kind}"\nurl = "{self.proxy.url}"\nuser = "{user}"\ncategory = []\n'
        )
        self.place.write_show()
        (self.place.root / "articles").mkdir()

    def write_article(self) -> str:
        """A new article with a picture that nobody has yet."""
        number = next(_numbers)
        name = f"killed-run-{os.getpid()}-{number}"
        text = f"---\ntitle: {name}\nimage_alt: A square\n---\nBring **{number}** numbers.\n"
        (self.place.root / f"articles/{name}.md").write_text(text, "utf-8")
        square = Image.new("RGB", (1400, 1400), "navy")
        square.paste("white", (0, 0, 100 + 50 * (number % 25), 100 + os.getpid() % 1200))
        square.save(self.place.root / f"articles/{name}.png")
        self.take()
        return name

    def take(self) -> None:
        """What lies in articles/ is taken."""
        with self.place.opened() as house:
            _, problems = ingest_all(house.studio, look_all(self.place.episodes, self.place.root / "articles"), 0)
        assert problems == ()

    def publish(self, fault: str, skip: int) -> int:
        """The exit code of `pillarcast publish`: -9 when it was killed."""
        child = self.start("publish")
        self.proxy.arm(fault, skip, child.pid)
        child.communicate(timeout=120)
        return child.returncode

    def run(self, command: str) -> None:
        child = self.start(command)
        _, said = child.communicate(timeout=120)
        assert child.returncode == 0, said.decode()

    def start(self, command: str) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "pillarcast.cli", "--show", str(self.place.root / "show.toml"), command]
        env = {**os.environ, "PILLARCAST_BLOG_MAIN_SECRET": self.secret}
        return subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def post_of(self, name: str) -> Post:
        """The post as it should stand there."""
        with self.place.opened() as house:
            studio, catalogue = house.studio, house.studio.store.load().catalogue
            view = view_of(studio.show, artwork_ref(studio), catalogue, studio.addresses)
            wanted = next(post for post in wanted_posts(studio, view, catalogue) if post.title == name)
            parts = {key: (studio.bucket.fetch(key) or (b"",))[0] for key in wanted.needs}
            return wanted.render(parts)

    def is_settled(self) -> bool:
        """Nothing is planned any more, and every post has its receipt."""
        with self.place.opened() as house:
            posts = house.studio.store.load().catalogue.posts.values()
            return all(record.ref and record.content_digest for record in posts)
