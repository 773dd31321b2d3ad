"""Many shows of one installation: shows/*/show.toml, one bucket, a prefix each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from pillarcast.adapters.s3_place import S3Place
from pillarcast.wiring import open_house
from tests.scale_support.archives import Spoken, lay_archive, queue_newest
from tests.show_support.place import artwork, s3_table

_SHOW = """
[show]
title = "{name}"
description = "One of many."
host = "Somebody"
[schedule]
every = "{every}"
zone = "UTC"
"""
_AT_ONCE = os.cpu_count() or 1


@dataclass(frozen=True)
class Shows:
    """`folder` holds shows/; `place` is the whole bucket, read by the public at `public_url`."""

    folder: Path
    place: S3Place
    public_url: str
    names: tuple[str, ...]
    voice: Spoken

    def public(self, name: str) -> str:
        return f"{self.public_url}/{name}"

    def file(self, name: str) -> Path:
        return self.folder / "shows" / name / "show.toml"

    def lay(self, count: int, slot: datetime) -> None:
        """Every show with `count` live episodes. The slot is known by then: every page of a show names its hour."""
        for name in self.names:
            self.file(name).parent.mkdir(parents=True)
            self.file(name).with_name("artwork.jpg").write_bytes(artwork(side_px=1400))
            self._write(name, slot)
        _each(partial(_lay, count, slot, self.voice), [self.file(name) for name in self.names])

    def queue(self, slot: datetime) -> dict[str, str]:
        """One episode for each show, all due at `slot`; their guids by the show's name."""
        guids = _each(partial(_queue, slot, self.voice), [self.file(name) for name in self.names])
        return dict(zip(self.names, guids, strict=True))

    def _write(self, name: str, slot: datetime) -> None:
        bucket = s3_table(replace(self.place, prefix=name), self.public(name))
        every = f"{slot:%A %H:%M}"
        self.file(name).write_text(_SHOW.format(name=name, every=every) + bucket, "utf-8")


def names(count: int) -> tuple[str, ...]:
    return tuple(f"show-{number:03}" for number in range(1, count + 1))


def _each(work: partial[str], files: Sequence[Path]) -> list[str]:
    with ProcessPoolExecutor(_AT_ONCE, mp_context=get_context("forkserver")) as pool:
        return list(pool.map(work, files, chunksize=1))


def _lay(count: int, until: datetime, voice: Spoken, file: Path) -> str:
    with open_house(file) as house:
        lay_archive(house.studio, count, until, voice, paragraphs=1)
    return ""


def _queue(slot: datetime, voice: Spoken, file: Path) -> str:
    with open_house(file) as house:
        return queue_newest(house.studio, slot, voice)
