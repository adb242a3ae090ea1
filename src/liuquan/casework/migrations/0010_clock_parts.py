"""A key may have a clock for each part of a case: a lot, a bidder, a body."""

from django.db import migrations, models
from django.db.models import Q

NAME = "casework_deadline_runs_once"


class Migration(migrations.Migration):
    dependencies = [("casework", "0009_parties")]
    operations = [
        migrations.AddField(
            model_name="deadline",
            name="part",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="标段、投标人、机关等，代码",
                max_length=60,
                verbose_name="部分",
            ),
        ),
        migrations.RemoveConstraint(model_name="deadline", name=NAME),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                condition=Q(state__in=["running", "paused"]),
                fields=("case", "key", "step", "part"),
                name=NAME,
            ),
        ),
    ]
