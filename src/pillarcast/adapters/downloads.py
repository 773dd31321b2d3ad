"""Files of other hosts: politely (one at a time, with pauses), within bounds, and resumed where they stopped.

The owner's own address may lie anywhere, in his own network too. What a feed names, and where a host leads on to, is
a stranger's word: it is asked only where it lies in the public network, or at the very place of the owner's address.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import requests

from pillarcast import __version__
from pillarcast.adapters.http_session import BoundedSession, place_of, without_login
from pillarcast.errors import Unreachable, Unsupported
from pillarcast.ports import Progress, silent

_TIMEOUT_S = (10.0, 60.0)
_CHUNK = 1 << 16
_ATTEMPTS = 4
_LONGEST_FETCH_S, _LONGEST_DOWNLOAD_S = 300.0, 4 * 3600.0
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_PAUSE_S = 60.0


class Downloads:
    """`pause_s` lies between two requests; `most_bytes` bounds small files, `most_media_bytes` large ones.

    `owners_address` is what the owner gave (an address, or a file): its place alone may lie inside his network.
    """

    def __init__(
        self,
        owners_address: str = "",
        *,
        pause_s: float = 0.5,
        most_bytes: int = 128_000_000,
        most_media_bytes: int = 4_000_000_000,
        longest_fetch_s: float = _LONGEST_FETCH_S,
    ) -> None:
        self._pause_s, self._most_bytes, self._most_media_bytes = pause_s, most_bytes, most_media_bytes
        self._longest_fetch_s = longest_fetch_s
        self._session = BoundedSession(_inside(owners_address))
        self._session.headers["User-Agent"] = f"pillarcast/{__version__} (moving a show)"
        self._asked_at = 0.0

    def fetch(self, url: str) -> bytes:
        with self._ask(url, {}, self._longest_fetch_s) as answer:
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
        ranged = {"Range": f"bytes={have}-", "If-Range": tag} if have else {}
        with self._ask(url, {"Accept-Encoding": "identity", **ranged}, _LONGEST_DOWNLOAD_S) as answer:
            if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
                mode, total = "r+b", have + _length(answer)
            else:
                mode, have, total = "wb", 0, _length(answer)
                note.write_text(answer.headers.get("ETag") or answer.headers.get("Last-Modified") or "", "utf-8")
            with part.open(mode) as file:
                file.truncate(have)
                file.seek(have)
                for chunk in self._chunks(answer, url):
                    file.write(chunk)
                    have += len(chunk)
                    if have > self._most_media_bytes:
                        raise _too_large(url, self._most_media_bytes)
                    progress(have, max(total, have))
                file.flush()
                os.fsync(file.fileno())
            if total and have != total:
                raise Unreachable(without_login(url), f"broke off after {have} of {total} bytes", "It is tried again.")
            return answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @contextmanager
    def _ask(self, url: str, headers: dict[str, str], longest_s: float) -> Iterator[requests.Response]:
        self._wait()
        until = time.monotonic() + longest_s
        with self._session.ending_after(longest_s), self._answer(url, headers) as answer:
            self._asked_at = time.monotonic()
            _check(without_login(url), answer)
            yield answer
        if time.monotonic() >= until:  # what was broken off may look as if it were whole
            raise Unreachable(without_login(url), f"was not through after {longest_s:g} s", "Try again later.")

    def _answer(self, url: str, headers: dict[str, str]) -> requests.Response:
        shown = without_login(url)
        try:
            return self._session.ask("GET", url, headers, _TIMEOUT_S)
        except requests.TooManyRedirects as error:
            raise Unsupported(shown, f"leads on and on ({error})", "Look at it in the old feed.") from None
        except ValueError:  # among them what `requests` says of addresses
            what = "is no address that can be asked, or leads to none"
            raise Unsupported(shown, what, "Look at it in the old feed.") from None
        except requests.RequestException as error:
            raise Unreachable(shown, f"does not answer ({type(error).__name__})", "Try again later.") from None

    def _chunks(self, answer: requests.Response, url: str) -> Iterator[bytes]:
        try:
            yield from answer.iter_content(_CHUNK)
        except requests.RequestException as error:
            what = f"broke off ({type(error).__name__})"
            raise Unreachable(without_login(url), what, "It is tried again.") from None

    def _wait(self) -> None:
        left = self._asked_at + self._pause_s - time.monotonic()
        if left > 0:
            time.sleep(left)


def _inside(owners_address: str) -> frozenset[tuple[str, int]]:
    is_web = owners_address.startswith(("http://", "https://"))
    try:
        return frozenset({place_of(owners_address)}) if is_web else frozenset()
    except ValueError:
        shown = without_login(owners_address)
        raise Unsupported(shown, "is no address that can be asked", "Look at how it is written.") from None


def _kept(part: Path, note: Path) -> tuple[int, str]:
    """All but the last byte, since beyond the end of a whole file there is nothing to ask for."""
    tag = note.read_text("utf-8") if note.is_file() else ""
    have = part.stat().st_size if part.is_file() and tag and not tag.startswith("W/") else 0
    return max(0, have - 1), tag


def _length(answer: requests.Response) -> int:
    """0 where the server does not say it, or says that of something packed, which arrives unpacked."""
    is_packed = answer.headers.get("Content-Encoding", "identity").lower() != "identity"
    said = "" if is_packed else answer.headers.get("Content-Length", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 20 else 0


def _check(url: str, answer: requests.Response) -> None:
    if answer.status_code in _LATER:
        after = answer.headers.get("Retry-After", "")
        if after.isdecimal():
            time.sleep(min(float(after), _LONGEST_PAUSE_S))
        raise Unreachable(url, f"answers {answer.status_code}", "Try again later.")
    if answer.status_code not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        raise Unsupported(url, f"answers {answer.status_code}", "Look whether it is still there.")


def _too_large(url: str, limit: int) -> Unsupported:
    return Unsupported(
        without_login(url), f"has more than {limit // 1_000_000} MB", "Look whether this is the right address."
    )
