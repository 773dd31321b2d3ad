"""Artwork of kinds that picture programs write and that few readers are ready for."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from pillarcast.audio.artwork import fit_artwork


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_grey_of_sixteen_bits_keeps_its_shades(kind: str) -> None:
    shades = np.tile(np.linspace(0, 65535, 1500).astype(np.uint16), (1500, 1))
    picture = io.BytesIO()
    Image.fromarray(shades).save(picture, kind)
    with Image.open(io.BytesIO(fit_artwork(picture.getvalue(), "grey"))) as fitted:
        assert (fitted.format, fitted.mode) == ("JPEG", "RGB")
        assert [fitted.getpixel((at, 700))[1] for at in (15, 750, 1485)] == pytest.approx([2, 127, 252], abs=4)  # type: ignore[index]
