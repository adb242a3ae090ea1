"""Which case opened a case, and one more relation: which bodies have or had a part in a case, from when until
when, so that a rule finds whose a case was at a moment. The column is added at the end."""

from django.db import migrations

VIEWS = """
CREATE OR REPLACE VIEW caselog.cases AS
SELECT c.number::text AS case_number, 'liuquan'::text AS source, c.kind::text AS kind,
    c.body_code::text AS body_code, c.division_path::text AS division_path,
    c.subject_code::text AS item_code, c.terms ->> 'subject_name' AS item_name, c.state::text AS state,
    c.received_at, c.accepted_at, c.decided_at, c.closed_at, c.outcome::text AS outcome,
    c.channel::text AS channel, c.procedure_version::int AS procedure_version,
    p.number::text AS parent
FROM casework_case c LEFT JOIN casework_case p ON p.id = c.parent_id;

CREATE VIEW caselog.bodies AS
SELECT c.number::text AS case_number, 'liuquan'::text AS source, b.body_code::text AS body_code,
    b.role::text AS role, b.from_at, b.to_at
FROM casework_case_body b JOIN casework_case c ON c.id = b.case_id;

DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        REVOKE ALL ON caselog.bodies FROM liuquan_app;
        GRANT SELECT ON caselog.bodies TO liuquan_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("caselog", "0006_steps_of_posts"), ("casework", "0012_children")]
    operations = [migrations.RunSQL(VIEWS, "DROP VIEW caselog.bodies")]
