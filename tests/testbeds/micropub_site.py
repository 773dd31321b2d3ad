"""A small IndieWeb site on django-indieweb: run by the Python of its own environment, not by the tests'.

micropub_site.py FOLDER PORT           prints a token on the first line, then serves
micropub_site.py FOLDER another NAME   prints a token for a further client
micropub_site.py FOLDER revoke TOKEN   takes a token away
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import threading
import time
from pathlib import Path

import django
from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import include, path
from django.utils.html import escape

FOLDER = Path(sys.argv[1])
settings.configure(
    DEBUG=False,
    SECRET_KEY="a key for tests",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="micropub_site",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sites", "indieweb"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "django.sqlite"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INDIEWEB_MICROPUB_HANDLER="micropub_site.Posts",
    SITE_ID=1,
    USE_TZ=True,
)
sys.modules["micropub_site"] = sys.modules[__name__]
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - Django wants its settings first
from django.core.management import call_command  # noqa: E402
from indieweb.handlers import MicropubContentHandler, MicropubEntry, MicropubEntryList  # noqa: E402
from indieweb.models import Token  # noqa: E402

_lock = threading.Lock()


def _ask(sql: str, *values: object) -> list[tuple]:
    with sqlite3.connect(FOLDER / "posts.sqlite", timeout=30) as connection:
        return connection.execute(sql, values).fetchall()


def _fault() -> None:
    """What the tests ask for: the change is done, and then its answer is lost."""
    mode = FOLDER / "fault"
    if mode.exists():
        how = mode.read_text()
        mode.unlink()
        if how == "after-sleep":
            time.sleep(6)
        if how == "after-500":
            raise RuntimeError("broken after the change")


class Posts(MicropubContentHandler):
    def create_entry(self, properties, user):
        slug = str(properties.get("mp-slug", ["note"])[0])
        with _lock:
            taken = {row[0] for row in _ask("SELECT url FROM posts")}
            address, number = f"/{slug}/", 2
            while address in taken:
                address, number = f"/{slug}-{number}/", number + 1
            _ask("INSERT INTO posts VALUES (?, ?)", address, json.dumps(properties))
        _fault()
        return MicropubEntry(_absolute(address), properties)

    def update_entry(self, url, updates, user):
        address = url.removeprefix(_absolute(""))
        with _lock:
            properties = self.get_entry(url, user).properties | updates.get("replace", {})
            _ask("UPDATE posts SET properties = ? WHERE url = ?", json.dumps(properties), address)
        _fault()
        return MicropubEntry(url, properties)

    def delete_entry(self, url, user):
        _ask("DELETE FROM posts WHERE url = ?", url.removeprefix(_absolute("")))

    def undelete_entry(self, url, user):
        raise ValueError("there is no bin")

    def get_entry(self, url, user):
        rows = _ask("SELECT properties FROM posts WHERE url = ?", url.removeprefix(_absolute("")))
        return MicropubEntry(url, json.loads(rows[0][0])) if rows else None

    def list_entries(self, user, *, limit=None, offset=0, filter=None):  # noqa: A002 - the name of the interface
        rows = _ask("SELECT url, properties FROM posts ORDER BY rowid DESC")
        entries = [MicropubEntry(_absolute(url), json.loads(text)) for url, text in rows if (filter or "") in text]
        return MicropubEntryList(entries[offset:][:limit], total=len(entries))


def _absolute(address: str) -> str:
    return f"http://127.0.0.1:{sys.argv[2]}{address}"


def home(_request):
    return HttpResponse('<link rel="micropub" href="/indieweb/micropub/"><h1>A real site</h1>')


def post(_request, slug):
    rows = _ask("SELECT properties FROM posts WHERE url = ?", f"/{slug}/")
    entry = json.loads(rows[0][0]) if rows else {}
    if not entry or entry.get("post-status") == ["draft"]:
        raise Http404
    audio = "".join(f'<audio controls src="{escape(url)}"></audio>' for url in entry.get("audio", []))
    return HttpResponse(f"<h1>{escape(entry['name'][0])}</h1>{audio}{entry['content'][0]['html']}")


urlpatterns = [path("", home), path("indieweb/", include("indieweb.urls")), path("<slug:slug>/", post)]


def _give_token(owner, client):
    """Said once: the site keeps only its hash."""
    token = Token(owner=owner, client_id=f"https://{client}.example.com/", me="https://me.example.com/")
    token.scope = "create update delete"
    token.save()
    sys.stdout.write(f"{token.key}\n")
    sys.stdout.flush()


def main() -> None:
    match sys.argv[2:]:
        case ["another", client]:
            _give_token(User.objects.get(), client)
        case ["revoke", key]:
            Token.get_for_raw_key(key).delete()
        case [port]:
            call_command("migrate", verbosity=0)
            _ask("CREATE TABLE IF NOT EXISTS posts (url TEXT PRIMARY KEY, properties TEXT)")
            _give_token(User.objects.create_user("owner"), "tests")
            call_command("runserver", f"127.0.0.1:{port}", "--noreload", verbosity=0)


if __name__ == "__main__":
    os.chdir(FOLDER)
    main()
