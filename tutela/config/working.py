"""The worker's process: it runs the schedule."""

import os

import django

NICENESS = 10


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutela.config.settings")
    django.setup()
    # Accepting comes before working: where both want the processor, a report is taken in first and matched later.
    os.nice(NICENESS)
    from procrastinate.contrib.django import app

    worker = app.with_connector(app.connector.get_worker_connector())
    # Ticks are worth nothing once they ran; failed ones stay to be looked at.
    worker.run_worker(concurrency=4, delete_jobs="successful", fetch_job_polling_interval=1.0, listen_notify=False)
