"""One attempt at a post in a process of its own, so that it can be killed: reads its task as JSON, ends with 0."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pillarcast.adapters.ghost import Ghost
from pillarcast.adapters.git_site import GitSite
from pillarcast.adapters.micropub import Micropub
from pillarcast.adapters.wordpress import WordPress
from pillarcast.model.post import Post
from pillarcast.model.show import BlogTarget
from pillarcast.ports import Blog


def main() -> None:
    task = json.loads(sys.stdin.readline())
    target, post = BlogTarget(**task["target"]), Post(**task["post"])
    blog = blog_of(target, task["secret"])
    blog.put(post, blog.find(post))


def blog_of(target: BlogTarget, secret: str) -> Blog:
    match target.kind:
        case "wordpress":
            return WordPress(target, secret)
        case "ghost":
            return Ghost(target, secret)
        case "micropub":
            return Micropub(target, secret)
        case "git":
            return GitSite(target, Path(secret))


if __name__ == "__main__":
    main()
