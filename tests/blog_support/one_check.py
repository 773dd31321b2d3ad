"""`check` of one blog in a process of its own, so that its clock can be wrong: reads its task, prints the problems."""

from __future__ import annotations

import json
import sys

from pillarcast.model.show import BlogTarget
from tests.blog_support.one_put import blog_of


def main() -> None:
    task = json.loads(sys.stdin.readline())
    for problem in blog_of(BlogTarget(**task["target"]), task["secret"]).check():
        sys.stdout.write(f"{problem}\n")


if __name__ == "__main__":
    main()
