"""How the source of a finding was read. Of what was recorded before nobody said so: the lesser word is kept."""

from django.db import migrations, models

WORDS = [("verified", "verified"), ("secondary", "secondary")]


def how_sure(model: str) -> migrations.AddField:
    field = models.TextField(choices=WORDS, default="secondary", help_text="how the source was read")
    return migrations.AddField(model, "certainty", field, preserve_default=False)


def was_read(model: str, name: str) -> migrations.AddConstraint:
    read = models.Q(certainty__in=["verified", "secondary"])
    return migrations.AddConstraint(model, models.CheckConstraint(name=name, condition=read))


class Migration(migrations.Migration):
    dependencies = [("compliance", "0002_append_only")]
    operations = [
        how_sure("finding"),
        how_sure("articlemeasure"),
        was_read("finding", "finding_was_read"),
        was_read("articlemeasure", "article_measure_was_read"),
    ]
