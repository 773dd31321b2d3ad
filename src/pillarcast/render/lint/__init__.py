"""Lint: what directories and apps demand of a feed, as profiles of rules; any feed in the world, ours or not."""

from __future__ import annotations

from pillarcast.render.lint.findings import Finding, Profile, Severity, exit_code
from pillarcast.render.lint.rules import lint

__all__ = ["Finding", "Profile", "Severity", "exit_code", "lint"]
