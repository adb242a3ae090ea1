"""A step that was given to a post chosen at run time has its own name and body; a step of the route that names no
body is of the body that handled the case when it opened, wherever the case went since."""

from django.db import migrations

STEPS = """
CREATE OR REPLACE VIEW caselog.steps AS
SELECT c.number::text AS case_number, 'liuquan'::text AS source, a.step::text AS step,
    coalesce(nullif(a.name, ''), jsonb_path_query_first(c.terms, '$.steps[*] ? (@.key == $key)',
        jsonb_build_object('key', a.step)) ->> 'name', a.step)::text AS step_name,
    a.post_code::text AS post_code,
    coalesce(nullif(a.body_code, ''), nullif(jsonb_path_query_first(c.terms, '$.steps[*] ? (@.key == $key)',
        jsonb_build_object('key', a.step)) ->> 'body_code', ''),
        (SELECT b.body_code FROM casework_case_body b WHERE b.case_id = c.id AND b.role = 'lead'
            AND b.from_at <= a.opened_at ORDER BY b.from_at DESC, b.id DESC LIMIT 1),
        c.body_code)::text AS body_code,
    a.state::text AS state, a.opened_at, a.done_at, a.result::text AS result
FROM casework_assignment a JOIN casework_case c ON c.id = a.case_id;
"""


class Migration(migrations.Migration):
    dependencies = [("caselog", "0005_clock_parts"), ("casework", "0011_bodies")]
    operations = [migrations.RunSQL(STEPS, migrations.RunSQL.noop)]
