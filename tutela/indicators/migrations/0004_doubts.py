from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_benign")]
    operations = [
        migrations.AlterField(
            model_name="change",
            name="what",
            field=models.TextField(
                choices=[
                    ("active", "Active"),
                    ("withdrawn", "Withdrawn"),
                    ("doubted", "Doubted"),
                    ("cleared", "Cleared"),
                ]
            ),
        ),
    ]
