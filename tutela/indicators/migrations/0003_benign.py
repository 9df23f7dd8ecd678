"""The pictures known to be nothing. A longer list is a new migration, so that a database says what it was given."""

from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parents[1] / "data" / "benign.txt"


def add(apps, schema_editor):
    benign = apps.get_model("indicators", "BenignHash")
    lines = [line.split(" ", 1) for line in DATA.read_text().splitlines() if not line.startswith("#")]
    benign.objects.bulk_create(
        [benign(pdq=bytes.fromhex(value), label=label) for value, label in lines], ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_append_only")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
