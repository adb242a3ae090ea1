"""Clocks that move: several grounds may stand at once, an anchor may be corrected, who holds a duty is reminded."""

from django.db import migrations, models
from django.db.models import Q

STATES = ["running", "paused", "met", "expired", "cancelled", "superseded"]


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_second_officer")]
    operations = [
        migrations.AlterField(
            model_name="deadline",
            name="extended",
            field=models.PositiveIntegerField(
                default=0, help_text="一共延长多少，单位同期限", verbose_name="延长"
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="times_extended",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="延长次数"),
        ),
        migrations.RunSQL(
            "UPDATE casework_deadline SET times_extended = 1 WHERE extended > 0", migrations.RunSQL.noop
        ),
        migrations.AddField(
            model_name="deadline",
            name="supersedes",
            field=models.BigIntegerField(
                help_text="起算日更正前的期限，内部编号", null=True, verbose_name="取代"
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="reminded_at",
            field=models.DateTimeField(
                help_text="届满前提醒，只提醒一次", null=True, verbose_name="提醒时刻"
            ),
        ),
        migrations.RemoveConstraint(model_name="deadline", name="casework_deadline_state"),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(condition=Q(state__in=STATES), name="casework_deadline_state"),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=Q(reminded_at__isnull=True, state="running"),
                fields=["warn_at"],
                name="casework_deadline_remind",
            ),
        ),
        migrations.RemoveConstraint(model_name="casesuspension", name="casework_one_open_suspension"),
        migrations.AddConstraint(
            model_name="casesuspension",
            constraint=models.UniqueConstraint(
                condition=Q(to_on__isnull=True),
                fields=("case", "ground"),
                name="casework_ground_stands_once",
            ),
        ),
    ]
