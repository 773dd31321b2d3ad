"""Runs a flow here, as anybody may who calls it from Python."""

from __future__ import annotations

import asyncio
from typing import Any

from prefect.client.schemas.objects import State
from prefect.logging.handlers import APILogHandler


def run(flow: Any, *arguments: Any) -> State[Any]:
    """Its end, with its log already at the server."""
    state: State[Any] = asyncio.run(flow(*arguments, return_state=True))
    APILogHandler().flush()
    return state
