"""The call that somebody is talking: asked every three seconds at every seat."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hotline", "0005_open_tickets")]
    operations = [
        migrations.AddIndex(
            "call",
            models.Index(
                fields=["staff_id"],
                condition=models.Q(ended_at__isnull=True),
                name="hotline_call_talking",
            ),
        )
    ]
