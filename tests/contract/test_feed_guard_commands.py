"""The guard as its owner meets it: refused in `plan`, with what listeners would notice, unless it is named."""

from __future__ import annotations

import pytest

from pillarcast.cli import main
from pillarcast.errors import NeedsOwner
from tests.show_support.place import Place, ingest_drop, publish_all


def test_a_move_of_the_bucket_is_refused_in_the_plan_unless_it_is_named(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.drop("one", "---\ntitle: One\n---\n", seconds=2)
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "one")
        publish_all(house.studio, "one")
    place.bucket += 'public_url = "https://cdn.example.com/other"\n'
    place.write_show()
    show = ["--show", str(place.root / "show.toml")]
    for words in (["plan"], ["publish"], ["plan", "--allow", "date-change:one"]):
        assert main([*show, *words]) == NeedsOwner.exit_code
        said = capsys.readouterr().err
        assert "apps that have it keep the old audio; the others, and all who stream, get the new one" in said
        assert "--allow enclosure-change:one" in said
    assert main([*show, "plan", "--allow", "enclosure-chang:one"]) == NeedsOwner.exit_code
    assert "is no change that can be allowed" in capsys.readouterr().err
    assert main([*show, "plan", "--allow", "enclosure-change:one"]) == 0
    assert main([*show, "publish", "--allow", "enclosure-change:*"]) == 0
    assert main([*show, "plan"]) == 0
    assert "Nothing to do" in capsys.readouterr().out
