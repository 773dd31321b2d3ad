"""HTTP with bounds (time, size, redirects, where credentials may go), its failures told in our own errors."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from pillarcast import __version__
from pillarcast.adapters.http_session import MOST_REDIRECTS, BoundedSession, is_loopback
from pillarcast.adapters.http_words import forms_of, said_by, without_secrets
from pillarcast.errors import (
    AccessDenied,
    Ambiguous,
    NeedsOperator,
    PillarcastError,
    SettingsError,
    Unreachable,
    Unsupported,
)

_REDIRECTS = frozenset({301, 302, 307, 308})
_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Answer:
    """One whole answer. `headers` are looked up whatever their capitals."""

    subject: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    is_write: bool = False

    def json(self) -> Any:
        """The body as JSON. One that cannot be read says nothing of what was done: Ambiguous after a write."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            what = f"answered HTTP {self.status} with something else than JSON"
            raise lost(self.subject, what, is_write=self.is_write) from error

    def words(self, secrets: Collection[str] = ()) -> str:
        """The status and what the server says of it, without `secrets`, short enough for a message."""
        return said_by(self.status, self.body, secrets)


class Http:
    """One server, called `subject` in every message. `credentials` makes the Authorization header of each request.

    Raises Unreachable, or Ambiguous where a write may have happened all the same; AccessDenied for 401 and 403;
    SettingsError for an address that credentials must not be sent to. Every other status is returned.
    `mend` says what to do about a refusal, given the server's words; `secret` and what was made of it for the
    request are blotted out of them. An exchange as a whole ends after four times `timeout_s`.
    """

    def __init__(
        self,
        subject: str,
        credentials: Callable[[], str] | None = None,
        *,
        mend: Callable[[str], str] = lambda _words: "",
        secret: str = "",
        timeout_s: float = 30,
        most_bytes: int = 16_000_000,
    ) -> None:
        self._subject, self._credentials, self._mend, self._secret = subject, credentials, mend, secret
        self._timeout_s, self._most_bytes = timeout_s, most_bytes
        self._sent = ""
        self._session = BoundedSession(trust_env=True)
        self._session.auth = self._authorized  # set always, or requests would take credentials from ~/.netrc
        self._session.headers["User-Agent"] = f"pillarcast/{__version__}"

    def get(self, url: str, params: Mapping[str, object] | None = None) -> Answer:
        """Follows a few redirects; with credentials none that leads to another host."""
        address = url
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._send("GET", address, is_write=False, params=params)
            if answer.status not in _REDIRECTS:
                return self._checked(answer)
            target = self._led_to(address, answer)
            self._check_redirect(address, target)
            address, params = target, None
        raise Unsupported(self._subject, f"redirects more than {MOST_REDIRECTS} times", "Mend its address.")

    def write(self, method: str, url: str, **body: Any) -> Answer:
        """One attempt at a change. `body` is what `requests` takes: json, data, files, params, headers."""
        answer = self._send(method, url, is_write=True, **body)
        if answer.status in _REDIRECTS:
            raise self._moved(self._led_to(url, answer))
        return self._checked(answer)

    def refused(self, answer: Answer, what: str) -> NeedsOperator:
        """The error for a status that time does not heal."""
        return Unsupported(self._subject, f"{what}: {self._said(answer)}", "Read what it says, and mend that.")

    def _authorized(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._credentials is not None:
            self._sent = self._credentials()
            request.headers["Authorization"] = self._sent
        return request

    def _send(self, method: str, url: str, *, is_write: bool, **parts: Any) -> Answer:
        self.check_address(url)
        span_s = 4 * self._timeout_s
        until = time.monotonic() + span_s
        try:
            with (
                self._session.ending_after(span_s),
                self._session.request(
                    method, url, timeout=(10, self._timeout_s), stream=True, allow_redirects=False, **parts
                ) as response,
            ):
                body = self._read(response, is_write=is_write)
        except requests.RequestException as error:
            if time.monotonic() < until:
                raise self._translated(error, is_write=is_write) from error
        except ValueError:  # of a header that would not be one; it is quoted there, secret and all
            what = "its address or its secret holds characters that cannot be sent"
            raise SettingsError(self._subject, what, "Write them again, without a line break.") from None
        if time.monotonic() >= until:
            raise lost(self._subject, "answers too slowly", is_write=is_write)
        return Answer(self._subject, response.status_code, response.headers, body, is_write)

    def _read(self, response: requests.Response, *, is_write: bool) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(65536):
            body += chunk
            if len(body) > self._most_bytes:
                raise lost(self._subject, f"answers more than {self._most_bytes} bytes", is_write=is_write)
        return bytes(body)

    def _translated(self, error: requests.RequestException, *, is_write: bool) -> PillarcastError:
        match error:
            case requests.exceptions.SSLError():
                return Unsupported(self._subject, "its certificate is not valid", "Renew it, or mend the address.")
            case requests.exceptions.InvalidURL() | requests.exceptions.MissingSchema():
                return _no_url(self._subject)
            case requests.Timeout() if not isinstance(error, requests.ConnectTimeout):
                return lost(self._subject, f"did not answer within {self._timeout_s:g} s", is_write=is_write)
            case _ if _is_before_sending(error):
                return Unreachable(self._subject, "cannot be reached", "Nothing was sent; it is tried again.")
            case _:
                return lost(self._subject, "broke the connection off", is_write=is_write)

    def _checked(self, answer: Answer) -> Answer:
        if answer.status in (401, 403):
            raise AccessDenied(self._subject, self._said(answer), self._mend(answer.words()))
        if answer.status in _LATER or answer.status >= 500:
            after = answer.headers.get("Retry-After", "")
            asked = f", and asks to wait {after} s" if after.isdecimal() else ""
            raise lost(self._subject, self._said(answer) + asked, is_write=answer.is_write)
        return answer

    def check_address(self, url: str) -> None:
        """SettingsError for an address that credentials must not be sent to, and that must not name another one."""
        try:
            parts = urlsplit(url)
        except ValueError:
            raise _no_url(self._subject) from None
        if self._credentials is not None and parts.scheme == "http" and not is_loopback(parts.hostname):
            what = "its address begins with http://, which would send the password in clear"
            raise SettingsError(self._subject, what, "Write https:// in show.toml.")

    def _led_to(self, url: str, answer: Answer) -> str:
        try:
            target = urljoin(url, answer.headers.get("Location", ""))
            _host(urlsplit(target))
        except ValueError:
            raise Unsupported(self._subject, "redirects to what is no address", "Mend that there.") from None
        return target

    def _check_redirect(self, url: str, target: str) -> None:
        before, after = urlsplit(url), urlsplit(target)
        is_downgrade = before.scheme == "https" and after.scheme != "https"
        if after.scheme not in ("http", "https") or is_downgrade:
            raise self._moved(target)
        if self._credentials is not None and _host(before) != _host(after):
            raise self._moved(target)

    def _moved(self, target: str) -> SettingsError:
        parts = urlsplit(target)
        address = without_secrets(f"{_shown(parts)}{parts.path[:200]}", self._secrets())
        return SettingsError(self._subject, f"its address leads on to {address}", "Write that address in show.toml.")

    def _said(self, answer: Answer) -> str:
        return answer.words(self._secrets())

    def _secrets(self) -> frozenset[str]:
        """What must not be repeated: the secret, and the header that was made of it."""
        return forms_of(self._secret) | forms_of(self._sent.partition(" ")[2])


def lost(subject: str, what: str, *, is_write: bool) -> Ambiguous | Unreachable:
    """An answer that says nothing: after a write nobody knows whether it happened."""
    if is_write:
        return Ambiguous(subject, f"{what}; the change may have happened all the same", "It is looked up and repeated.")
    return Unreachable(subject, what, "It is tried again.")


def _no_url(subject: str) -> SettingsError:
    return SettingsError(subject, "its address is no URL", "Write it as https://… in show.toml.")


def _is_before_sending(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _host(parts: SplitResult) -> tuple[str | None, int | None]:
    """Another port may be another server, but http on 80 and https on 443 are one."""
    return parts.hostname, None if parts.port in (None, 80, 443) else parts.port


def _shown(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
