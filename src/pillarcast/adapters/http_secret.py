"""Secrets of blogs come from the environment; one that is missing is told by the name that it should have."""

from __future__ import annotations

from pillarcast.errors import SettingsError
from pillarcast.model.show import BlogTarget


def checked_secret(target: BlogTarget, secret: str, what: str) -> str:
    """`secret` when there is one; `what` says what it is on this engine."""
    if secret.strip():
        return secret
    name = f"PILLARCAST_BLOG_{target.name.upper().replace('-', '_')}_SECRET"
    raise SettingsError(f"blog {target.name}", f"{name} is not set", f"Set it to {what}.")
