"""What a blog answers may be anything: a shape that nobody foresaw is said, and is no fault of ours in a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pillarcast.errors import Ambiguous, Problem, Unsupported
from pillarcast.model.post import Post
from pillarcast.ports import Blog, Standing

_SHAPES = (LookupError, TypeError, AttributeError, ValueError, RecursionError)


@dataclass(frozen=True)
class UnderstoodBlog:
    """A blog whose answers in no known shape are Unsupported, or Ambiguous where something may have been changed."""

    blog: Blog

    @property
    def name(self) -> str:
        return self.blog.name

    def find(self, post: Post, ref: str = "") -> Standing | None:
        with self._understood():
            return self.blog.find(post, ref)

    def put(self, post: Post, standing: Standing | None) -> Standing:
        with self._understood(is_write=True):
            return self.blog.put(post, standing)

    def withdraw(self, standing: Standing) -> Standing:
        with self._understood(is_write=True):
            return self.blog.withdraw(standing)

    def check(self) -> tuple[Problem, ...]:
        with self._understood():
            return self.blog.check()

    @contextmanager
    def _understood(self, *, is_write: bool = False) -> Iterator[None]:
        """Only the kind of the error is told: its words may be the server's, and those may hold anything."""
        try:
            yield
        except _SHAPES as error:
            what = f"answers in a way that we do not understand ({type(error).__name__})"
            if is_write:
                raise Ambiguous(f"blog {self.name}", what, "It is looked up and repeated.") from error
            mend = "Look whether its address is right, and whether a plugin changes its answers."
            raise Unsupported(f"blog {self.name}", what, mend) from error
