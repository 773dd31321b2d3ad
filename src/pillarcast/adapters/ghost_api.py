"""The Admin API of one Ghost: short-lived tokens, posts found by marker and slug, its refusals in words."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from typing import Any

from pillarcast.adapters.http import Answer, Http
from pillarcast.adapters.http_secret import checked_secret
from pillarcast.errors import Conflict, SettingsError
from pillarcast.model.show import BlogTarget

Json = dict[str, Any]

_KEY = re.compile(r"([0-9a-f]{24}):((?:[0-9a-f]{2}){32})")
_LIFE_S = 240  # Ghost takes tokens of up to five minutes
_WHERE = "Copy the Admin API key of a custom integration: Settings > Integrations in Ghost."
_MENDS = {
    "jwt expired": "The clock of this computer or of the server is wrong; have it set right.",
    "not active": "The clock of this computer or of the server is wrong; have it set right.",
    "maxAge": "The clock of this computer or of the server is wrong; have it set right.",
    "NoPermission": "The integration may not do that; make a new custom integration.",
}


class GhostApi:
    """`admin_key` is `id:secret` of a custom integration. `subject` names the blog in every message."""

    def __init__(self, target: BlogTarget, admin_key: str, timeout_s: float = 30) -> None:
        self.subject = f"blog {target.name}"
        match = _KEY.fullmatch(checked_secret(target, admin_key, "the Admin API key of a custom integration").strip())
        if match is None:
            raise SettingsError(self.subject, "its key is no Admin API key of Ghost (id:secret)", _WHERE)
        key_id, secret = match.groups()
        self.home = target.url.rstrip("/")
        self._root = f"{self.home}/ghost/api/admin/"
        self.http = Http(
            self.subject,
            lambda: f"Ghost {_token(key_id, bytes.fromhex(secret), int(time.time()))}",
            mend=_mend,
            secret=secret,
            timeout_s=timeout_s,
        )

    def get(self, path: str, **params: object) -> Json:
        answer = self.http.get(self._root + path, params)
        shown: Json = self._accepted(answer, f"does not show {path}").json()
        return shown

    def posts(self, condition: str) -> list[Json]:
        """Posts in any state for a filter of Ghost's query language."""
        found: list[Json] = self.get("posts/", filter=condition, formats="lexical", limit=100)["posts"]
        return found

    def post(self, ref: str) -> Json:
        """Conflict when it is gone meanwhile."""
        answer = self.http.get(f"{self._root}posts/{ref}/", {"formats": "lexical"})
        return self._one(answer, f"does not show the post {ref}")

    def create(self, fields: Json) -> Json:
        answer = self.http.write("POST", f"{self._root}posts/", params={"formats": "lexical"}, json={"posts": [fields]})
        return self._one(answer, "refuses the post")

    def change(self, before: Json, fields: Json) -> Json:
        """Compare-and-swap by `updated_at`: Conflict when somebody changed the post since `before`."""
        body = {"posts": [fields | {"updated_at": before["updated_at"]}]}
        address = f"{self._root}posts/{before['id']}/"
        answer = self.http.write("PUT", address, params={"formats": "lexical"}, json=body)
        if answer.status == 409:
            raise Conflict(self.subject, "the post was changed meanwhile", "It is looked up again.")
        return self._one(answer, "refuses the change")

    def remove(self, ref: str) -> None:
        """Ghost has no bin. What is gone already is no error."""
        answer = self.http.write("DELETE", f"{self._root}posts/{ref}/")
        if answer.status != 404:
            self._accepted(answer, f"does not remove the post {ref}")

    def upload(self, file: tuple[str, bytes, str]) -> str:
        """The public address of a picture: (name, bytes, media type)."""
        answer = self.http.write("POST", f"{self._root}images/upload/", files={"file": file}, data={"ref": file[0]})
        return str(self._accepted(answer, "refuses the picture").json()["images"][0]["url"])

    def _one(self, answer: Answer, what: str) -> Json:
        if answer.status == 404:
            raise Conflict(self.subject, "the post was removed meanwhile", "It is looked up again.")
        kept: Json = self._accepted(answer, what).json()["posts"][0]
        return kept

    def _accepted(self, answer: Answer, what: str) -> Answer:
        if answer.status >= 300:
            raise self.http.refused(answer, what)
        return answer


def _token(key_id: str, secret: bytes, now_s: int) -> str:
    """A JSON Web Token (RFC 7519) with HMAC-SHA-256, as Ghost's documentation of the Admin API asks for it."""
    header = {"alg": "HS256", "typ": "JWT", "kid": key_id}
    claims = {"iat": now_s, "exp": now_s + _LIFE_S, "aud": "/admin/"}
    signed = b".".join((_part(header), _part(claims)))
    signature = _base64(hmac.new(secret, signed, hashlib.sha256).digest())
    return (signed + b"." + signature).decode()


def _part(values: Mapping[str, object]) -> bytes:
    return _base64(json.dumps(values, separators=(",", ":")).encode())


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _mend(words: str) -> str:
    return next((mend for said, mend in _MENDS.items() if said in words), _WHERE)
