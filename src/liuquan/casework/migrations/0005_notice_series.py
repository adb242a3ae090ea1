"""Papers are numbered one series a kind and a year; those issued before keep their numbers."""

from django.db import migrations, models

GO_ON = r"""
INSERT INTO casework_notice_series (series, last)
SELECT regexp_replace(number, '\d+(\D*)$', '*\1'), max((regexp_match(number, '(\d+)\D*$'))[1]::bigint)
FROM casework_notice WHERE number ~ '\d' GROUP BY 1
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_moving_clocks")]
    operations = [
        migrations.CreateModel(
            name="NoticeSeries",
            fields=[
                (
                    "series",
                    models.CharField(
                        max_length=80,
                        primary_key=True,
                        serialize=False,
                        verbose_name="系列",
                        help_text="编号去掉顺序号",
                    ),
                ),
                ("last", models.BigIntegerField(verbose_name="最后的顺序号")),
            ],
            options={
                "verbose_name": "文书编号系列",
                "verbose_name_plural": "文书编号系列",
                "db_table": "casework_notice_series",
            },
        ),
        migrations.RunSQL(GO_ON, migrations.RunSQL.noop),
        migrations.RunSQL("DROP SEQUENCE casework_notice_serial", "CREATE SEQUENCE casework_notice_serial"),
    ]
