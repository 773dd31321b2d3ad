"""Keeps Prefect's UI from calling home. No import of Prefect.

Its pages load settings of an analytics service before they ask whether analytics are wanted, so that the switch
(PREFECT_SERVER_ANALYTICS_ENABLED) comes too late. The browser is told that they may speak to their own server alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

_POLICY = (b"content-security-policy", b"connect-src 'self'")

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


def at_home(app: App) -> App:
    """The same ASGI application, with the policy on each answer."""

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), _POLICY]
            await send(message)

        await app(scope, receive, send_with_policy)

    return serve
