"""An explanation is asked for by a case of its own kind, to which the finding refers; the texts are in the
record. The tables in which they stood until now go; only demonstrations have rows in them, which are made
anew."""

from django.db import migrations, models

#: Findings are settled for good; and their state follows an entry about them, or about their disposal.
NEEDS_ENTRY = """
CREATE OR REPLACE FUNCTION supervision_finding_needs_entry() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM journal_entry
        WHERE subject {about} AND xid::text = pg_current_xact_id()::text
            AND (TG_OP = 'UPDATE' OR event = 'supervision.finding_raised')
    ) THEN
        RAISE EXCEPTION 'finding % changed without a journal entry in the same transaction', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
GUARANTEES = """
CREATE FUNCTION supervision_finding_stays_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' OR (OLD.state = 'lifted' AND NEW.state <> 'open')
        OR (NEW.state = 'asked' AND OLD.state NOT IN ('open', 'explained'))
        OR (OLD.disposal <> '' AND NEW.disposal <> OLD.disposal) THEN
        RAISE EXCEPTION 'finding % is % and cannot become %', NEW.number, OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supervision_finding_stays_settled BEFORE UPDATE OF state, disposal ON supervision_finding
    FOR EACH ROW EXECUTE FUNCTION supervision_finding_stays_settled();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        GRANT UPDATE (disposal, ruling, ground) ON supervision_finding TO liuquan_app;
    END IF;
END $$;
"""
UNGUARDED = """
DROP TRIGGER supervision_finding_stays_settled ON supervision_finding;
DROP FUNCTION supervision_finding_stays_settled();
"""
EMPTY = """
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM supervision_explanation) OR EXISTS (SELECT 1 FROM supervision_verdict) THEN
        RAISE EXCEPTION '数据库里有以前版本的情况说明或者认定，本版本不能带入：请重新生成演示数据，或者继续使用原来的版本。';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0003_subjects")]
    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.DeleteModel("Explanation"),
        migrations.DeleteModel("Verdict"),
        migrations.AddField(
            "finding",
            "disposal",
            models.CharField(
                blank=True,
                default="",
                help_text="要求说明以后的监察处置案件",
                max_length=64,
                verbose_name="处置编号",
            ),
        ),
        migrations.AddField(
            "finding",
            "ruling",
            models.CharField(blank=True, default="", max_length=12, verbose_name="认定"),
        ),
        migrations.AddField(
            "finding",
            "ground",
            models.CharField(blank=True, default="", max_length=24, verbose_name="免责事由"),
        ),
        migrations.AlterField(
            "finding",
            "settled_at",
            models.DateTimeField(help_text="认定、改正或者解除(UTC)", null=True, verbose_name="了结时刻"),
        ),
        migrations.RemoveConstraint("finding", "supervision_finding_state"),
        migrations.RemoveConstraint("finding", "supervision_finding_settled"),
        migrations.AddConstraint(
            "finding",
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["open", "asked", "explained", "correcting", "closed", "lifted"]
                ),
                name="supervision_finding_state",
            ),
        ),
        migrations.AddConstraint(
            "finding",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", False), ("state__in", ["closed", "lifted"])),
                    models.Q(
                        ("settled_at__isnull", True),
                        ("state__in", ["open", "asked", "explained", "correcting"]),
                    ),
                    _connector="OR",
                ),
                name="supervision_finding_settled",
            ),
        ),
        migrations.AddConstraint(
            "finding",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ruling", ""), ("state__in", ["open", "asked", "explained", "lifted"])),
                    models.Q(
                        ("ruling__in", ["founded", "unfounded", "excused"]),
                        ("state__in", ["correcting", "closed"]),
                    ),
                    _connector="OR",
                ),
                name="supervision_finding_ruling",
            ),
        ),
        migrations.AddConstraint(
            "finding",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ruling", "excused"), models.Q(("ground", ""), _negated=True)),
                    models.Q(models.Q(("ruling", "excused"), _negated=True), ("ground", "")),
                    _connector="OR",
                ),
                name="supervision_finding_ground",
            ),
        ),
        migrations.AddConstraint(
            "finding",
            models.UniqueConstraint(
                condition=models.Q(("disposal", ""), _negated=True),
                fields=("disposal",),
                name="supervision_finding_disposal_once",
            ),
        ),
        migrations.RunSQL(
            NEEDS_ENTRY.format(about="IN (NEW.number, nullif(NEW.disposal, ''))"),
            NEEDS_ENTRY.format(about="= NEW.number"),
        ),
        migrations.RunSQL(GUARANTEES, UNGUARDED),
    ]
