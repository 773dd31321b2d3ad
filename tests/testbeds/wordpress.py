"""WordPress on PHP's own server: Debian stable's on MariaDB, or the newest that Debian has on SQLite."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.testbeds.mariadb import MariaDb, mariadb
from tests.testbeds.place import BEDS, answers, built, free_port, link_or_copy, need_apt, process, run, wait_until

HERE = Path(__file__).parent
_PHP = ["php-cli", "php-mysql", "php-sqlite3", "php-gd", "php-xml", "php-mbstring", "php-curl", "php-zip"]
_PARTS = ["wordpress", "php-getid3", "libjs-underscore", "libjs-cropper"]
_NEWER_PARTS = ["libphp-phpmailer", "libjs-lodash", "libjs-jquery-ui"]
SQLITE_PLUGIN = "@wp-playground/cli@3.1.56"
RELEASES = ("bookworm", "sid")


@dataclass
class WordPressSite:
    """A blog that runs. `passwords` are application passwords by user: admin, editor, author, contributor."""

    url: str
    version: str
    passwords: dict[str, str] = field(repr=False)
    folder: Path
    database: MariaDb | None

    def ask(self, sql: str) -> list[list[str]]:
        """Counted in the engine itself, not through the interface under test."""
        if self.database is not None:
            return self.database.ask(sql, "wordpress")
        with sqlite3.connect(self.folder / "wp-content/database/wp.sqlite", timeout=30) as connection:
            return [[str(cell) for cell in row] for row in connection.execute(sql)]

    def break_once(self, mode: str, skip: int = 0) -> None:
        """The fault of faults.php, after `skip` writes that go well."""
        (self.folder / "wp-content/fault").write_text(f"{mode} {skip}")

    def was_broken(self) -> bool:
        """Whether the fault struck; clears it when it did not."""
        fault = self.folder / "wp-content/fault"
        is_left = fault.exists()
        fault.unlink(missing_ok=True)
        return not is_left


@contextmanager
def as_in_production(blog: WordPressSite) -> Iterator[str]:
    """The same blog as it is on the web, and not on its owner's own machine: by http, its passwords are off."""
    with _served(blog.folder, free_port(), IN_PRODUCTION="1") as url:
        yield url


@contextmanager
def with_clock(blog: WordPressSite, offset: str) -> Iterator[str]:
    """The same blog on a server whose clock is wrong, such as `-10m`."""
    need_apt("faketime")
    with _served(blog.folder, free_port(), "faketime", "-f", offset, PHP_CLI_SERVER_WORKERS="2") as url:
        yield url


@contextmanager
def wordpress(release: str, folder: Path) -> Iterator[WordPressSite]:
    """A fresh blog in `folder`, with roles, pretty links, New York time, and the fault plugin."""
    need_apt(*_PHP)
    tree, port = _tree(release), free_port()
    site = folder / "wp"
    shutil.copytree(tree, site, copy_function=link_or_copy)
    with ExitStack() as stack:
        database = stack.enter_context(mariadb(folder / "db")) if release == "bookworm" else None
        if database is not None:
            database.ask("CREATE DATABASE wordpress CHARACTER SET utf8mb4")
        (site / "wp-config.php").unlink(missing_ok=True)  # Debian's own, of which each site has only another name
        (site / "wp-config.php").write_text(_config(site, database))
        (site / "wp-content/mu-plugins").mkdir(exist_ok=True)
        shutil.copy(HERE / "faults.php", site / "wp-content/mu-plugins/faults.php")
        passwords = json.loads(run("php", HERE / "wordpress.php", site, f"127.0.0.1:{port}").splitlines()[-1])
        url = stack.enter_context(_served(site, port))
        yield WordPressSite(url, passwords.pop("version"), passwords, site, database)


@contextmanager
def _served(site: Path, port: int, *around: str, **env: str) -> Iterator[str]:
    """The address of PHP's own server on the files of a blog; `around` is a command that starts it."""
    log = site.parent / f"php-{port}.log"
    limits = ["-d", "upload_max_filesize=64M", "-d", "post_max_size=64M", "-d", "memory_limit=256M"]
    server = [*around, "php", *limits, "-S", f"127.0.0.1:{port}", "-t", site, HERE / "router.php"]
    with process(*server, log=log, env={**os.environ, "PHP_CLI_SERVER_WORKERS": "12"} | env) as started:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{url}/wp-json/"), started, log)
        yield url


