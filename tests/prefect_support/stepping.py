"""Bodies of flows, run at an hour of our own choice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.desk import Body, at_desk
from flows.ingest import take_drops
from flows.orders import IngestOrder
from tests.prefect_support.running import run
from tests.show_support.place import Place


def ended(show: Place, moment: datetime, body: Body) -> State[Any]:
    """How a run ends whose clock shows `moment`; it stands in Prefect as `stepped`."""
    show.clock.moment = moment

    @flow(name="stepped")
    async def stepped() -> State[Any]:
        return await at_desk(body, show.clock)

    return run(stepped)


def at(show: Place, moment: datetime, body: Body) -> str:
    """What a run says that ends well."""
    state = ended(show, moment, body)
    assert state.is_completed(), state.message
    return state.message or ""


def take(show: Place, moment: datetime) -> str:
    return at(show, moment, lambda desk: take_drops(desk, IngestOrder()))
