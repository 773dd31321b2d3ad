"""One writer at a time, for stores that cannot compare and swap."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from types import TracebackType
from typing import Self
from uuid import uuid4

from pillarcast.adapters.bucket_keys import sha256_of
from pillarcast.errors import Conflict, PillarcastError, TryAgain
from pillarcast.ports import Bucket, Clock, ObjectMeta

KEY = "private/lease.json"

_LASTS = timedelta(minutes=2)
_SLACK = timedelta(seconds=30)
_SETTLE_S = 2.0


@dataclass(frozen=True)
class _Claim:
    holder: str
    token: str
    until: datetime


class WriterLease:
    """A context in which nobody else writes; a no-op where the store compares and swaps.

    `holder` names us to others, such as a host name. A claim is written, left alone for `settle_s`, and read back:
    of two who claim at once, the later write stands and the other gives way. That holds while a write takes less
    than `settle_s` and clocks differ by less than 30 s, which is why stores with compare-and-swap are preferred.
    """

    def __init__(
        self,
        bucket: Bucket,
        holder: str,
        clock: Clock,
        *,
        lasts: timedelta = _LASTS,
        settle_s: float = _SETTLE_S,
    ) -> None:
        self._bucket = bucket
        self._holder = holder
        self._clock = clock
        self._lasts = lasts
        self._settle_s = settle_s
        self._token = uuid4().hex
        self._ended = Event()
        self._lost: PillarcastError | None = None
        self._renewal: Thread | None = None

    def __enter__(self) -> Self:
        """Conflict while somebody else holds it."""
        if self._bucket.has_compare_and_swap:
            return self
        self._refuse_others()
        self._claim()
        time.sleep(self._settle_s)
        self._refuse_others()
        self._renewal = Thread(target=self._renew, name="lease", daemon=True)
        self._renewal.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._renewal is None:
            return
        self._ended.set()
        self._renewal.join()
        standing = self._standing()
        if standing and standing.token == self._token:
            self._bucket.remove(KEY)

    def check(self) -> None:
        """Conflict where the lease was lost, as after this machine slept. Call it before what must happen once."""
        if self._lost:
            raise self._lost
        if self._renewal:
            self._refuse_others()

    def _refuse_others(self) -> None:
        standing = self._standing()
        if standing is None or standing.token == self._token:
            return
        if self._clock.now() < standing.until + _SLACK:
            what = f"{standing.holder} is publishing, until {standing.until:%H:%M:%S} UTC at the latest"
            raise Conflict("bucket", what, "Wait for it, or stop it there.")

    def _claim(self) -> None:
        claim = {"holder": self._holder, "token": self._token, "until": (self._clock.now() + self._lasts).isoformat()}
        body = json.dumps(claim).encode()
        self._bucket.put(KEY, body, ObjectMeta("application/json", "no-store", sha256_of(body)))

    def _standing(self) -> _Claim | None:
        found = self._bucket.fetch(KEY)
        if found is None:
            return None
        try:
            claim = json.loads(found[0])
            return _Claim(claim["holder"], claim["token"], datetime.fromisoformat(claim["until"]))
        except (ValueError, KeyError, TypeError):
            return None

    def _renew(self) -> None:
        while not self._ended.wait(self._lasts.total_seconds() / 4):
            try:
                self._refuse_others()
                self._claim()
            except TryAgain as error:
                if isinstance(error, Conflict):
                    self._lost = error
                    return
            except PillarcastError as error:
                self._lost = error
                return
