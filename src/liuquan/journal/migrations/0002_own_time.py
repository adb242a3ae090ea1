"""When and in which transaction an entry was written is said by the database alone: the application's role may
not even name those columns."""

from django.db import migrations

OWN_TIME = """
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        REVOKE INSERT ON journal_entry FROM liuquan_app;
        GRANT INSERT (number, event, vocabulary_version, subject, body_code, post_code, actor_kind,
            from_state, to_state, effective_at, public, commitment) ON journal_entry TO liuquan_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_journal")]
    operations = [migrations.RunSQL(OWN_TIME, migrations.RunSQL.noop)]
