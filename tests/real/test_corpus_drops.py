"""Every recording of the corpus, dropped: the good and the odd air, the broken are refused and nothing is published."""

from __future__ import annotations

import shutil

import pytest

from pillarcast.pipeline.drops import look
from pillarcast.pipeline.ingest import ingest_all
from pillarcast.pipeline.verifying import check_verified, verify
from tests.show_support.corpus import corpus
from tests.show_support.place import Place, publish_all

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]


def test_every_broken_recording_is_refused_with_its_reason_and_nothing_is_published(place: Place) -> None:
    folder, lines = corpus()
    broken = [line for line in lines if line["expect"].startswith("reject")]
    assert len(broken) >= 9
    for number, line in enumerate(broken):
        source = folder / line["path"]
        shutil.copyfile(source, place.episodes / f"{number:03}-{source.stem}{source.suffix}")
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
    for number, line in enumerate(playable):
        source = folder / line["path"]
        shutil.copyfile(source, place.episodes / f"{number:03}-{source.stem}{source.suffix}")
    with place.opened() as house:
        taken, problems = ingest_all(house.studio, look(place.episodes), settle_s=0)
        assert [str(problem) for problem in problems] == []
        guids = {one.intake.guid for one in taken}
        place.clock.forward(days=2000)
        assert {air.guid for air in publish_all(house.studio).plan.airs} == guids
        check_verified(verify(house.studio))
        for one in taken:
            assert one.entry is not None
            assert abs(one.entry.master.after.integrated_lufs + 16) <= 0.5, one.intake.title
            assert one.entry.master.after.true_peak_dbtp <= -1.0 + 0.05, one.intake.title


def test_a_refusal_names_the_file(place: Place) -> None:
    folder, lines = corpus()
    line = next(line for line in lines if line["expect"] == "reject:truncated")
    source = folder / line["path"]
    shutil.copyfile(source, place.episodes / source.name)
    with place.opened() as house:
        _, problems = ingest_all(house.studio, look(place.episodes), settle_s=0)
    assert source.name in str(problems[0])
    assert "incomplete" in str(problems[0])
