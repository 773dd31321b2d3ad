"""The page of a run: what happened, where it can be seen and heard, and what somebody has to mend, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.picture import picture_url
from pillarcast.errors import Problem

_WARNING, _WRONG = "**Warning:**", "**Wrong:**"


@dataclass
class Page:
    """Lines of Markdown in the order in which they were said."""

    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Without pictures, for messages."""
        return "\n".join(line for line in self.lines if not line.startswith("!["))

    def say(self, *lines: str) -> None:
        self.lines.extend(lines)

    def facts(self, pairs: Iterable[tuple[str, object]]) -> None:
        """A table of names and values; what has no value is left out."""
        rows = [f"| {name} | {value} |" for name, value in pairs if value not in ("", None)]
        self.lines.extend(["", "| | |", "|---|---|", *rows, ""])

    def picture(self, svg: str) -> None:
        """Loudness before and after, and the waveform; nothing for an empty one."""
        if svg:
            self.lines.extend(["", f"![Loudness before and after]({picture_url(svg)})", ""])

    def warn(self, problems: Sequence[Problem]) -> None:
        self.lines.extend(f"- {_WARNING} {one_line(problem)}" for problem in problems)

    def complain(self, problems: Sequence[Problem]) -> None:
        self.lines.extend(f"- {_WRONG} {one_line(problem)}" for problem in problems)

    def keep(self, title: str) -> None:
        """The page as the run's Markdown artifact."""
        markdown = "\n".join([f"# {title}", "", *self.lines, ""])
        create_markdown_artifact(markdown, description=title, _sync=True)  # type: ignore[call-arg]


def one_line(problem: Problem) -> str:
    return " ".join(str(problem).split())


def keep_table(rows: Sequence[dict[str, object]], description: str) -> None:
    """A table artifact; an empty one is left out."""
    if rows:
        create_table_artifact([*rows], description=description, _sync=True)  # type: ignore[call-arg]
