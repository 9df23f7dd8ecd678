"""Print the API's description to openapi.json; `--check` refuses one that the code no longer keeps."""

import json
import os
import sys
from pathlib import Path

COMMITTED = Path(__file__).with_name("openapi.json")


def description() -> str:
    from tutela.api.v1 import api

    said = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    said["info"]["license"] = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
    return json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutela.config.settings")
    import django

    django.setup()
    if "--check" not in sys.argv[1:]:
        COMMITTED.write_text(description())
    elif not COMMITTED.exists() or COMMITTED.read_text() != description():
        raise SystemExit("tutela/api/openapi.json is out of date: run 'python -m tutela.api.openapi'")


if __name__ == "__main__":
    main()
