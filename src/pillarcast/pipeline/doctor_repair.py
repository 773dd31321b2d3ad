"""The doctor's cures, carried out in an order in which each may rely on those before it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import assert_never

from pillarcast.errors import NeedsOwner, NotVerified
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.diagnosis import (
    BringBack,
    Cure,
    Finding,
    IndexAnew,
    KeepVersion,
    MasterAnew,
    PostAgain,
    Publish,
    Recover,
    Remove,
    Sweep,
    WriteAgain,
)
from pillarcast.model.wanted import PRIVATE
from pillarcast.pipeline.doctor import doctor
from pillarcast.pipeline.doctor_sweep import sweep
from pillarcast.pipeline.intending import Touched, doubted
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.restoring import recovered
from pillarcast.pipeline.staging import stage
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.versions import keep_standing
from pillarcast.ports import ObjectMeta

_ORDER = (Recover, IndexAnew, BringBack, MasterAnew, WriteAgain, Remove, PostAgain, Publish, KeepVersion, Sweep)


def repair(studio: Studio, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Carries out every cure, publishes what came of it, and says what is left. Safe to repeat.

    A lost catalogue is brought back first; what it then disagrees with is looked for anew.
    """
    found = tuple(findings)
    if any(isinstance(finding.cure, Recover) for finding in found):
        with studio.writing():
            recovered(studio)
        found = doctor(studio)
    cures = sorted({finding.cure for finding in found if finding.cure}, key=_place)
    with studio.writing():
        for cure in cures:
            _carry_out(studio, cure)
        sweep(studio, {cure.key for cure in cures if isinstance(cure, Sweep)})
    if not all(isinstance(cure, Sweep) for cure in cures):
        with suppress(NotVerified, NeedsOwner):  # what keeps it from being published is found again, and said
            publish(studio, Request())
    return doctor(studio)


def _place(cure: Cure) -> tuple[int, str]:
    return _ORDER.index(type(cure)), repr(cure)


def _carry_out(studio: Studio, cure: Cure) -> None:
    match cure:
        case Recover() | Publish() | Sweep():
            pass  # the first before, the others after all others
        case IndexAnew():
            studio.store.index_anew()
        case KeepVersion():
            keep_standing(studio.bucket)
        case BringBack(twin=twin, file=file):
            studio.bucket.copy(twin, file.key, ObjectMeta(file.media_type, PRIVATE, file.sha256))
        case MasterAnew(guid=guid):
            _master_anew(studio, guid)
        case WriteAgain(key=key):
            _doubt(studio, Touched(objects={key}))
        case PostAgain(record=record):
            _doubt(studio, Touched(posts={record}))
        case Remove(key=key):
            _remove(studio, key)
        case _:
            assert_never(cure)


def _master_anew(studio: Studio, guid: str) -> None:
    def without_master(catalogue: Catalogue) -> Catalogue:
        entry = catalogue.entry(guid)
        if entry.published_at is not None:
            return catalogue  # it went on air meanwhile
        return catalogue.with_entry(entry.model_copy(update={"master": None, "alternates": ()}))

    studio.store.change(without_master)
    stage(studio, guid)


def _doubt(studio: Studio, touched: Touched) -> None:
    studio.store.change(lambda catalogue: doubted(catalogue, touched))


def _remove(studio: Studio, key: str) -> None:
    """Unless a run that began after we looked says that it needs it."""
    if key not in studio.store.load().catalogue.receipts:
        studio.bucket.remove(key)
