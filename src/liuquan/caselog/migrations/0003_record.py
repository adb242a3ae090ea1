"""Two more relations: the transparency logs this office keeps or witnesses, and what went wrong with them."""

from django.db import migrations

VIEWS = """
CREATE VIEW caselog.logs AS
WITH homes AS (
    SELECT DISTINCT ON (b.id) b.id, b.code, d.path FROM body b
    JOIN body_record r ON r.body_id = b.id JOIN division d ON d.id = r.division_id
    ORDER BY b.id, r.from_on DESC, r.id DESC
),
-- the first body of the pack: it runs the centre, and answers for the log
centre AS (SELECT code, path FROM homes ORDER BY id LIMIT 1)
SELECT 'log'::text AS log, 'liuquan'::text AS source, true AS own, '本中心的公开日志'::text AS name,
    c.code::text AS body_code, c.path::text AS division_path,
    (SELECT max(k.size) FROM journal_checkpoint k) AS size,
    (SELECT max(k.signed_at) FROM journal_checkpoint k) AS signed_at
FROM centre c
UNION ALL
SELECT g.origin::text, 'liuquan'::text, false, coalesce(nullif(g.label, ''), g.origin)::text,
    coalesce(h.code, c.code)::text, coalesce(h.path, c.path)::text, g.size, g.cosigned_at
FROM journal_known_log g CROSS JOIN centre c LEFT JOIN homes h ON h.code = g.body_code;

CREATE VIEW caselog.record_faults AS
SELECT e.subject::text AS log, 'liuquan'::text AS source, e.number AS entry, e.event::text AS event,
    coalesce(e.public ->> 'fault', 'audit')::text AS fault,
    coalesce(e.public ->> 'label', e.public ->> 'problem', '')::text AS label,
    e.effective_at, r.known_size, r.offered_size, r.settled_at
FROM journal_entry e LEFT JOIN journal_refused_head r ON r.entry = e.number
WHERE e.event IN ('journal.audit_failed', 'journal.sealing_refused', 'journal.witness_refused',
    'journal.log_objected');

DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        REVOKE ALL ON caselog.logs, caselog.record_faults FROM liuquan_app;
        GRANT SELECT ON caselog.logs, caselog.record_faults TO liuquan_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("caselog", "0002_special_procedures"),
        ("journal", "0005_witnessing"),
        ("organisation", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(VIEWS, "DROP VIEW caselog.record_faults; DROP VIEW caselog.logs"),
    ]
