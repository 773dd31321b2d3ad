"""Whether a bucket does what a show needs: tried out with small objects that are removed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote, urlsplit
from uuid import uuid4

import requests

from pillarcast.adapters.bucket_keys import sha256_of
from pillarcast.errors import NeedsOperator, PillarcastError, Problem, problems_of
from pillarcast.ports import Bucket, ObjectMeta

_TIMEOUT_S = (5, 20)
_BODY = b"pillarcast looks whether this can be read"
_SINGLE_WRITER = Problem(
    "bucket",
    "its store cannot compare and swap, so one machine at a time may publish to it",
    "Nothing to do on one machine: a lease in the bucket keeps a second one away.",
    is_warning=True,
)


def check_bucket(bucket: Bucket, public_url: str) -> tuple[Problem, ...]:
    """Every problem with its mend: rights, what the public can read and what it cannot, ranges, compare-and-swap.

    `public_url` is what `public/` is read by, from the listener's side.
    """
    name = uuid4().hex
    try:
        with _standing(bucket, f"private/probe/{name}"), _standing(bucket, f"public/probe/{name}"):
            reading = tuple(_public_problems(public_url, name))
            secrecy = tuple(_private_problems(public_url, name))
            swapping = () if bucket.has_compare_and_swap else (_SINGLE_WRITER,)
    except PillarcastError as error:
        return problems_of(error)
    return (*reading, *secrecy, *swapping)


@contextmanager
def _standing(bucket: Bucket, key: str) -> Iterator[None]:
    """An object that was written and read back, and that is gone afterwards."""
    try:
        bucket.put(key, _BODY, ObjectMeta("text/plain", "no-store", sha256_of(_BODY)))
        _read_back(bucket, key)
        yield
    except BaseException:
        with suppress(PillarcastError):
            bucket.remove(key)
        raise
    bucket.remove(key)
    if bucket.head(key) is not None:
        raise NeedsOperator(key, "it was removed, but stands there still", "Ask whoever runs the store.")


def _read_back(bucket: Bucket, key: str) -> None:
    fetched = bucket.fetch(key)
    if fetched is None or fetched[0] != _BODY:
        raise NeedsOperator(key, "the bucket took it and does not give it back", "Ask whoever runs the store.")


def _public_problems(public_url: str, name: str) -> Iterator[Problem]:
    url = f"{public_url}/probe/{name}"
    whole = _asked("GET", url)
    if isinstance(whole, Problem):
        yield whole
        return
    if whole.status_code in {401, 403}:
        yield Problem(url, "the public may not read it", "Let anybody read public/: `pillarcast bucket setup`.")
        return
    if whole.status_code != 200 or whole.content != _BODY:
        mend = "Set bucket_public_url to the address by which the bucket's public/ is read."
        yield Problem(url, f"another answer ({whole.status_code}) than what was stored there", mend)
        return
    if "aws-chunked" in whole.headers.get("Content-Encoding", ""):
        yield Problem(url, "the store adds `aws-chunked`, which players do not understand", "Use another store.")
    head = _asked("HEAD", url)
    if isinstance(head, Problem) or head.headers.get("Content-Length") != str(len(_BODY)):
        yield Problem(url, "HEAD does not tell its length", "Apps need it: let the CDN pass HEAD through.")
    middle = _asked("GET", url, Range="bytes=3-9")
    if isinstance(middle, Problem) or middle.status_code != 206 or middle.content != _BODY[3:10]:
        yield Problem(url, "it cannot be read in ranges", "Apps seek by them: let the CDN pass Range through.")


def _private_problems(public_url: str, name: str) -> Iterator[Problem]:
    """By the ways that somebody would try who knows the key of a private object."""
    above, _, last = public_url.rpartition("/public")
    escape = f"{public_url}/..%2Fprivate/probe/{name}"
    plain = f"{above}/private{last}/probe/{name}" if above else ""
    for url in filter(None, (plain, escape)):
        answer = _asked("GET", url)
        if not isinstance(answer, Problem) and answer.content == _BODY:
            yield Problem(url, "anybody can read what is private", "Let anybody read public/ only, nothing above it.")


def _asked(method: str, url: str, **headers: str) -> requests.Response | Problem:
    try:
        answer = requests.request(method, url, headers={"Accept-Encoding": "identity", **headers}, timeout=_TIMEOUT_S)
        answer.content  # noqa: B018 - read it here, where its errors are caught
    except requests.RequestException as error:
        host = urlsplit(url).netloc.rpartition("@")[2]
        mend = "Check the bucket's public address and the network."
        return Problem(quote(url, safe=":/%"), f"{host} does not answer ({type(error).__name__})", mend)
    return answer
