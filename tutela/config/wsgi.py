"""The door the web server opens."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutela.config.settings")
application = get_wsgi_application()


def _prepare() -> None:
    from tutela.matching.index import prepare

    prepare()


# Compiled once per installation, seconds of work: beside the first requests, so that none of them waits for it.
Thread(target=_prepare, daemon=True).start()
