"""Two and five real commands at once, each a process of its own, on one episode and on one show in the real bucket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from pillarcast.adapters.seaweed import SeaweedServer
from pillarcast.errors import TryAgain
from tests.crash.program import Program, program
from tests.crash.real_show import RealShow, real_show
from tests.crash.stories import FIRST, NOTES, SECOND

pytestmark = [
    pytest.mark.real,
    pytest.mark.s3,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not here"),
]

PUBLISH, DUE, INGEST = ("publish", SECOND), ("publish",), ("ingest",)
RETRACT = ("retract", FIRST, "--yes")
CROWDS = {
    "two publish one episode": (PUBLISH,) * 2,
    "five publish one episode": (PUBLISH,) * 5,
    "two take one drop": (INGEST,) * 2,
    "five take one drop": (INGEST,) * 5,
    "two at odds over one show": (PUBLISH, RETRACT),
    "five at odds over one show": (PUBLISH, DUE, INGEST, INGEST, RETRACT),
}
MOST_RUNS = 5
Crowd = tuple[RealShow, list[Program]]


@pytest.fixture(scope="module")
def crowd(s3_server: SeaweedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    folder = tmp_path_factory.mktemp("crowd")
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("PILLARCAST_ACCESS_KEY", s3_server.place.access_key)
        patch.setenv("PILLARCAST_SECRET_KEY", s3_server.place.secret_key)
        patch.setenv("PILLARCAST_SETTLE_S", "0")
        show = stack.enter_context(real_show(folder, s3_server.place, "crowd"))
        programs = [stack.enter_context(program(show.place.root / "show.toml", _own(folder, n), {})) for n in range(5)]
        yield show, programs


def _own(folder: Path, number: int) -> Path:
    own = folder / f"machine-{number}"
    own.mkdir()
    return own


@pytest.mark.parametrize("commands", CROWDS.values(), ids=CROWDS.keys())
def test_commands_at_once_end_as_one_after_another(
    commands: tuple[tuple[str, ...], ...],
    crowd: Crowd,
    s3_server: SeaweedServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    show, programs = crowd
    monkeypatch.setenv("PILLARCAST_ACCESS_KEY", s3_server.place.access_key)
    monkeypatch.setenv("PILLARCAST_SECRET_KEY", s3_server.place.secret_key)
    show.restore()
    show.cut(None)
    (show.place.episodes / f"{FIRST}.md").write_text(NOTES.format(title="The very first call", word="two"), "utf-8")
    with show.follower(is_nosy=PUBLISH not in commands).following(), ThreadPoolExecutor(len(commands)) as pool:
        codes = list(pool.map(_until_done, programs, commands))
    said = "\n".join(one.log.read_text("utf-8")[-1500:] for one in programs if one.log.exists())
    assert codes == [0] * len(commands), said
    assert show.run(("ingest",), ("publish",)) == [0, 0], said
    show.check()
    before = show.etags()
    assert show.run(("ingest",), ("publish",)) == [0, 0]
    assert show.etags() == before


def _until_done(machine: Program, words: tuple[str, ...]) -> int:
    """What has to be tried again is."""
    code = TryAgain.exit_code
    for _ in range(MOST_RUNS):
        code = machine.run(*words)
        if code != TryAgain.exit_code:
            break
    return code
