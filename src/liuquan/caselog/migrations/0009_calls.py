"""Calls to the hotline: what became of each, and until when somebody has to say so. A call is no case, so it
is a subject of its own, without number and name of whoever called."""

from django.db import migrations

VIEWS = """
CREATE INDEX hotline_call_number_text ON hotline_call ((number::text));

CREATE VIEW caselog.calls AS
WITH centre AS (
    SELECT b.code, d.path FROM hotline_centre h JOIN body b ON b.code = h.body_code
    JOIN body_record r ON r.body_id = b.id JOIN division d ON d.id = r.division_id
    ORDER BY r.from_on DESC, r.id DESC LIMIT 1
)
SELECT c.number::text AS call, 'liuquan'::text AS source, o.code::text AS body_code,
    o.path::text AS division_path, c.arrived_at, c.answered_at, c.ended_at, c.is_broken_off,
    c.outcome::text AS outcome, c.tries::int AS tries, c.called_back_at, c.ticket::text AS ticket,
    CASE WHEN c.outcome IN ('', 'missed', 'dropped') THEN coalesce(c.ended_at, c.arrived_at)
        + CASE WHEN c.tries = 0 THEN interval '1 day' ELSE interval '3 days' END END AS settle_by
FROM hotline_call c CROSS JOIN centre o;

DO $do$ BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW caselog.subjects AS '
        || rtrim(pg_get_viewdef('caselog.subjects'::regclass), ';')
        || $$ UNION ALL SELECT 'call'::text, k.call, k.source, k.body_code, k.division_path,
            to_char(k.arrived_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') || ' 的来电', ''::text,
            false FROM caselog.calls k $$;
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        REVOKE ALL ON caselog.calls FROM liuquan_app;
        GRANT SELECT ON caselog.calls TO liuquan_app;
    END IF;
END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("hotline", "0004_calls"),
        ("caselog", "0008_clocks_of_their_bodies"),
        ("organisation", "0003_days_of_bodies"),
    ]
    operations = [migrations.RunSQL(VIEWS, migrations.RunSQL.noop)]
