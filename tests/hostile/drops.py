"""Drops that would harm whoever opens them: each with what must happen to it. Large ones are made, not kept."""

from __future__ import annotations

import io
import os
import random
import socket
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.show_support.place import artwork
from tests.show_support.sound import speech

MB = 1_000_000
Make = Callable[[Path], None]
TAKEN = ""
"""What is said of a drop that may be taken: nothing."""


@dataclass(frozen=True)
class Case:
    """`said` is a part of what its owner is told; empty where the drop is taken."""

    make: Make
    said: str = TAKEN


def notes(text: str | bytes) -> Make:
    body = text.encode() if isinstance(text, str) else text
    return lambda folder: _with_sound(folder, "041.md", body)


def front(line: str) -> Make:
    return notes(f"---\n{line}\n---\n\nNotes.\n")


def picture(body: Callable[[], bytes], name: str = "041.jpg") -> Make:
    return lambda folder: _with_sound(folder, name, body())


def recording(body: Callable[[], bytes], name: str = "041.wav") -> Make:
    def make(folder: Path) -> None:
        (folder / name).write_bytes(body())

    return make


def zeros(name: str, length_bytes: int) -> Make:
    """A file that takes no room on the disk."""

    def make(folder: Path) -> None:
        if not name.endswith(".wav"):
            speech(folder / "041.wav", 2)
        with (folder / name).open("wb") as file:
            file.truncate(length_bytes)

    return make


def placed(place: Callable[[Path], object], *, has_sound: bool = True) -> Make:
    def make(folder: Path) -> None:
        if has_sound:
            speech(folder / "041.wav", 2)
        place(folder)

    return make


def _with_sound(folder: Path, name: str, body: bytes) -> None:
    speech(folder / "041.wav", 2)
    (folder / name).write_bytes(body)


def png(width: int, height: int, *chunks: bytes, body: bytes = b"") -> bytes:
    """A PNG of that size, as its header says."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), *chunks, _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def empty_picture(side: int) -> bytes:
    """A real one, all of it transparent: a few KB of file, 4 bytes a pixel of memory."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + 4 * side)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return png(side, side, body=body)


def text_bomb() -> bytes:
    return png(1400, 1400, _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(300 * MB), 9)), body=zlib.compress(b""))


def cut_off() -> bytes:
    return artwork()[:5000]


def many_frames() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("P", (1400, 1400), number % 250) for number in range(200)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def wav(seconds: float = 2, rate: int = 8000, channels: int = 1, claimed: int | None = None) -> bytes:
    """16-bit noise; `claimed` is the length in bytes that its header tells."""
    body = chance(1, int(seconds * rate) * channels * 2)
    size = len(body) if claimed is None else claimed
    shape = struct.pack("<HHIIHH", 1, channels, rate, (rate * channels * 2) % 2**32, channels * 2 % 2**16, 16)
    head = b"RIFF" + struct.pack("<I", min(size + 36, 2**32 - 1)) + b"WAVEfmt \x10\0\0\0" + shape
    return head + b"data" + struct.pack("<I", size) + body


def chance(seed: int, length_bytes: int = 3 * 2**20) -> bytes:
    """The same bytes each time: of every two hundred such files one holds what looks like a frame of sound."""
    return random.Random(seed).randbytes(length_bytes)


def playlist(kind: bytes) -> Callable[[], bytes]:
    return lambda: kind.replace(b"FILE", b"file:///etc/passwd")


def _bound(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "041.md"))


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{one}: &{one} [{','.join([f'*{before}'] * 9)}]\n" for before, one in zip("abcdefgh", "bcdefghi", strict=True)
)
NESTED = "".join(f"{'>' * (depth % 100)} x\n" for depth in range(1000))

