"""A finding is about any subject of the case log, not only about a case."""

from django.db import migrations, models

#: What was found so far was about a case, or about a log.
KINDS = """
UPDATE supervision_finding f
SET subject_kind = coalesce((SELECT c.kind FROM caselog.cases c WHERE c.case_number = f.subject_number), 'log')
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0002_guarantees"), ("caselog", "0004_subjects")]
    operations = [
        migrations.RemoveConstraint("finding", "supervision_finding_once"),
        migrations.RemoveIndex("finding", "supervision_finding_case"),
        migrations.RenameField("finding", "case_number", "subject_number"),
        migrations.RenameField("finding", "item_name", "subject_name"),
        migrations.AddField(
            "finding",
            "subject_kind",
            models.CharField(
                default="", help_text="案件的种类，或者log等", max_length=40, verbose_name="对象类别"
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(KINDS, migrations.RunSQL.noop),
        migrations.AlterField(
            "finding", "subject_number", models.CharField(max_length=64, verbose_name="对象编号")
        ),
        migrations.AlterField(
            "finding",
            "subject_name",
            models.TextField(help_text="案件为其事项的名称", verbose_name="对象名称"),
        ),
        migrations.AlterField(
            "finding",
            "key",
            models.CharField(
                help_text="对象的哪一个期限或者哪一条记录", max_length=120, verbose_name="期限或者事件"
            ),
        ),
        migrations.AlterField(
            "finding",
            "item_code",
            models.CharField(blank=True, help_text="不是案件的为空", max_length=64, verbose_name="事项编码"),
        ),
        migrations.AddConstraint(
            "finding",
            models.UniqueConstraint(
                fields=("rule", "subject_kind", "subject_number", "key"), name="supervision_finding_once"
            ),
        ),
        migrations.AddIndex(
            "finding",
            models.Index(fields=["subject_number"], name="supervision_finding_subject"),
        ),
    ]
