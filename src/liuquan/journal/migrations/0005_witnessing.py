"""The tables of witnessing. The head of a known log only grows: the database itself refuses to take it back."""

import django.db.models.deletion
from django.db import migrations, models

GUARANTEES = """
CREATE FUNCTION journal_head_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.size IS NOT NULL AND (NEW.size IS NULL OR NEW.size < OLD.size
        OR (NEW.size = OLD.size AND NEW.root IS DISTINCT FROM OLD.root)) THEN
        RAISE EXCEPTION 'the head of log % may not go back from % leaves', OLD.origin, OLD.size
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_known_log_only_grows BEFORE UPDATE OF size, root ON journal_known_log
    FOR EACH ROW EXECUTE FUNCTION journal_head_only_grows();
CREATE INDEX journal_checkpoint_signed_at ON journal_checkpoint (signed_at);
CREATE INDEX journal_entry_of_faults ON journal_entry (subject, id)
    WHERE event IN ('journal.audit_failed', 'journal.sealing_refused', 'journal.witness_refused',
        'journal.log_objected');
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        REVOKE DELETE, TRUNCATE ON journal_witness, journal_known_log FROM liuquan_app;
        REVOKE UPDATE, DELETE, TRUNCATE ON journal_cosignature, journal_seen_head, journal_refused_head
            FROM liuquan_app;
        GRANT UPDATE (settled_at) ON journal_refused_head TO liuquan_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0004_reencryption"),
    ]

    operations = [
        migrations.CreateModel(
            name="Witness",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="见证公钥中的名称", max_length=200, unique=True, verbose_name="名称"
                    ),
                ),
                ("key", models.TextField(help_text="名称+编号+内容", unique=True, verbose_name="公钥")),
                ("label", models.CharField(blank=True, max_length=80, verbose_name="单位")),
                (
                    "url",
                    models.CharField(
                        blank=True, help_text="空：由对方来取", max_length=500, verbose_name="提交地址"
                    ),
                ),
                ("added_at", models.DateTimeField(help_text="UTC", verbose_name="登记时刻")),
                ("removed_at", models.DateTimeField(help_text="UTC", null=True, verbose_name="停用时刻")),
                ("size", models.BigIntegerField(help_text="叶数", null=True, verbose_name="见证到")),
                ("cosigned_at", models.DateTimeField(help_text="UTC", null=True, verbose_name="最近见证")),
                (
                    "next_try_at",
                    models.DateTimeField(help_text="UTC；空：随时", null=True, verbose_name="下次提交"),
                ),
                ("failures", models.PositiveIntegerField(default=0, help_text="次", verbose_name="连续失败")),
                ("trouble", models.TextField(blank=True, verbose_name="最近的问题")),
            ],
            options={
                "verbose_name": "见证方",
                "verbose_name_plural": "见证方",
                "db_table": "journal_witness",
            },
        ),
        migrations.CreateModel(
            name="KnownLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("origin", models.CharField(max_length=64, unique=True, verbose_name="日志名称")),
                ("label", models.CharField(blank=True, max_length=80, verbose_name="单位")),
                ("keys", models.JSONField(help_text="公钥及其使用期（叶数）", verbose_name="公钥")),
                (
                    "url",
                    models.CharField(
                        blank=True, help_text="空：由对方来提交", max_length=500, verbose_name="公开地址"
                    ),
                ),
                (
                    "body_code",
                    models.CharField(
                        blank=True, help_text="空：由本中心跟进", max_length=32, verbose_name="机关代码"
                    ),
                ),
                ("known_at", models.DateTimeField(help_text="UTC", verbose_name="登记时刻")),
                ("dropped_at", models.DateTimeField(help_text="UTC", null=True, verbose_name="停止见证")),
                (
                    "size",
                    models.BigIntegerField(
                        help_text="叶数；空：还没有见证过", null=True, verbose_name="见证到"
                    ),
                ),
                ("root", models.BinaryField(max_length=32, null=True, verbose_name="根")),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="日志签名的原文和我们的见证签名", verbose_name="检查点"
                    ),
                ),
                ("cosigned_at", models.DateTimeField(help_text="UTC", null=True, verbose_name="最近见证")),
                (
                    "next_try_at",
                    models.DateTimeField(help_text="UTC；空：随时", null=True, verbose_name="下次去取"),
                ),
                ("failures", models.PositiveIntegerField(default=0, help_text="次", verbose_name="连续失败")),
                ("trouble", models.TextField(blank=True, verbose_name="最近的问题")),
            ],
            options={
                "verbose_name": "所见证的日志",
                "verbose_name_plural": "所见证的日志",
                "db_table": "journal_known_log",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("note", ""), ("root__isnull", True), ("size__isnull", True)),
                            models.Q(
                                ("root__isnull", False),
                                ("size__gte", 0),
                                models.Q(("note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="journal_known_log_head_is_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "misdeed",
                    models.CharField(
                        help_text="fork 分叉、rewind 回退、proof 不连续", max_length=8, verbose_name="情形"
                    ),
                ),
                ("known_size", models.BigIntegerField(verbose_name="已见证的叶数")),
                ("known_note", models.TextField(verbose_name="已见证的检查点")),
                ("offered_size", models.BigIntegerField(verbose_name="所提交的叶数")),
                ("offered_root", models.BinaryField(max_length=32, verbose_name="所提交的根")),
                ("offered_note", models.TextField(verbose_name="所提交的检查点")),
                (
                    "path",
                    models.JSONField(default=list, help_text="十六进制", verbose_name="所提交的一致性证明"),
                ),
                ("entry", models.UUIDField(unique=True, verbose_name="日志记录编号")),
                ("refused_at", models.DateTimeField(help_text="UTC", verbose_name="拒绝时刻")),
                (
                    "settled_at",
                    models.DateTimeField(
                        help_text="UTC；日志此后由已见证的检查点延续；分叉永不消除",
                        null=True,
                        verbose_name="消除时刻",
                    ),
                ),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.knownlog",
                        verbose_name="日志",
                    ),
                ),
            ],
            options={
                "verbose_name": "拒绝见证的检查点",
                "verbose_name_plural": "拒绝见证的检查点",
                "db_table": "journal_refused_head",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("log", "misdeed", "offered_size", "offered_root"),
                        name="journal_refused_head_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("misdeed__in", ["fork", "rewind", "proof"])),
                        name="journal_refused_head_misdeed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_at__isnull", True),
                            models.Q(("misdeed", "fork"), _negated=True),
                            _connector="OR",
                        ),
                        name="journal_fork_is_never_settled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeenHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.BigIntegerField(verbose_name="叶数")),
                ("root", models.BinaryField(max_length=32, verbose_name="根")),
                ("cosigned_at", models.DateTimeField(help_text="UTC", verbose_name="见证时刻")),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.knownlog",
                        verbose_name="日志",
                    ),
                ),
            ],
            options={
                "verbose_name": "见证过的检查点",
                "verbose_name_plural": "见证过的检查点",
                "db_table": "journal_seen_head",
                "constraints": [
                    models.UniqueConstraint(fields=("log", "size"), name="journal_seen_head_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.BigIntegerField(help_text="检查点的叶数", verbose_name="叶数")),
                ("line", models.TextField(verbose_name="签名行")),
                ("signed_at", models.DateTimeField(help_text="见证方所称（UTC）", verbose_name="见证时刻")),
                ("received_at", models.DateTimeField(help_text="UTC", verbose_name="收到时刻")),
                (
                    "witness",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.witness",
                        verbose_name="见证方",
                    ),
                ),
            ],
            options={
                "verbose_name": "见证签名",
                "verbose_name_plural": "见证签名",
                "db_table": "journal_cosignature",
                "constraints": [
                    models.UniqueConstraint(fields=("size", "witness"), name="journal_cosignature_once"),
                    models.CheckConstraint(
                        condition=models.Q(("size__gte", 0)), name="journal_cosignature_size"
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARANTEES, migrations.RunSQL.noop),
    ]