CASES: dict[str, Case] = {
    # YAML
    "aliases that laugh": Case(front(LAUGHS), "alias"),
    "a tag that runs": Case(front('title: !!python/object/apply:os.system ["touch owned"]'), "cannot be read"),
    "brackets without end": Case(front("tags: " + "[" * 40_000), "cannot be read"),
    "braces without end": Case(front("tags: " + "{a: " * 10_000), "cannot be read"),
    "a number of 90,000 digits": Case(front("season: " + "9" * 90_000), "041.md"),
    "a time of 300,000 parts": Case(front("season: 1" + ":1" * 300_000), "041.md"),
    "front matter of 900 KB": Case(front("\n".join(f"tag{n}: x" for n in range(60_000))), "041.md"),
    "a date that is none": Case(front("publish_at: 9999999999999-99-99"), "041.md"),
    "the year 1": Case(front("publish_at: 0001-01-01 00:00"), "041.md"),
    "the last year": Case(front("publish_at: 9999-12-31 23:59"), "041.md"),
    "an endless chapter": Case(front('chapters: [{at: "' + "9" * 4000 + '", title: x}]'), "041.md"),
    "a chapter that is no number": Case(front("chapters: [{at: .nan, title: x}]"), "041.md"),
    # Paths
    "artwork above the folder": Case(front("image: ../../artwork.jpg"), "no file"),
    "artwork from the root": Case(front("image: /etc/passwd"), "no file"),
    "a slug that climbs": Case(front("slug: ../../../etc"), "slug"),
    "a slug with a break": Case(front('slug: "a\\nb"'), "slug"),
    # Words without end
    "100 MB of notes": Case(zeros("041.md", 100 * MB), "over 1 MB"),
    "10 GB of notes": Case(zeros("041.md", 10_000 * MB), "over 1 MB"),
    "100 MB of transcript": Case(zeros("041.vtt", 100 * MB), "over 5 MB"),
    "10 GB of picture": Case(zeros("041.jpg", 10_000 * MB), "over 100 MB"),
    "notes of zeros": Case(notes(bytes(1000)), TAKEN),
    "notes that are no text": Case(notes(b"\xff\xfe\x00\xd8" * 100), "UTF-8"),
    "brackets": Case(notes("[" * 90_000), TAKEN),
    "open links": Case(notes("[a](" * 20_000), TAKEN),
    "pictures in pictures": Case(notes("![" * 40_000), TAKEN),
    "stars": Case(notes("*a_ " * 24_000), TAKEN),
    "ticks": Case(notes("".join("`" * n + " " for n in range(400))), TAKEN),
    "quotes in quotes": Case(notes(NESTED), TAKEN),
    "lists in lists": Case(notes("".join("  " * depth + "- x\n" for depth in range(400))), TAKEN),
    "angles": Case(notes("<a " * 30_000 + "<!-- " * 1000), TAKEN),
    "entities": Case(notes("&" * 90_000), TAKEN),
    "half addresses": Case(notes("http://a@" * 9_000), TAKEN),
    "table of many columns": Case(notes("|" * 2_000 + "\n" + "|-" * 2_000 + "\n" + ("|" * 2_000 + "\n") * 10), TAKEN),
    "references": Case(notes("".join(f"[{n}]: x\n" for n in range(5_000)) + "[1]" * 5_000), TAKEN),
    # Pictures
    "a picture that says it is vast": Case(picture(lambda: png(60_000, 60_000)), "too large"),
    "a picture that says it is 2 ** 31": Case(picture(lambda: png(2**31 - 1, 2**31 - 1)), "041.jpg"),
    "a picture of 49 million clear pixels": Case(picture(lambda: empty_picture(7_000), "041.png"), TAKEN),
    "a picture of 81 million clear pixels": Case(picture(lambda: empty_picture(9_000), "041.png"), "too large"),
    "a comment that unpacks to 300 MB": Case(picture(text_bomb, "041.png"), "041.png"),
    "a picture cut off": Case(picture(cut_off), "damaged"),
    "a film": Case(picture(many_frames), TAKEN),
    "a drawing that runs": Case(picture(lambda: b"<svg onload='owned()'/>"), "041.jpg"),
    "PostScript": Case(picture(lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1400 1400\n"), "041.jpg"),
    # The folder
    "notes that are a link": Case(
        placed(lambda folder: (folder / "041.md").symlink_to("/etc/passwd")), "is a link"
    ),
    "a recording that is a link": Case(
        placed(lambda folder: (folder / "041.wav").symlink_to("/dev/zero"), has_sound=False), "is a link"
    ),
    "a folder that is a link": Case(placed(lambda folder: (folder / "042").symlink_to("/etc")), "is a link"),
    "notes that are a pipe": Case(placed(lambda folder: os.mkfifo(folder / "041.md")), "pipe"),
    "a recording that is a pipe": Case(
        placed(lambda folder: os.mkfifo(folder / "041.wav"), has_sound=False), "pipe"
    ),
    "notes that are a socket": Case(placed(_bound), "pipe, a socket"),
    "notes that are a folder": Case(placed(lambda folder: (folder / "041.md").mkdir()), TAKEN),
    "a name with a break": Case(placed(lambda folder: (folder / "04\n1.md").write_text("x")), "control characters"),
    "a name that steers a terminal": Case(
        placed(lambda folder: (folder / "\x1b[2J041.md").write_text("x")), "control characters"
    ),
    "a name that is not UTF-8": Case(
        placed(lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.md")).write_text("x")), "UTF-8"
    ),
    "a document in a zip": Case(placed(lambda folder: (folder / "041.docx").write_bytes(b"PK\3\4")), TAKEN),
    # Recordings
    "a playlist of the web": Case(
        recording(lambda: b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n", "041.mp3"), "041.mp3"
    ),
    "a playlist of files": Case(recording(playlist(b"ffconcat version 1.0\nfile FILE\n"), "041.mp3"), "041.mp3"),
    "a session description": Case(
        recording(lambda: b"v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n", "041.mp3"), "041.mp3"
    ),
    "a recording of 10 GB of nothing": Case(zeros("041.wav", 10_000 * MB), "041.wav"),
    "65,535 channels": Case(recording(lambda: wav(0.1, 8000, 65_535)), "041.wav"),
    "a rate of 2 ** 31": Case(recording(lambda: wav(2).replace(b"@\x1f\0\0", b"\xff\xff\xff\x7f", 1)), "041.wav"),
    "bytes of chance": Case(recording(lambda: chance(41), "041.mp3"), "041.mp3"),
}  # fmt: skip

MASTERED: dict[str, Case] = {
    "bytes of chance that hold a frame of MP3": Case(recording(lambda: chance(272), "041.mp3"), "lasts only 0.0 s"),
    "no channels": Case(recording(lambda: wav(2, 8000, 0)), "041.wav"),
    "days by its header": Case(recording(lambda: wav(4, 8000, claimed=2**31)), "ends after"),
    "three days at one sample a second": Case(recording(lambda: wav(260_000, 1)), "041.wav"),
    "a day and more at eight samples a second": Case(recording(lambda: wav(90_000, 8)), "041.wav"),
}
