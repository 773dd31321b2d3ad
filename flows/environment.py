"""The environment in which Prefect runs here: on loopback, without telemetry, its database in the work folder.

No import of Prefect: who starts its processes need not wait for it. What the owner set himself stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

LOOPBACK = "127.0.0.1"

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_SERVER_LEVEL": "WARNING",
}
STEADY = {
    # SQLite has one writer: small batches keep the API answering while a burst of task runs is recorded.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_RUNNER_POLL_FREQUENCY": "5",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
}


def server_environment(home: Path, port: int, given: Mapping[str, str]) -> dict[str, str]:
    """For a server of ours on `port`, and for everything that speaks to it. `given` wins, but for the addresses."""
    return {
        **QUIET,
        **STEADY,
        **given,
        "PREFECT_HOME": str(home.resolve()),
        "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(home.resolve() / "results"),
        "PREFECT_API_URL": f"http://{LOOPBACK}:{port}/api",
        "PREFECT_UI_API_URL": "/api",
        "PREFECT_SERVER_API_HOST": LOOPBACK,
        "PREFECT_SERVER_API_PORT": str(port),
        # Where our server is away, that is said; no other one is started in silence.
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    }
