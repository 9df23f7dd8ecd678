"""The pictures known to be nothing. A longer list is another migration, so that a database says what it was given."""

from hashlib import sha256
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parents[1] / "data" / "benign.txt"
SHA256 = "779778faa866ee46a1b3a6a8a6735a37006edcd0037553b3400f6e31cfd0257c"


def add(apps, schema_editor):
    data = DATA.read_bytes()
    if sha256(data).hexdigest() != SHA256:
        raise ValueError(f"{DATA.name} is not the list this migration was written for: give the new one its own migration")
    benign = apps.get_model("indicators", "BenignHash")
    lines = [line.split(" ", 1) for line in data.decode().splitlines() if not line.startswith("#")]
    benign.objects.bulk_create(
        [benign(pdq=bytes.fromhex(value), label=label) for value, label in lines], ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_append_only")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
