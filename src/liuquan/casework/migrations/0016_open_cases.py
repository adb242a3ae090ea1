"""The open cases of a body in a state: a work list is made of them, and most cases are closed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0015_filed_as")]
    operations = [
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["kind", "state"],
                condition=models.Q(closed_at__isnull=True),
                name="casework_case_open",
            ),
        )
    ]
