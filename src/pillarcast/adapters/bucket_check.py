"""Whether a bucket does what a show needs: tried out with small objects that are removed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote, urlsplit
from uuid import uuid4

from pillarcast.adapters.bucket_keys import sha256_of
from pillarcast.adapters.public import WebPublic
from pillarcast.errors import NeedsOperator, PillarcastError, Problem, problems_of
from pillarcast.ports import Answer, Bucket, ObjectMeta

_LONGEST_S = 30.0
_MOST_BYTES = 1_000_000
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
    if whole.status in {401, 403}:
        yield Problem(url, "the public may not read it", "Let anybody read public/: `pillarcast bucket setup`.")
        return
    if whole.status != 200 or whole.body != _BODY:
        mend = "Set bucket_public_url to the address by which the bucket's public/ is read."
        yield Problem(url, f"another answer ({whole.status}) than what was stored there", mend)
        return
    if "aws-chunked" in whole.headers.get("content-encoding", ""):
        yield Problem(url, "the store adds `aws-chunked`, which players do not understand", "Use another store.")
    head = _asked("HEAD", url)
    if isinstance(head, Problem) or head.headers.get("content-length") != str(len(_BODY)):
        yield Problem(url, "HEAD does not tell its length", "Apps need it: let the CDN pass HEAD through.")
    middle = _asked("GET", url, 3, 9)
    if isinstance(middle, Problem) or middle.status != 206 or middle.body != _BODY[3:10]:
        yield Problem(url, "it cannot be read in ranges", "Apps seek by them: let the CDN pass Range through.")


def _private_problems(public_url: str, name: str) -> Iterator[Problem]:
    """By the ways that somebody would try who knows the key of a private object."""
    above, _, last = public_url.rpartition("/public") if "/public" in urlsplit(public_url).path else ("", "", "")
    escape = f"{public_url}/..%2Fprivate/probe/{name}"
    plain = f"{above}/private{last}/probe/{name}" if above else ""
    for url in filter(None, (plain, escape)):
        answer = _asked("GET", url)
        if not isinstance(answer, Problem) and answer.body == _BODY:
            yield Problem(url, "anybody can read what is private", "Let anybody read public/ only, nothing above it.")


def _asked(method: str, url: str, first: int | None = None, last: int | None = None) -> Answer | Problem:
    public = WebPublic(longest_s=_LONGEST_S, most_bytes=_MOST_BYTES)
    try:
        return public.head(url) if method == "HEAD" else public.get(url, first, last)
    except PillarcastError as error:
        mend = "Check the bucket's public address and the network."
        return Problem(quote(error.problem.subject, safe=":/%"), error.problem.what, mend)
