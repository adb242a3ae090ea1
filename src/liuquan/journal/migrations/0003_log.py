"""The transparency log's tables: leaves and checkpoints, inserted once and for good; and the private parts,
which go only together with the entry of their erasure."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

INSERT_ONLY = """
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        REVOKE ALL ON journal_leaf, journal_checkpoint FROM liuquan_app;
        GRANT SELECT, INSERT ON journal_leaf TO liuquan_app;
        GRANT SELECT, INSERT (size, root, note, signed_at, watermark, cluster) ON journal_checkpoint TO liuquan_app;
    END IF;
END $$;
CREATE TRIGGER journal_leaf_is_append_only BEFORE UPDATE OR DELETE ON journal_leaf
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_leaf_is_never_emptied BEFORE TRUNCATE ON journal_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_checkpoint_is_append_only BEFORE UPDATE OR DELETE ON journal_checkpoint
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_checkpoint_is_never_emptied BEFORE TRUNCATE ON journal_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""

ERASED_WITH_ITS_ENTRY = """
CREATE FUNCTION journal_refuse_silent_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM journal_entry AS own JOIN journal_entry AS bared ON bared.id = OLD.entry_id
        WHERE own.xid = pg_current_xact_id() AND own.event = 'journal.private_erased'
            AND own.subject = bared.subject AND own.public -> 'entries' ? bared.number::text
    ) THEN
        RAISE EXCEPTION 'a private part goes only together with the entry of its erasure'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER journal_private_goes_with_its_entry BEFORE DELETE ON journal_private
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_silent_erasure();
CREATE TRIGGER journal_private_is_never_emptied BEFORE TRUNCATE ON journal_private
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""


# The sealer takes entries in the order of transaction and id: the index has to give it.
IN_ORDER = """
DROP INDEX journal_entry_xid;
CREATE INDEX journal_entry_xid ON journal_entry (xid, id);
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_own_time")]
    operations = [
        migrations.CreateModel(
            name="JournalLeaf",
            fields=[
                (
                    "position",
                    models.BigIntegerField(
                        help_text="自 0 起，不间断", primary_key=True, serialize=False, verbose_name="位置"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaf",
                        to="journal.journalentry",
                        verbose_name="日志记录",
                    ),
                ),
                (
                    "leaf_hash",
                    models.BinaryField(help_text="RFC 9162", max_length=32, verbose_name="叶杂凑值"),
                ),
                (
                    "secret",
                    models.PositiveSmallIntegerField(
                        help_text="化名和公开承诺的盐由哪一代秘密得出", verbose_name="日志秘密代次"
                    ),
                ),
                ("has_private", models.BooleanField(verbose_name="入册时有非公开内容")),
            ],
            options={"verbose_name": "日志叶", "verbose_name_plural": "日志叶", "db_table": "journal_leaf"},
        ),
        migrations.CreateModel(
            name="JournalCheckpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="叶数")),
                ("root", models.BinaryField(max_length=32, verbose_name="根")),
                ("note", models.TextField(help_text="C2SP signed note", verbose_name="检查点")),
                (
                    "signed_at",
                    models.DateTimeField(help_text="平台时钟（UTC），不早于前一个", verbose_name="签署时刻"),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        help_text="数据库时钟（UTC）",
                        verbose_name="入册时刻",
                    ),
                ),
                (
                    "watermark",
                    models.BigIntegerField(help_text="此前提交的记录都已入册", verbose_name="事务水位"),
                ),
                (
                    "cluster",
                    models.CharField(
                        blank=True,
                        help_text="水位属于哪个实例；空为未知",
                        max_length=24,
                        verbose_name="数据库实例",
                    ),
                ),
            ],
            options={
                "verbose_name": "日志检查点",
                "verbose_name_plural": "日志检查点",
                "db_table": "journal_checkpoint",
            },
        ),
        migrations.AddConstraint(
            model_name="journalleaf",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__gte", 0)), name="journal_leaf_position"
            ),
        ),
        migrations.RunSQL(IN_ORDER, migrations.RunSQL.noop),
        migrations.RunSQL(INSERT_ONLY, migrations.RunSQL.noop),
        migrations.RunSQL(ERASED_WITH_ITS_ENTRY, migrations.RunSQL.noop),
    ]
