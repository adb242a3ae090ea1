"""One more relation: whatever supervision may find something out about, a case or not.

A module whose windows, payments or posts can be found out adds them by a migration of its own that depends on
this one: its SELECT in these columns, with `is_case` false, behind what the view says already. No order of such
migrations matters, every reader of the view sees them all, and nothing here knows the module:

    DO $do$ BEGIN
        EXECUTE 'CREATE OR REPLACE VIEW caselog.subjects AS '
            || rtrim(pg_get_viewdef('caselog.subjects'::regclass), ';')
            || $$ UNION ALL SELECT 'window'::text, w.code::text, 'liuquan'::text, ... FROM ... w $$;
    END $do$;

Its acts are entered in the journal under the same number, so that the live run sees what changed.
"""

from django.db import migrations

VIEWS = """
CREATE VIEW caselog.subjects AS
SELECT c.kind, c.case_number AS number, c.source, c.body_code, c.division_path, c.item_name AS name, c.item_code,
    true AS is_case
FROM caselog.cases c
UNION ALL
SELECT 'log'::text, g.log, g.source, g.body_code, g.division_path, g.name, ''::text, false
FROM caselog.logs g;

DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'liuquan_app') THEN
        REVOKE ALL ON caselog.subjects FROM liuquan_app;
        GRANT SELECT ON caselog.subjects TO liuquan_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("caselog", "0003_record")]
    operations = [migrations.RunSQL(VIEWS, "DROP VIEW caselog.subjects")]
