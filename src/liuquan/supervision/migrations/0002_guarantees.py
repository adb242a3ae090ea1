"""What the database itself guarantees: a finding comes from a recorded run, and its content never changes."""

from django.db import migrations

GUARANTEES = """
CREATE SEQUENCE supervision_finding_serial;
CREATE FUNCTION supervision_finding_needs_entry() RETURNS trigger LANGUAGE plpgsql
-- A first run over old cases makes thousands of entries in one transaction: the look-up must go by the subject,
-- not through all rows of a journal that was small when the plan was made, nor through all of one xid (as text).
SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM journal_entry
        WHERE subject = NEW.number AND xid::text = pg_current_xact_id()::text
            AND (TG_OP = 'UPDATE' OR event = 'supervision.finding_raised')
    ) THEN
        RAISE EXCEPTION 'finding % changed without a journal entry in the same transaction', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER supervision_finding_is_recorded AFTER INSERT ON supervision_finding
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION supervision_finding_needs_entry();
CREATE CONSTRAINT TRIGGER supervision_state_is_recorded AFTER UPDATE OF state ON supervision_finding
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION supervision_finding_needs_entry();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        GRANT USAGE ON SEQUENCE supervision_finding_serial TO liuquan_app;
        REVOKE UPDATE, DELETE, TRUNCATE ON supervision_finding FROM liuquan_app;
        GRANT UPDATE (state, settled_at, since_at, found_at, evidence, rule_version)
            ON supervision_finding TO liuquan_app;
        REVOKE DELETE, TRUNCATE ON supervision_explanation FROM liuquan_app;
        REVOKE UPDATE, DELETE, TRUNCATE ON supervision_verdict FROM liuquan_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0001_supervision"),
        ("caselog", "0001_caselog_v1"),
        ("journal", "0001_journal"),
    ]
    operations = [migrations.RunSQL(GUARANTEES, migrations.RunSQL.noop)]
