"""A branch of a git repository, read and written without a work tree: no checkout, no filters, nothing half done.

The folder is a cache and may be removed at any time. A change is one commit on top of what was read; the push is
refused by git itself when somebody was quicker, so that a push is a compare-and-swap.
"""

from __future__ import annotations

import base64
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from pillarcast.adapters.git_errors import translated, without_credentials
from pillarcast.adapters.http_words import forms_of
from pillarcast.errors import Ambiguous, SettingsError, Unreachable, Unsupported

_IDENTITY = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "pillarcast"), ("EMAIL", "pillarcast@localhost"))
}

_KEPT_S = 24 * 3600


class GitRepository:
    """`url` is what git takes, a path included; `token` is for https and never seen in a command line."""

    def __init__(self, subject: str, url: str, branch: str, folder: Path, *, user: str = "", token: str = "") -> None:
        self._subject, self._url, self._branch, self._folder = subject, url, branch, folder
        self._secrets = forms_of(token) | forms_of(_login(user, token))
        self._environment = _environment(subject, url, user, token)

    def head(self) -> str:
        """The newest commit of the branch, fetched; empty for a repository in which nothing is yet."""
        if not (self._folder / "HEAD").exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._git("init", "--quiet", "--bare")
        mine = f"refs/fetched/{int(time.time())}-{uuid4().hex}"
        wanted = f"+refs/heads/{self._branch}:{mine}"
        done = self._run(
            ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", self._url, wanted), is_remote=True
        )
        if b"couldn't find remote ref" in done.stderr:
            self._check_empty()
            return ""
        self._said(done, is_write=False)
        self._forget_old()
        return self._git("rev-parse", mine).strip()

    def read(self, commit: str, path: str) -> str | None:
        """A text file, or None where there is none."""
        if not commit or not self._git("ls-tree", commit, "--", path).strip():
            return None
        return self._git("cat-file", "blob", f"{commit}:{path}")

    def paths_with(self, commit: str, word: str) -> tuple[str, ...]:
        """Every file that holds `word`."""
        if not commit:
            return ()
        done = self._run(("grep", "-z", "-l", "-F", "-e", word, commit, "--"))
        found = done.stdout.decode("utf-8", "surrogateescape").split("\0")
        return tuple(sorted(line.removeprefix(f"{commit}:") for line in found if line))

    def last_removed(self, commit: str, path: str) -> str | None:
        """What a file held when it was removed, or None where none ever was."""
        if not commit:
            return None
        removal = self._git("log", "-1", "--format=%H", "--diff-filter=D", commit, "--", path).strip()
        return self.read(f"{removal}^", path) if removal else None

    def names(self, commit: str) -> tuple[str, ...]:
        """Files and folders at the top."""
        return tuple(self._git("ls-tree", "--name-only", commit).splitlines()) if commit else ()

    def write(self, parent: str, path: str, text: str, message: str) -> None:
        """One commit with one changed file, pushed. Conflict when the branch has moved on since `parent`."""
        blob = self._git("hash-object", "-w", "--stdin", stdin=text).strip()
        with tempfile.TemporaryDirectory(prefix="pillarcast-index-") as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            if parent:
                self._git("read-tree", parent, more=index)
            self._git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", more=index)
            tree = self._git("write-tree", more=index).strip()
        parents = ("-p", parent) if parent else ()
        commit = self._git("commit-tree", tree, *parents, "-m", message).strip()
        self._push(commit)

    def check_push(self, commit: str) -> None:
        """Asks whether we might push, and changes nothing."""
        if commit:
            self._push(commit, "--dry-run")

    def _push(self, commit: str, *options: str) -> None:
        wanted = f"{commit}:refs/heads/{self._branch}"
        self._git("push", "--quiet", *options, "--", self._url, wanted, is_remote=True, is_write=not options)

    def _check_empty(self) -> None:
        if self._git("ls-remote", "--heads", "--", self._url, is_remote=True).strip():
            mend = "Write the branch as it is called there into show.toml."
            raise SettingsError(self._subject, f"has no branch “{self._branch}”", mend)

    def _forget_old(self) -> None:
        """What was fetched before yesterday. Younger ones another run may be reading at this moment."""
        for ref in self._git("for-each-ref", "--format=%(refname)", "refs/fetched").split():
            fetched_at = ref.rpartition("/")[2].partition("-")[0]
            if not fetched_at.isdigit() or int(fetched_at) < time.time() - _KEPT_S:
                self._run(("update-ref", "-d", ref))

    def _git(
        self,
        *command: str,
        stdin: str = "",
        more: Mapping[str, str] | None = None,
        is_remote: bool = False,
        is_write: bool = False,
    ) -> str:
        return self._said(self._run(command, stdin, more, is_remote=is_remote, is_write=is_write), is_write=is_write)

    def _said(self, done: subprocess.CompletedProcess[bytes], *, is_write: bool) -> str:
        if done.returncode:
            said = without_credentials(done.stderr.decode(errors="replace"), self._secrets)
            raise translated(self._subject, said, is_write=is_write)
        return done.stdout.decode("utf-8", "surrogateescape")

    def _run(
        self,
        command: tuple[str, ...],
        stdin: str = "",
        more: Mapping[str, str] | None = None,
        *,
        is_remote: bool = False,
        is_write: bool = False,
    ) -> subprocess.CompletedProcess[bytes]:
        timeout_s = 180 if is_remote else 60
        try:
            return subprocess.run(  # noqa: S603 - arguments are ours, and values stand behind `--`
                ("git", *command),  # noqa: S607 - the git of the PATH is meant
                cwd=self._folder,
                env={**self._environment, **(more or {})},
                input=stdin.encode("utf-8", "surrogateescape"),
                capture_output=True,
                timeout=timeout_s,
                check=False,
            )
        except FileNotFoundError as error:
            raise Unsupported(self._subject, "git is not installed here", "Install git.") from error
        except subprocess.TimeoutExpired as error:
            kind = Ambiguous if is_write else Unreachable
            raise kind(self._subject, f"git got no answer within {timeout_s} s", "It is tried again.") from error


def _environment(subject: str, url: str, user: str, token: str) -> dict[str, str]:
    """Ours without the variables of a surrounding repository; git never asks a question."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    settings = dict(_settings(subject, url, user, token))
    for number, (name, value) in enumerate(settings.items()):
        kept |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    kept["GIT_CONFIG_COUNT"] = str(len(settings))
    silent = {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
        "LC_ALL": "C",
        "GIT_LITERAL_PATHSPECS": "1",
    }
    return kept | _IDENTITY | silent


def _settings(subject: str, url: str, user: str, token: str) -> Iterator[tuple[str, str]]:
    yield "gc.auto", "0"
    yield "http.followRedirects", "false"
    if not token:
        return
    parts = urlsplit(url)
    if parts.scheme != "https":
        mend = "Write the https:// address of the repository, or leave the token out."
        raise SettingsError(subject, "a token is only sent by https", mend)
    basic = base64.b64encode(_login(user, token).encode()).decode()
    yield f"http.{parts.scheme}://{parts.netloc.rpartition('@')[2]}/.extraHeader", f"Authorization: Basic {basic}"


def _login(user: str, token: str) -> str:
    return f"{user or 'x-access-token'}:{token}" if token else ""
