"""Cases that another case opened, and the clock of it that theirs may not outlast."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0011_bodies")]
    operations = [
        migrations.AddField(
            model_name="case",
            name="parent",
            field=models.ForeignKey(
                db_index=False,
                help_text="由哪一件分出",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="casework.case",
                verbose_name="总件",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="parent_clock",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="本件的期限不能晚于总件的这项期限",
                max_length=40,
                verbose_name="总件的期限",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("parent__isnull", False)), fields=["parent"], name="casework_case_parent"
            ),
        ),
    ]
