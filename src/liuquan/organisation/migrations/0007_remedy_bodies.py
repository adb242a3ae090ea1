"""Divisions name who hears a reconsideration and a suit against their bodies."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisation", "0006_acts_of_disposal")]
    operations = [
        migrations.AddField(
            "division",
            "reconsidered_by",
            models.CharField("行政复议机关", blank=True, default="", help_text="空：同上一级", max_length=80),
        ),
        migrations.AddField(
            "division",
            "court",
            models.CharField("一审管辖法院", blank=True, default="", help_text="空：同上一级", max_length=80),
        ),
    ]
