"""Prefect's server with its UI, in one process: `python -m flows.server`. Its settings are the environment's.

With `--brief` only the API runs, without scheduler and recorders: enough for flows that are called directly.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from flows.at_home import at_home
from flows.layout import lay_out
from flows.tether import tether


def main() -> int:
    tether()
    if "PREFECT_HOME" in os.environ and not any("DATABASE_CONNECTION" in name for name in os.environ):
        lay_out(Path(os.environ["PREFECT_HOME"]))
    import uvicorn  # noqa: PLC0415 - the tether holds before the slow imports begin
    from prefect.server.api.server import create_app  # noqa: PLC0415
    from prefect.settings import get_current_settings  # noqa: PLC0415

    api = get_current_settings().server.api
    app = at_home(create_app(final=True, webserver_only="--brief" in sys.argv))
    uvicorn.run(app, host=str(api.host), port=api.port, log_level="error", timeout_keep_alive=api.keepalive_timeout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
