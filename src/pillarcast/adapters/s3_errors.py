"""What botocore raises, in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pillarcast.errors import (
    AccessDenied,
    Ambiguous,
    Conflict,
    NeedsOperator,
    PillarcastError,
    Unreachable,
    Unsupported,
)

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

_KEYS = "Put the keys of this bucket into PILLARCAST_ACCESS_KEY and PILLARCAST_SECRET_KEY."
_RIGHTS = "Give this key the rights of infra/s3/publisher-policy.json."
_LATER = "It is tried again later."


class StillChanging(Conflict):
    """Two writes at once; the store refused ours without looking at its condition, so it may be repeated."""


class GoneUpload(Conflict):
    """Somebody completed or aborted this upload; or we did, and the answer was lost."""


_BY_CODE: dict[str, tuple[type[PillarcastError], str, str]] = {
    "InvalidAccessKeyId": (AccessDenied, "the store does not know the access key", _KEYS),
    "SignatureDoesNotMatch": (AccessDenied, "the secret key does not fit the access key", _KEYS),
    "ExpiredToken": (AccessDenied, "the credentials have expired", _KEYS),
    "InvalidToken": (AccessDenied, "the session token is wrong", _KEYS),
    "AccessDenied": (AccessDenied, "the store refuses this to our key", _RIGHTS),
    "RequestTimeTooSkewed": (AccessDenied, "this machine's clock is wrong", "Set the clock, then try again."),
    "NoSuchBucket": (NeedsOperator, "there is no such bucket", "Create it: `pillarcast bucket setup`."),
    "PermanentRedirect": (NeedsOperator, "the bucket is in another region", "Set the bucket's region."),
    "AuthorizationHeaderMalformed": (NeedsOperator, "the bucket is in another region", "Set the bucket's region."),
    "PreconditionFailed": (Conflict, "somebody else changed it first", _LATER),
    "ConditionalRequestConflict": (StillChanging, "somebody else is changing it now", _LATER),
    "OperationAborted": (StillChanging, "somebody else is changing it now", _LATER),
    "NoSuchUpload": (GoneUpload, "the upload was ended by somebody else", _LATER),
    "BadDigest": (Unreachable, "the bytes were damaged on their way to the store", _LATER),
    "XAmzContentChecksumMismatch": (Unreachable, "the bytes were damaged on their way to the store", _LATER),
    "RequestTimeout": (Unreachable, "the store waited too long for the bytes", _LATER),
    "QuotaExceeded": (NeedsOperator, "the store is full", "Make room, or raise its limit."),
    "StorageFull": (NeedsOperator, "the store is full", "Make room, or raise its limit."),
    "EntityTooLarge": (Unsupported, "the store takes no object of this size", ""),
    "NotImplemented": (Unsupported, "the store cannot do this", ""),
}
_BY_STATUS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "AccessDenied",
    HTTPStatus.FORBIDDEN: "AccessDenied",
    HTTPStatus.CONFLICT: "ConditionalRequestConflict",
    HTTPStatus.PRECONDITION_FAILED: "PreconditionFailed",
    HTTPStatus.METHOD_NOT_ALLOWED: "NotImplemented",
    HTTPStatus.NOT_IMPLEMENTED: "NotImplemented",
    HTTPStatus.INSUFFICIENT_STORAGE: "StorageFull",
}
ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def status_of(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def is_absent(error: ClientError) -> bool:
    """True where the object, not the bucket, is not there."""
    return code_of(error) in ABSENT


@contextmanager
def translated(subject: object, *, is_write: bool = False) -> Iterator[None]:
    """Raises ours for botocore's. A lost answer is Ambiguous where something was to change, else Unreachable."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - loaded with the client

    try:
        yield
    except ClientError as error:
        raise _of_answer(str(subject), error, is_write=is_write) from error
    except BotoCoreError as error:
        raise _of_silence(str(subject), error, is_write=is_write) from error


def _of_answer(subject: str, error: ClientError, *, is_write: bool) -> PillarcastError:
    code, status = code_of(error), status_of(error)
    if is_write and is_absent(error):  # AWS answers If-Match on an absent key with 404
        return Conflict(subject, "somebody else removed it first", _LATER)
    known = _BY_CODE.get(code) or _BY_CODE.get(_BY_STATUS.get(status, ""))
    if known:
        kind, what, mend = known
        return kind(subject, f"{what} ({code or status})", mend)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return Unreachable(subject, f"the store is busy or ailing ({code or status})", _LATER)
    message: Any = error.response.get("Error", {}).get("Message", "")
    return Unsupported(subject, f"the store answered {code or status}: {message}")


def _of_silence(subject: str, error: BotoCoreError, *, is_write: bool) -> PillarcastError:
    from botocore import exceptions as raised  # noqa: PLC0415

    match error:
        case raised.NoCredentialsError() | raised.PartialCredentialsError():
            return AccessDenied(subject, "no access key is set", _KEYS)
        case raised.SSLError():
            return NeedsOperator(
                subject, "its certificate cannot be trusted", "Check the endpoint and its certificate."
            )
        case raised.EndpointConnectionError() | raised.ConnectTimeoutError() | raised.ProxyConnectionError():
            return Unreachable(subject, "it cannot be reached", "Check the endpoint and the network.")
        case raised.HTTPClientError() | raised.ResponseStreamingError() | raised.IncompleteReadError():
            kind = Ambiguous if is_write else Unreachable
            return kind(subject, f"the connection broke ({type(error).__name__})", _LATER)
        case _:
            return NeedsOperator(subject, f"{type(error).__name__}: {error}", "Check the settings of the bucket.")
