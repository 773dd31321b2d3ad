"""Files of other hosts: politely (one at a time, with pauses), within bounds, and resumed where they stopped."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import requests

from pillarcast import __version__
from pillarcast.errors import Unreachable, Unsupported
from pillarcast.ports import Progress, silent

_TIMEOUT_S = (10.0, 60.0)
_CHUNK = 1 << 16
_ATTEMPTS = 4
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_PAUSE_S = 60.0


class Downloads:
    """`pause_s` lies between two requests; `most_bytes` bounds small files, `most_media_bytes` large ones."""

    def __init__(
        self, *, pause_s: float = 0.5, most_bytes: int = 128_000_000, most_media_bytes: int = 4_000_000_000
    ) -> None:
        self._pause_s, self._most_bytes, self._most_media_bytes = pause_s, most_bytes, most_media_bytes
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = f"pillarcast/{__version__} (moving a show)"
        self._asked_at = 0.0

    def fetch(self, url: str) -> bytes:
        with self._ask(url, {}) as answer:
            body = bytearray()
            for chunk in self._chunks(answer, url):
                body += chunk
                if len(body) > self._most_bytes:
                    raise _too_large(url, self._most_bytes)
            return bytes(body)

    def download(self, url: str, path: Path, progress: Progress = silent) -> str:
        """What is there of an earlier attempt is kept only while the server says that the file is the same."""
        part, note = path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.tag")
        for attempt in range(_ATTEMPTS):
            try:
                media_type = self._resume(url, part, note, progress)
            except Unreachable:
                if attempt == _ATTEMPTS - 1:
                    raise
                continue
            part.replace(path)
            note.unlink(missing_ok=True)
            return media_type
        raise AssertionError

    def _resume(self, url: str, part: Path, note: Path, progress: Progress) -> str:
        have, tag = _kept(part, note)
        headers = {"Range": f"bytes={have}-", "If-Range": tag} if have else {}
        with self._ask(url, headers) as answer:
            if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
                mode, total = "ab", have + int(answer.headers.get("Content-Length", 0))
            else:
                mode, have, total = "wb", 0, int(answer.headers.get("Content-Length", 0))
                note.write_text(answer.headers.get("ETag") or answer.headers.get("Last-Modified") or "", "utf-8")
            with part.open(mode) as file:
                for chunk in self._chunks(answer, url):
                    file.write(chunk)
                    have += len(chunk)
                    if have > self._most_media_bytes:
                        raise _too_large(url, self._most_media_bytes)
                    progress(have, max(total, have))
                file.flush()
                os.fsync(file.fileno())
            if total and have != total:
                raise Unreachable(url, f"broke off after {have} of {total} bytes", "It is tried again.")
            return answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @contextmanager
    def _ask(self, url: str, headers: dict[str, str]) -> Iterator[requests.Response]:
        self._wait()
        accept = {"Accept-Encoding": "identity", **headers} if headers else headers
        try:
            with self._session.get(url, headers=accept, stream=True, timeout=_TIMEOUT_S) as answer:
                self._asked_at = time.monotonic()
                _check(url, answer)
                yield answer
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema):
            raise Unsupported(url, "is no address that can be asked", "Look at it in the old feed.") from None
        except requests.RequestException as error:
            raise Unreachable(url, f"does not answer ({type(error).__name__})", "Try again later.") from None

    def _chunks(self, answer: requests.Response, url: str) -> Iterator[bytes]:
        try:
            yield from answer.iter_content(_CHUNK)
        except requests.RequestException as error:
            raise Unreachable(url, f"broke off ({type(error).__name__})", "It is tried again.") from None

    def _wait(self) -> None:
        left = self._asked_at + self._pause_s - time.monotonic()
        if left > 0:
            time.sleep(left)


def _kept(part: Path, note: Path) -> tuple[int, str]:
    tag = note.read_text("utf-8") if note.is_file() else ""
    have = part.stat().st_size if part.is_file() and tag and not tag.startswith("W/") else 0
    return have, tag


def _check(url: str, answer: requests.Response) -> None:
    if answer.status_code in _LATER:
        after = answer.headers.get("Retry-After", "")
        if after.isdecimal():
            time.sleep(min(float(after), _LONGEST_PAUSE_S))
        raise Unreachable(url, f"answers {answer.status_code}", "Try again later.")
    if answer.status_code not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        raise Unsupported(url, f"answers {answer.status_code}", "Look whether it is still there.")


def _too_large(url: str, limit: int) -> Unsupported:
    return Unsupported(url, f"has more than {limit // 1_000_000} MB", "Look whether this is the right address.")
