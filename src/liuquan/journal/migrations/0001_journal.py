"""The journal's tables, and the rights that make them append-only."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import liuquan.journal.models

APPEND_ONLY = """
ALTER TABLE journal_entry ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX journal_entry_xid ON journal_entry (xid);
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        GRANT SELECT, INSERT ON journal_entry TO liuquan_app;
        GRANT SELECT, INSERT, DELETE ON journal_private TO liuquan_app;
        REVOKE UPDATE, DELETE, TRUNCATE ON journal_entry FROM liuquan_app;
        REVOKE UPDATE, TRUNCATE ON journal_private FROM liuquan_app;
    END IF;
END $$;
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'journal entries are never changed or deleted' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_entry_is_append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_entry_is_never_emptied BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_private_is_never_rewritten BEFORE UPDATE ON journal_private
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.UUIDField(
                        db_default=liuquan.journal.models.UuidV7(),
                        editable=False,
                        unique=True,
                        verbose_name="记录编号",
                    ),
                ),
                ("event", models.CharField(max_length=80, verbose_name="事件")),
                ("vocabulary_version", models.PositiveSmallIntegerField(default=1, verbose_name="词汇版本")),
                (
                    "subject",
                    models.CharField(help_text="案件编号等公开编号", max_length=64, verbose_name="对象编号"),
                ),
                ("body_code", models.CharField(blank=True, max_length=32, verbose_name="机关代码")),
                ("post_code", models.CharField(blank=True, max_length=40, verbose_name="岗位代码")),
                ("actor_kind", models.CharField(max_length=12, verbose_name="行为人类别")),
                ("from_state", models.CharField(max_length=40, null=True, verbose_name="原状态")),
                ("to_state", models.CharField(max_length=40, null=True, verbose_name="新状态")),
                (
                    "effective_at",
                    models.DateTimeField(help_text="法律上生效的时刻（UTC）", verbose_name="生效时刻"),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        help_text="数据库写入的时刻（UTC）",
                        verbose_name="入册时刻",
                    ),
                ),
                ("public", models.JSONField(default=dict, verbose_name="公开内容")),
                (
                    "commitment",
                    models.BinaryField(help_text="SHA-256,加盐", max_length=32, verbose_name="承诺值"),
                ),
            ],
            options={
                "verbose_name": "日志记录",
                "verbose_name_plural": "日志记录",
                "db_table": "journal_entry",
            },
        ),
        migrations.CreateModel(
            name="JournalPrivate",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="journal.journalentry",
                        verbose_name="日志记录",
                    ),
                ),
                ("salt", models.BinaryField(max_length=32, verbose_name="盐")),
                ("values", models.BinaryField(verbose_name="加密内容")),
            ],
            options={
                "verbose_name": "日志非公开内容",
                "verbose_name_plural": "日志非公开内容",
                "db_table": "journal_private",
            },
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["subject", "id"], name="journal_subject"),
        ),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
