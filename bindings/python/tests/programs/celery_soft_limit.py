"""Tasks of Celery, and a program that starts a worker for them and prints their results.

`celery_soft_limit.py FOLDER`: the folder is for the messages between the program and the worker.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded
from scalekit_rs import ScalekitClient, ScalekitError

FOLDER = os.environ.setdefault("CELERY_FOLDER", sys.argv[1])
OPTIONS = {
    "data_folder_in": FOLDER,
    "data_folder_out": FOLDER,
    "control_folder": FOLDER,
    "polling_interval": 0.05,
}
# The name by which the worker imports this file.
app = Celery("celery_soft_limit", broker="filesystem://", backend=f"file://{FOLDER}")
app.conf.broker_transport_options = OPTIONS

# The processes of the worker are forked with it.
client = ScalekitClient()


@app.task(name="get")  # type: ignore[untyped-decorator]
def get(organization_id: str) -> str:
    return client.organizations.get(organization_id).id


@app.task(name="list", soft_time_limit=1)  # type: ignore[untyped-decorator]
def list_organizations() -> str:
    try:
        client.organizations.list()
    except SoftTimeLimitExceeded:
        return "interrupted"
    return "returned"


def main() -> None:
    command = [sys.executable, "-m", "celery", "-A", "celery_soft_limit", "worker"]
    quick = ["--concurrency=1", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    worker = subprocess.Popen(
        [*command, *quick], cwd=Path(__file__).parent, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        print(get.delay("org_1").get(timeout=60))
        print(list_organizations.delay().get(timeout=60))
        print(get.delay("org_1").get(timeout=60))
        try:
            get.delay("org_9").get(timeout=60)
        except ScalekitError.NotFound as error:
            print(error.status)
    finally:
        # A worker that is asked to stop takes seconds. Its processes are in a session of their own.
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


if __name__ == "__main__":
    main()
