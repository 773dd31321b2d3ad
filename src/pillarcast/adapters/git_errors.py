"""What git says when it fails (in English: it runs with LC_ALL=C), in our own errors."""

from __future__ import annotations

import re
from collections.abc import Collection

from pillarcast.adapters.http_words import without_secrets
from pillarcast.errors import AccessDenied, Ambiguous, Conflict, PillarcastError, SettingsError, Unreachable

_LOGIN = re.compile(r"(?<=://)[^/@\s]+@")
_RIGHTS = "Does the token or key allow to push to this branch?"
_AGAIN = "It is tried again."

# Words of git, what they mean, and the mend. The first that is found counts.
_MEANINGS: tuple[tuple[str, type[PillarcastError], str, str], ...] = (
    (r"\[rejected\]|fetch first|non-fast-forward", Conflict, "somebody else pushed meanwhile", _AGAIN),
    (r"cannot lock ref|failed to update ref|reference already exists", Conflict, "another push is under way", _AGAIN),
    (r"hook declined|protected branch|remote rejected", AccessDenied, "the push was declined", _RIGHTS),
    (
        r"Authentication failed|Permission denied|could not read (Username|Password)|error: 40[13]|publickey",
        AccessDenied,
        "git may not go in",
        _RIGHTS,
    ),
    (
        r"not found|does not appear to be a git repository|does not exist|not a git repository",
        SettingsError,
        "there is no git repository at its address",
        "Mend `url` in show.toml.",
    ),
    (
        r"Could not resolve|Connection (refused|timed out)|Failed to connect|Network is unreachable",
        Unreachable,
        "cannot be reached",
        _AGAIN,
    ),
)


def translated(subject: str, said: str, *, is_write: bool) -> PillarcastError:
    """What nothing is known of was perhaps a lost answer: Ambiguous after a push."""
    for words, kind, what, mend in _MEANINGS:
        if re.search(words, said, re.IGNORECASE):
            return kind(subject, f"{what} (git: {_last_line(said)})", mend)
    kind = Ambiguous if is_write else Unreachable
    return kind(subject, f"git failed: {_last_line(said)}", _AGAIN)


def without_credentials(said: str, secrets: Collection[str]) -> str:
    """git names addresses in its errors, logins and all, and prints what the host repeats of them."""
    return _LOGIN.sub("", without_secrets(said, secrets))


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("hint:")]
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "!", "remote:"))]
    return (telling or lines or ["nothing"])[-1][:200].rstrip(".")
