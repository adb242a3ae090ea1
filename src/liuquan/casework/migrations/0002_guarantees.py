"""What the database itself guarantees: numbers, and no change of a case's state without its journal entry."""

from django.db import migrations

GUARANTEES = """
CREATE SEQUENCE casework_case_serial;
CREATE SEQUENCE casework_notice_serial;
CREATE FUNCTION casework_state_needs_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM journal_entry
        WHERE subject = NEW.number AND xid = pg_current_xact_id()
            AND from_state IS NOT DISTINCT FROM before AND to_state = NEW.state
    ) THEN
        RAISE EXCEPTION 'case % went to % without a journal entry in the same transaction', NEW.number, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER casework_creation_is_recorded AFTER INSERT ON casework_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION casework_state_needs_entry();
CREATE CONSTRAINT TRIGGER casework_state_is_recorded AFTER UPDATE OF state ON casework_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION casework_state_needs_entry();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        GRANT USAGE ON SEQUENCE casework_case_serial, casework_notice_serial TO liuquan_app;
        REVOKE DELETE, TRUNCATE ON casework_case, casework_case_party, casework_assignment, casework_deadline,
            casework_suspension, casework_notice FROM liuquan_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_casework"), ("journal", "0001_journal")]
    operations = [migrations.RunSQL(GUARANTEES, migrations.RunSQL.noop)]
