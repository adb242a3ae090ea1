"""A draft belongs to the form that it is typed in, and a form that was handed in begins no other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hotline", "0007_suggestions_and_topics")]

    operations = [
        migrations.AlterField(
            "opendraft",
            "code_enc",
            models.BinaryField(help_text="空：已经登记", null=True, verbose_name="草稿码（加密）"),
        ),
        migrations.AddField(
            "opendraft",
            "form",
            models.UUIDField(null=True, unique=True, verbose_name="表单编号"),
        ),
        migrations.AddField(
            "opendraft",
            "ended_at",
            models.DateTimeField(help_text="UTC；空：还没有登记", null=True, verbose_name="登记时刻"),
        ),
    ]
