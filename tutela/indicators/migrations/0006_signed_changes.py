from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0005_published_lists")]

    operations = [
        migrations.AddField("listchange", "sha256", models.CharField(max_length=64, default=""), False),
        migrations.AddField("listchange", "size_bytes", models.PositiveIntegerField(default=0), False),
        migrations.RunSQL(
            "UPDATE indicators_listchange SET sha256 = encode(sha256(body), 'hex'), size_bytes = octet_length(body)",
            migrations.RunSQL.noop,
        ),
        # Heads are signed anew, with these, at the next edition.
        migrations.RunSQL(
            "UPDATE indicators_publishedlist SET head = NULL, issued_at = NULL",
            migrations.RunSQL.noop,
        ),
    ]
