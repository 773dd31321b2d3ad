"""Every recording of the corpus, dropped: the good and the odd air, the broken are refused and nothing is published."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pillarcast.pipeline.drops import look
from pillarcast.pipeline.ingest import ingest_all
from pillarcast.pipeline.verifying import check_verified, verify
from tests.show_support.corpus import corpus
from tests.show_support.place import Place, publish_all

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]


@dataclass(frozen=True)
class Heard:
    """A master by FFmpeg's decoder and meter."""

    samples: int
    lufs: float
    peak_dbtp: float


def by_ffmpeg(path: Path) -> Heard:
    """EBU R128 with true peak, and what a WAV of the decoded sound would hold."""
    meter = ["ffmpeg", "-nostdin", "-i", str(path), "-vn", "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(meter, check=True, capture_output=True, text=True).stderr
    lufs, peak = (float(re.findall(rf"{name}:\s+(-?[\d.]+)", said)[-1]) for name in ("I", "Peak"))
    decode = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-vn", "-ac", "1", "-f", "s16le", "-"]
    return Heard(len(subprocess.run(decode, check=True, capture_output=True).stdout) // 2, lufs, peak)


def samples_by_mpg123(path: Path) -> int:
    decode = ["mpg123", "-q", "-m", "-e", "s16", "-s", str(path)]
    return len(subprocess.run(decode, check=True, capture_output=True).stdout) // 2


def drop_all(place: Place, folder: Path, lines: Sequence[dict[str, Any]]) -> None:
    for number, line in enumerate(lines):
        source = folder / line["path"]
        shutil.copyfile(source, place.episodes / f"{number:03}-{source.stem}{source.suffix}")


def test_every_broken_recording_is_refused_with_its_reason_and_nothing_is_published(place: Place) -> None:
    folder, lines = corpus()
    broken = [line for line in lines if line["expect"].startswith("reject")]
    assert len(broken) >= 9
    drop_all(place, folder, broken)
    with place.opened() as house:
        taken, problems = ingest_all(house.studio, look(place.episodes), settle_s=0)
        assert [one.intake.title for one in taken] == []
        assert len({problem.subject for problem in problems}) == len(broken)
        assert all(problem.what and problem.mend for problem in problems)
        catalogue = house.studio.store.load().catalogue
        assert len(catalogue.refusals) == len(broken)
        assert catalogue.entries == ()
        place.clock.forward(days=400)
        assert not publish_all(house.studio).plan.airs
        assert house.studio.store.load().catalogue.live == ()


def test_every_good_and_odd_recording_airs(place: Place) -> None:
    folder, lines = corpus()
    playable = [line for line in lines if not line["expect"].startswith("reject")]
    assert len(playable) >= 25
    drop_all(place, folder, playable)
    with place.opened() as house:
        taken, problems = ingest_all(house.studio, look(place.episodes), settle_s=0)
        assert [str(problem) for problem in problems] == []
        guids = {one.intake.guid for one in taken}
        place.clock.forward(days=2000)
        assert {air.guid for air in publish_all(house.studio).plan.airs} == guids
        check_verified(verify(house.studio))
        for one in taken:
            assert one.entry is not None
            made = one.entry.master
            assert abs(made.after.integrated_lufs + 16) <= 0.3, one.intake.title
            assert made.after.true_peak_dbtp <= -1.0, one.intake.title
            path = place.root / "heard.mp3"
            house.studio.bucket.download(made.file.key, path)
            heard = by_ffmpeg(path)
            assert abs(heard.lufs + 16) <= 0.3, one.intake.title
            assert heard.peak_dbtp <= -1.0 + 0.1, one.intake.title
            assert abs(heard.samples - made.duration_s * made.sample_rate_hz) <= 1, one.intake.title
            assert samples_by_mpg123(path) == heard.samples, one.intake.title


def test_a_refusal_names_the_file(place: Place) -> None:
    folder, lines = corpus()
    line = next(line for line in lines if line["expect"] == "reject:truncated")
    source = folder / line["path"]
    shutil.copyfile(source, place.episodes / source.name)
    with place.opened() as house:
        _, problems = ingest_all(house.studio, look(place.episodes), settle_s=0)
    assert source.name in str(problems[0])
    assert "incomplete" in str(problems[0])
