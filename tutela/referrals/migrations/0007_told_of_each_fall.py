import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# What was told until now was told of the first time.
FIRST = """
UPDATE referrals_correction told SET fall_id = (
    SELECT min(id) FROM indicators_change fell
    WHERE fell.indicator_id = told.indicator_id AND 'indicator_' || fell.what = told.why
) WHERE indicator_id IS NOT NULL;
UPDATE referrals_uncorrected waits SET fall_id = (
    SELECT max(id) FROM indicators_change fell
    WHERE fell.indicator_id = waits.indicator_id AND 'indicator_' || fell.what = waits.why
);
SET CONSTRAINTS ALL IMMEDIATE;
"""


def fall(**more):
    return models.ForeignKey(to="indicators.change", on_delete=django.db.models.deletion.PROTECT, related_name="+", **more)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0006_signed_changes"), ("referrals", "0006_uncorrected")]

    operations = [
        migrations.RemoveConstraint("correction", "one_correction_per_indicator"),
        migrations.RemoveConstraint("correction", "correction_names_its_indicator"),
        migrations.AddField("correction", "fall", fall(null=True, help_text="when it ceased to count")),
        migrations.AddField("uncorrected", "fall", fall(null=True, help_text="the latest one")),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
        migrations.AlterField("uncorrected", "fall", fall(help_text="the latest one")),
        migrations.AddConstraint(
            "correction",
            models.UniqueConstraint(
                fields=["referral", "fall"], condition=Q(fall__isnull=False), name="one_correction_per_fall"
            ),
        ),
        migrations.AddConstraint(
            "correction",
            models.UniqueConstraint(
                fields=["referral", "why", "indicator"],
                condition=Q(indicator__isnull=False, acknowledged_at=None),
                name="one_open_correction_per_indicator",
            ),
        ),
        migrations.AddConstraint(
            "correction",
            models.CheckConstraint(
                name="correction_names_its_indicator",
                condition=Q(why="wrong_delete", indicator=None, fall=None)
                | ~Q(why="wrong_delete") & Q(indicator__isnull=False, fall__isnull=False),
            ),
        ),
    ]
