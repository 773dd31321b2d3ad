"""An intro or outro that cannot be used is told by its own name: the recording is not at fault."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pillarcast.errors import RecordingRefused, SettingsError
from tests.audio_support import write_wav
from tests.show_support.place import Place, ingest_drop

NAME = "001-pricing"


def refused(root: Path, error: type[Exception]) -> str:
    place = Place(root, more='[master]\nintro = "opening.wav"\n')
    place.drop(NAME)
    with place.opened() as house, pytest.raises(error) as raised:
        ingest_drop(house.studio, place.episodes, NAME)
    return str(raised.value)


def test_a_file_that_is_not_there_is_one_of_show_toml(tmp_path: Path) -> None:
    assert "show.toml: `master.intro`: there is no file opening.wav" in refused(tmp_path, SettingsError)


def test_a_silent_one_is_not_said_of_the_recording(tmp_path: Path) -> None:
    write_wav(tmp_path / "opening.wav", np.zeros((1, 96000), np.float32))
    assert "opening.wav: is silent" in refused(tmp_path, RecordingRefused)
