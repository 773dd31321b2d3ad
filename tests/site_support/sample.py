"""The show of this repository as its public sees it: the article of Monday, the episode of Thursday."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pillarcast.pipeline.drops import look_all
from pillarcast.pipeline.ingest import ingest_all
from pillarcast.wiring import open_house
from tests.show_support.place import HandClock, publish_all
from tests.site_support.serving import serving

ROOT = Path(__file__).parents[2]
TUESDAY = datetime(2026, 6, 2, 15, tzinfo=UTC)
THURSDAY = datetime(2026, 6, 4, 10, 1, tzinfo=UTC)
PARTS = ("show.toml", "artwork.jpg", "episodes", "articles")


@contextmanager
def sample_served(until: datetime = THURSDAY) -> Iterator[str]:
    """The public URL of the sample show, published through the pipeline into a folder, as it stands at `until`."""
    with tempfile.TemporaryDirectory() as folder, serving() as (public_url, objects):
        root = _copied(Path(folder), public_url)
        clock = HandClock(TUESDAY)
        with open_house(root / "show.toml", clock=clock) as house:
            ingest_all(house.studio, look_all(house.settings.episodes, house.settings.articles), 0)
            for moment in (TUESDAY, until):
                clock.moment = moment
                publish_all(house.studio)
            bucket = house.studio.bucket
            for stored in bucket.keys("public/"):
                found = bucket.fetch(stored.key)
                assert found is not None
                objects[stored.key] = (found[1].media_type, found[0])
        yield public_url


def _copied(folder: Path, public_url: str) -> Path:
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    with (folder / "show.toml").open("a", encoding="utf-8") as show:
        show.write(f'\n[bucket]\nkind = "folder"\npublic_url = "{public_url}"\n')
    return folder
