"""The REST interface of one WordPress: where it is, who we are there, and its refusals in words."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from pillarcast.adapters.http import Answer, Http
from pillarcast.adapters.http_secret import checked_secret
from pillarcast.errors import AccessDenied, Conflict, Unsupported
from pillarcast.model.show import BlogTarget

Json = dict[str, Any]

# The code that WordPress gives with a 401 or 403, and what helps.
_MENDS = {
    "rest_not_logged_in": "Compare user name and application password with Users > Profile in WordPress. If both are "
    "right, the web server drops the Authorization header: ask your host to pass it on to PHP "
    '(Apache: `SetEnvIf Authorization "(.*)" HTTP_AUTHORIZATION=$1`).',
    "incorrect_password": "Make a new application password under Users > Profile, and set it anew.",
    "invalid_username": "Write the user name as it stands under Users in WordPress.",
    "invalid_email": "Write the user name as it stands under Users in WordPress.",
    "application_passwords_disabled": "Application passwords are off; they need https, and no plugin against them.",
    "rest_cannot_create": "Give the account the role Author, or a higher one.",
    "rest_cannot_publish": "Give the account the role Author, or a higher one.",
    "rest_cannot_edit": "Another account wrote it: give this one the role Editor.",
    "rest_forbidden_context": "Another account wrote it: give this one the role Editor.",
    "rest_cannot_delete": "Another account wrote it: give this one the role Editor.",
}
_ELSE = "Compare user name, application password and role with WordPress; a security plugin may refuse, too."


class WordPressApi:
    """`password` is an application password of `target.user`. `subject` names the blog in every message."""

    def __init__(self, target: BlogTarget, password: str, timeout_s: float = 30) -> None:
        self.subject = f"blog {target.name}"
        checked_secret(target, password, "an application password of that account")
        token = base64.b64encode(f"{target.user}:{password}".encode()).decode()
        self.http = Http(self.subject, lambda: f"Basic {token}", mend=_mend, secret=password, timeout_s=timeout_s)
        self._home = target.url.rstrip("/")
        self._root = ""

    @property
    def root(self) -> str:
        """Where the interface begins: `/wp-json/`, or `?rest_route=/` on a blog with plain links."""
        if not self._root:
            self._root, _ = self.front()
        return self._root

    def front(self) -> tuple[str, Json]:
        """The address of the interface, and what it says of itself. Unsupported when there is none."""
        for root in (f"{self._home}/wp-json/", f"{self._home}/?rest_route=/"):
            answer = self.http.get(root)
            if answer.status == 200 and answer.body.lstrip()[:1] == b"{":
                return root, answer.json()
        mend = "Is the address right? A security plugin may have switched the REST API off."
        raise Unsupported(self.subject, f"no WordPress REST API answers at {self._home}", mend)

    def get(self, path: str, **params: object) -> Any:
        """A JSON answer. Unsupported for refusals, after which repeating is of no use."""
        answer = self.http.get(self.root + path, _flat(params))
        return self._accepted(answer, f"does not show {path}").json()

    def find(self, path: str) -> Json | None:
        """One thing, or None where there is none."""
        answer = self.http.get(self.root + path, {"context": "edit"})
        return None if answer.status == 404 else self._accepted(answer, f"does not show {path}").json()

    def send(self, path: str, fields: Json) -> Json:
        """Creates below a collection, changes below an id. Conflict when that id is gone meanwhile."""
        answer = self.http.write("POST", self.root + path, json=fields)
        if answer.status in (404, 410) and path[-1].isdecimal():
            raise Conflict(self.subject, f"{path} was removed meanwhile", "It is looked up again.")
        sent: Json = self._accepted(answer, f"refuses {path}").json()
        return sent

    def upload(self, fields: Mapping[str, str], file: tuple[str, bytes, str]) -> Json:
        """Media: (name, bytes, media type) of one file, and what is said of it."""
        answer = self.http.write("POST", self.root + "wp/v2/media", data=dict(fields), files={"file": file})
        sent: Json = self._accepted(answer, f"refuses the picture of {len(file[1])} bytes").json()
        return sent

    def remove(self, path: str) -> None:
        """For good, past the bin. What is gone already is no error."""
        answer = self.http.write("DELETE", self.root + path, params={"force": "true"})
        if answer.status not in (404, 410):
            self._accepted(answer, f"does not remove {path}")

    def _accepted(self, answer: Answer, what: str) -> Answer:
        if answer.status == 400 and b"rest_forbidden_status" in answer.body:
            mend = _mend("(rest_not_logged_in)")
            raise AccessDenied(self.subject, "takes us for a visitor, who sees no drafts", mend)
        if answer.status >= 300:
            raise self.http.refused(answer, what)
        return answer


def _mend(words: str) -> str:
    return next((mend for code, mend in _MENDS.items() if f"({code})" in words), _ELSE)


def _flat(params: Mapping[str, object]) -> Mapping[str, object]:
    """Lists as WordPress reads them: `slug[]=a&slug[]=b`."""
    return {f"{name}[]" if isinstance(value, tuple) else name: value for name, value in params.items()}
