"""Whose duty a clock is: of the body that received the case, where the terms say so (`receiver_clocks`); of the
body that had the case when the clock stopped, wherever it went since. And the moment at which five working days
have passed since its last day. The column is added at the end."""

from django.db import migrations

VIEWS = """
CREATE OR REPLACE VIEW caselog.clocks AS
SELECT c.number::text AS case_number, 'liuquan'::text AS source,
    (d.key || CASE WHEN d.step = '' THEN '' ELSE ':' || d.step END
        || CASE WHEN d.part = '' THEN '' ELSE '/' || d.part END
        || '@' || floor(extract(epoch FROM d.anchor_at))::bigint)::text AS clock,
    d.key::text AS key, d.step::text AS step,
    (coalesce(nullif(CASE WHEN d.step = '' THEN c.terms #>> ARRAY['limits', d.limit_key, 'label']
        ELSE jsonb_path_query_first(c.terms, '$.steps[*] ? (@.key == $key)',
            jsonb_build_object('key', d.step)) ->> 'name' END, ''), d.key)
        || CASE WHEN d.part = '' THEN '' ELSE '（' || d.part || '）' END)::text AS label,
    coalesce(CASE WHEN d.step <> '' THEN nullif(jsonb_path_query_first(c.terms, '$.steps[*] ? (@.key == $key)',
        jsonb_build_object('key', d.step)) ->> 'body_code', '') END,
        CASE WHEN jsonb_exists(c.terms -> 'receiver_clocks', d.key) THEN c.terms ->> 'body_code' END,
        CASE WHEN d.met_at IS NOT NULL THEN (SELECT b.body_code FROM casework_case_body b
            WHERE b.case_id = c.id AND b.role = 'lead' AND (b.from_at < d.met_at OR b.from_at <= d.anchor_at)
            ORDER BY b.from_at DESC, b.id DESC LIMIT 1) END, c.body_code)::text AS body_code,
    d.amount::int AS amount, d.unit::text AS unit,
    coalesce(c.terms #>> ARRAY['limits', d.limit_key, 'sense'], 'at_most')::text AS sense,
    d.anchor_at, d.due_on, d.due_at, d.warn_at, d.state::text AS state, d.provisional,
    d.on_expiry::text AS on_expiry, d.extended::int AS extended, d.met_at, d.breached_at,
    CASE WHEN d.state = 'running' THEN NULL
        WHEN d.state = 'paused' THEN greatest(d.breached_at,
            (SELECT min(s.from_on)::timestamp AT TIME ZONE 'Asia/Shanghai' FROM casework_suspension s
             WHERE s.case_id = d.case_id AND s.to_on IS NULL))
        ELSE d.met_at END AS counts_until, d.reminded_at,
    d.part::text AS part,
    ((nth_working_day_after(coalesce(c.terms #>> '{counting,region}', ''), d.due_on, 5) + 1)::timestamp
        AT TIME ZONE 'Asia/Shanghai') AS five_days_past_at
FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("caselog", "0007_parents_and_bodies"),
        ("organisation", "0003_days_of_bodies"),
    ]
    operations = [migrations.RunSQL(VIEWS, migrations.RunSQL.noop)]