def _tree(release: str) -> Path:
    """The unpacked files of that release, fetched once."""
    name = f"wordpress-{release}"
    with built(name) as draft:
        if draft is not None:
            _download(release, draft / "deb")
            for package in sorted((draft / "deb").glob("*.deb")):
                run("dpkg", "-x", package, draft / "root")
            (draft / "root/usr/share/wordpress/.htaccess").unlink(missing_ok=True)
            run("cp", "-rL", draft / "root/usr/share/wordpress", draft / "wp")
            for part in ("uploads", "mu-plugins", "themes", "plugins"):
                (draft / "wp/wp-content" / part).mkdir(parents=True, exist_ok=True)
            if release == "sid":
                _add_sqlite(draft)
            shutil.rmtree(draft / "root")
            shutil.rmtree(draft / "deb")
    return BEDS / name / "wp"


def _download(release: str, folder: Path) -> None:
    folder.mkdir()
    options = ["-o", "APT::Sandbox::User=root", *_suite_options(folder.parent / "apt", release)]
    run("apt-get", "-qq", *options, "update")
    parts = _PARTS + (_NEWER_PARTS if release == "sid" else [])
    shown = run("apt-cache", *options, "show", "wordpress")
    theme = re.search(r"^Recommends:.*(wordpress-theme-\w+)", shown, re.MULTILINE)
    assert theme is not None, "no theme is recommended"
    run("apt-get", "-qq", *options, "download", *parts, theme[1], cwd=folder)


def _suite_options(folder: Path, release: str) -> list[str]:
    """apt with lists of its own, so that the machine's packages stay those of its release, whichever that is."""
    (folder / "lists/partial").mkdir(parents=True)
    (folder / "cache/archives/partial").mkdir(parents=True)
    known = [*Path("/etc/apt/sources.list.d").glob("*.sources"), Path("/etc/apt/sources.list")]
    text = "\n".join(path.read_text() for path in known if path.exists())
    mirror = re.search(r"^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+)", text, re.MULTILINE)
    assert mirror is not None, "no Debian mirror is set up"
    key = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (folder / "sources.list").write_text(f"deb [signed-by={key}] {mirror[1]} {release} main\n")
    settings = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _add_sqlite(draft: Path) -> None:
    """WordPress' own SQLite drop-in, which its playground ships."""
    run("npm", "pack", "--silent", SQLITE_PLUGIN, cwd=draft)
    archive = next(draft.glob("wp-playground-cli-*.tgz"))
    run("tar", "xzf", archive, "package/sqlite-database-integration.zip", cwd=draft)
    with zipfile.ZipFile(draft / "package/sqlite-database-integration.zip") as packed:
        packed.extractall(draft / "unpacked")
    unpacked = next(path.parent for path in sorted((draft / "unpacked").rglob("db.copy")))
    shutil.copytree(unpacked, draft / "wp/wp-content/plugins/sqlite-database-integration")
    shutil.rmtree(draft / "unpacked")


def _config(site: Path, database: MariaDb | None) -> str:
    if database is not None:
        place = {"DB_NAME": "wordpress", "DB_USER": "root", "DB_PASSWORD": ""}
        place |= {"DB_HOST": f"localhost:{database.socket}"}
    else:
        place = dict.fromkeys(("DB_NAME", "DB_USER", "DB_PASSWORD", "DB_HOST"), "wp")
        place |= {"DB_ENGINE": "sqlite", "DB_DIR": f"{site}/wp-content/database/", "DB_FILE": "wp.sqlite"}
        _write_drop_in(site)
    salts = "AUTH_KEY SECURE_AUTH_KEY LOGGED_IN_KEY NONCE_KEY AUTH_SALT SECURE_AUTH_SALT LOGGED_IN_SALT NONCE_SALT"
    texts = place | {name: f"test-{name}" for name in salts.split()} | {"DB_CHARSET": "utf8mb4", "DB_COLLATE": ""}
    flags = ("WP_HTTP_BLOCK_EXTERNAL", "AUTOMATIC_UPDATER_DISABLED", "DISABLE_WP_CRON")
    lines = [f"define('{name}', {json.dumps(value)});" for name, value in texts.items()]
    lines += [f"define('{flag}', true);" for flag in flags]
    # Application passwords over plain http.
    lines += ["if (!getenv('IN_PRODUCTION')) define('WP_ENVIRONMENT_TYPE', 'local');"]
    lines += ["define('WP_HOME', 'http://' . $_SERVER['HTTP_HOST']); define('WP_SITEURL', WP_HOME);"]
    lines += ["$table_prefix = 'wp_'; if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');"]
    return "\n".join(["<?php", *lines, "require_once ABSPATH . 'wp-settings.php';", ""])


def _write_drop_in(site: Path) -> None:
    plugin = site / "wp-content/plugins/sqlite-database-integration"
    text = (plugin / "db.copy").read_text()
    text = text.replace("{SQLITE_IMPLEMENTATION_FOLDER_PATH}", str(plugin))
    text = text.replace("{SQLITE_PLUGIN}", "sqlite-database-integration/load.php")
    (site / "wp-content/db.php").write_text(text)
