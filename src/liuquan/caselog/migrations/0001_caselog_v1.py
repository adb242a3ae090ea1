"""The views of `caselog.v1`. A later version of a view only adds columns at its end."""

from django.db import migrations

VIEWS = """
CREATE SCHEMA caselog;

CREATE VIEW caselog.cases AS
SELECT c.number::text AS case_number, 'liuquan'::text AS source, c.kind::text AS kind,
    c.body_code::text AS body_code, c.division_path::text AS division_path,
    c.subject_code::text AS item_code, c.terms ->> 'subject_name' AS item_name, c.state::text AS state,
    c.received_at, c.accepted_at, c.decided_at, c.closed_at, c.outcome::text AS outcome,
    c.channel::text AS channel, c.procedure_version::int AS procedure_version
FROM casework_case c;

CREATE VIEW caselog.steps AS
SELECT c.number::text AS case_number, 'liuquan'::text AS source, a.step::text AS step,
    coalesce(jsonb_path_query_first(c.terms, '$.steps[*] ? (@.key == $key)',
        jsonb_build_object('key', a.step)) ->> 'name', a.step)::text AS step_name,
    a.post_code::text AS post_code,
    coalesce(nullif(jsonb_path_query_first(c.terms, '$.steps[*] ? (@.key == $key)',
        jsonb_build_object('key', a.step)) ->> 'body_code', ''), c.body_code)::text AS body_code,
    a.state::text AS state, a.opened_at, a.done_at, a.result::text AS result
FROM casework_assignment a JOIN casework_case c ON c.id = a.case_id;

CREATE VIEW caselog.events AS
SELECT e.subject::text AS case_number, 'liuquan'::text AS source, e.number AS entry, e.event::text AS event,
    e.effective_at, e.recorded_at, e.body_code::text AS body_code, e.post_code::text AS post_code,
    e.actor_kind::text AS actor_kind, e.from_state::text AS from_state, e.to_state::text AS to_state,
    e.public, e.id AS sequence
FROM journal_entry e JOIN casework_case c ON c.number = e.subject;

CREATE VIEW caselog.clocks AS
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
            (SELECT s.from_on::timestamp AT TIME ZONE 'Asia/Shanghai' FROM casework_suspension s
             WHERE s.case_id = d.case_id AND s.to_on IS NULL))
        ELSE d.met_at END AS counts_until
FROM casework_deadline d JOIN casework_case c ON c.id = d.case_id;

CREATE VIEW caselog.notices AS
SELECT c.number::text AS case_number, 'liuquan'::text AS source, n.number::text AS notice_number,
    n.kind::text AS kind, n.entry, n.sha256::text AS sha256, n.issued_at
FROM casework_notice n JOIN casework_case c ON c.id = n.case_id;

CREATE VIEW caselog.suspensions AS
SELECT c.number::text AS case_number, 'liuquan'::text AS source, s.ground::text AS ground, s.from_on, s.to_on,
    s.announced_to_on
FROM casework_suspension s JOIN casework_case c ON c.id = s.case_id;

CREATE VIEW caselog.workday AS
SELECT 'liuquan'::text AS source, w.region::text AS region, w."on" AS day, w.kind::text AS kind,
    w.ordinal::int AS ordinal
FROM workday w;

DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        GRANT USAGE ON SCHEMA caselog TO liuquan_app;
        REVOKE ALL ON ALL TABLES IN SCHEMA caselog FROM liuquan_app;
        GRANT SELECT ON ALL TABLES IN SCHEMA caselog TO liuquan_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0002_guarantees"),
        ("journal", "0001_journal"),
        ("organisation", "0001_initial"),
    ]
    operations = [migrations.RunSQL(VIEWS, "DROP SCHEMA caselog CASCADE")]
