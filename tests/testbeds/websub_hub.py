"""A real WebSub hub (Flask-WebSub from PyPI): `python websub_hub.py PORT FOLDER` serves it at /hub.

Its tasks run at once instead of in a queue, so that a test sees what a hub does and when.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any


class AtOnce:
    """The part of a task queue that the hub asks for."""

    def task(self, **options: Any) -> Callable[[Callable[..., Any]], SimpleNamespace]:
        def made(work: Callable[..., Any]) -> SimpleNamespace:
            this = SimpleNamespace(request=SimpleNamespace(retries=0), retry=lambda **_wait: None)
            bound = (lambda *words: work(this, *words)) if options.get("bind") else work
            return SimpleNamespace(delay=bound)

        return made


def main() -> None:
    from flask import Flask
    from flask_websub.hub import Hub, SQLite3HubStorage

    app = Flask(__name__)
    app.config["PUBLISH_SUPPORTED"] = True
    hub = Hub(SQLite3HubStorage(f"{sys.argv[2]}/hub.sqlite3"), AtOnce())
    app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
    app.run("127.0.0.1", int(sys.argv[1]), threaded=True)


if __name__ == "__main__":
    main()
