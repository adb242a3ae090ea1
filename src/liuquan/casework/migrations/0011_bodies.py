"""A case may be handed to another body and come back; an assignment to a post chosen at run time says whose post
it is and what the step is called."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0010_clock_parts")]
    operations = [
        migrations.RemoveConstraint("casebody", "casework_body_once"),
        migrations.AddConstraint(
            "casebody",
            models.UniqueConstraint(
                condition=models.Q(("to_at__isnull", True)),
                fields=("case", "body_code", "role"),
                name="casework_body_once",
            ),
        ),
        migrations.AddField(
            "assignment",
            "body_code",
            models.CharField(
                blank=True,
                db_default="",
                help_text="办理时选定的岗位所属的机关",
                max_length=32,
                verbose_name="机关代码",
            ),
        ),
        migrations.AddField(
            "assignment",
            "name",
            models.CharField(
                blank=True,
                db_default="",
                help_text="办理时选定岗位的环节",
                max_length=40,
                verbose_name="环节名称",
            ),
        ),
    ]
