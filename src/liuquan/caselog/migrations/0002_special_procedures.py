"""Several grounds may stand at once: a clock stands since the first of them; and what a rule needs to see that a
special procedure takes longer than was told. Columns are only added at the end."""

from django.db import migrations

VIEWS = """
CREATE OR REPLACE VIEW caselog.clocks AS
SELECT c.number::text AS case_number, 'liuquan'::text AS source,
    (d.key || CASE WHEN d.step = '' THEN '' ELSE ':' || d.step END
        || '@' || floor(extract(epoch FROM d.anchor_at))::bigint)::text AS clock,
    d.key::text AS key, d.step::text AS step,
    coalesce(nullif(CASE WHEN d.step = '' THEN c.terms #>> ARRAY['limits', d.limit_key, 'label']
        ELSE jsonb_path_query_first(c.terms, '$.steps[*] ? (@.key == $key)',
            jsonb_build_object('key', d.step)) ->> 'name' END, ''), d.key)::text AS label,
    coalesce(CASE WHEN d.step <> '' THEN nullif(jsonb_path_query_first(c.terms, '$.steps[*] ? (@.key == $key)',
        jsonb_build_object('key', d.step)) ->> 'body_code', '') END, c.body_code)::text AS body_code,
    d.amount::int AS amount, d.unit::text AS unit,
    coalesce(c.terms #>> ARRAY['limits', d.limit_key, 'sense'], 'at_most')::text AS sense,
    d.anchor_at, d.due_on, d.due_at, d.warn_at, d.state::text AS state, d.provisional,
    d.on_expiry::text AS on_expiry, d.extended::int AS extended, d.met_at, d.breached_at,
    CASE WHEN d.state = 'running' THEN NULL
        WHEN d.state = 'paused' THEN greatest(d.breached_at,
            (SELECT min(s.from_on)::timestamp AT TIME ZONE 'Asia/Shanghai' FROM casework_suspension s
             WHERE s.case_id = d.case_id AND s.to_on IS NULL))
        ELSE d.met_at END AS counts_until, d.reminded_at
FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id;

CREATE OR REPLACE VIEW caselog.suspensions AS
SELECT c.number::text AS case_number, 'liuquan'::text AS source, s.ground::text AS ground, s.from_on, s.to_on,
    s.announced_to_on, (s.ground || '@' || s.from_on)::text AS suspension,
    coalesce(c.terms #>> ARRAY['grounds', s.ground, 'label'], s.ground)::text AS label,
    c.body_code::text AS body_code,
    ((s.announced_to_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') AS over_at,
    ((s.to_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') AS ended_at
FROM casework_suspension s JOIN casework_case c ON c.id = s.case_id;
"""


class Migration(migrations.Migration):
    dependencies = [("caselog", "0001_caselog_v1"), ("casework", "0004_moving_clocks")]
    operations = [migrations.RunSQL(VIEWS, migrations.RunSQL.noop)]
