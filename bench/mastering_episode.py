"""A two-voice episode of any length: 48 kHz stereo of about -27 LUFS, by espeak-ng, the same on every machine."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import wave
from itertools import cycle
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE_HZ = 48000
_SEED = 20260604
_ROOM = 0.0012
_PAN = {"host": (1.0, 0.62), "guest": (0.58, 1.0)}
_VOICES = {"host": ("en-us", 155), "guest": ("en-gb+f3", 168)}
_WORDS = """
Welcome back to the workshop, where we talk about hiring people for work that nobody has done before.
I have read forty applications this week, and thirty of them began with the very same sentence.
Which one was it? Let me guess: I am writing to express my interest in the position.
That is the one. It tells me nothing, and yet I cannot hold it against anybody, for they were taught to write it.
So what do you look for instead? When I began, I counted years, and years turned out to mean very little.
I look for a mistake that somebody describes without being asked. It takes calm to do that, and calm is rare.
My clients want numbers. They ask for a scale from one to ten, and then they hire the person they liked at lunch.
And they are not always wrong about lunch! You will share a table with this person for five years.
Let us turn to salaries. Say a figure first, or wait? The books are full of advice, and most of it is old.
Say it first, and say how you came to it. A figure with a reason is hard to argue with; a figure alone is an opening.
What if the reason is simply that the rent went up? That happened to three of my candidates in the spring.
Then that is a reason. It is not a good one for the client, but it is honest, and it saves both of you a month.
Before we close: somebody wrote in and asked how to leave a job well. Two weeks, a list, and a thank you.
And do not say what you always wanted to say. It will be in the minutes, and minutes live longer than we do.
""".strip().splitlines()

Pcm = npt.NDArray[np.float32]


def episode(path: Path, minutes: float) -> Path:
    """A WAV at `path`, which is made once; RF64 is never needed below six hours."""
    if not path.is_file():
        part = path.with_suffix(".part")
        _write(part, round(minutes * 60 * RATE_HZ), _turns(path.parent / "turns"))
        part.replace(path)
    return path


def _turns(folder: Path) -> list[tuple[str, Pcm]]:
    """Each sentence by one of the two, in mono."""
    folder.mkdir(exist_ok=True)
    return [(who, _spoken(folder, who, words)) for who, words in zip(cycle(_VOICES), _WORDS, strict=False)]


def _spoken(folder: Path, who: str, words: str) -> Pcm:
    for program in ("espeak-ng", "ffmpeg"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing: apt install {program}")
    voice, speed = _VOICES[who]
    spoken = folder / f"{hashlib.sha256(words.encode()).hexdigest()[:12]}.wav"
    if not spoken.is_file():
        subprocess.run(["espeak-ng", "-v", voice, "-s", str(speed), "-w", str(spoken), words], check=True)
    convert = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(spoken), "-ar", str(RATE_HZ), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(convert, check=True, capture_output=True).stdout, np.float32)


def _write(path: Path, length: int, turns: list[tuple[str, Pcm]]) -> None:
    """Turn after turn, each a little louder or softer than the last time, over the hiss of a room."""
    rng = np.random.default_rng(_SEED)
    with wave.open(str(path), "wb") as wav:
        wav.setparams((2, 2, RATE_HZ, 0, "NONE", ""))
        written = 0
        for who, voice in cycle(turns):
            turn = np.concatenate([voice, np.zeros(round(rng.uniform(0.2, 0.7) * RATE_HZ), np.float32)])
            sides = np.array(_PAN[who], np.float32)[:, None] * turn * rng.uniform(0.15, 0.7)
            sides += rng.standard_normal(sides.shape, np.float32) * np.float32(_ROOM)
            sides = sides[:, : length - written]
            wav.writeframes((np.clip(sides.T, -1, 1) * 32767).round().astype("<i2").tobytes())
            written += sides.shape[1]
            if written == length:
                return
