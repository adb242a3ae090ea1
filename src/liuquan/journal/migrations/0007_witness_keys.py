"""A witness may change its key: one name, several keys. An objection stays open until it cosigns more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0006_readings"),
    ]

    operations = [
        migrations.AlterField(
            model_name="witness",
            name="name",
            field=models.CharField(
                db_index=True, help_text="见证公钥中的名称", max_length=200, verbose_name="名称"
            ),
        ),
        migrations.AddField(
            model_name="witness",
            name="objected_at",
            field=models.DateTimeField(
                help_text="UTC；它见证更大的检查点之前不再重复入册", null=True, verbose_name="不认可时刻"
            ),
        ),
    ]
