"""The column said where a person is, in clear and beyond erasure; the sentence stands in the sealed dossier alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0004_corrections_of_indicators")]
    operations = [
        migrations.AlterField(
            model_name="referral",
            name="reason",
            field=models.TextField(
                help_text="code of what named the state; the sentence stands in the sealed dossier"
            ),
        ),
        # A sentence has spaces, a code has none.
        migrations.RunSQL(
            "UPDATE referrals_referral SET reason = '' WHERE reason LIKE '% %'", migrations.RunSQL.noop
        ),
    ]
