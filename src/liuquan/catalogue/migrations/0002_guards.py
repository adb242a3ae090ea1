"""What the database itself refuses: changing or deleting versions that are or were in force."""

from typing import ClassVar

from django.db import migrations

VERSION_GUARD = """
CREATE FUNCTION catalogue_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free CONSTANT text[] := ARRAY['state', 'validity', 'ended_reason'];
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '已发布的事项版本不能删除（版本 %）', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
        RAISE EXCEPTION '已发布的事项版本不能修改（版本 %）', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'draft' OR (OLD.state IN ('superseded', 'cancelled') AND NEW.state <> OLD.state
            AND NOT (OLD.state = 'superseded' AND NEW.state = 'cancelled')) THEN
        RAISE EXCEPTION '事项版本的状态不能这样改变（版本 %）', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT isempty(NEW.validity) AND lower(NEW.validity) IS DISTINCT FROM lower(OLD.validity) THEN
        RAISE EXCEPTION '已发布版本的生效日不能改变（版本 %）', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT (NEW.validity <@ OLD.validity) THEN
        RAISE EXCEPTION '已发布版本的有效期只能提前结束（版本 %）', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER catalogue_keep_version BEFORE UPDATE OR DELETE ON catalogue_itemversion
    FOR EACH ROW EXECUTE FUNCTION catalogue_keep_version();
"""

# FOR SHARE makes a writer of contents wait for a publication in progress, and the other way round.
CONTENT_GUARD = """
CREATE FUNCTION catalogue_keep_contents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
    found text;
BEGIN
    FOREACH touched IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.version_id]
        WHEN 'DELETE' THEN ARRAY[OLD.version_id]
        ELSE ARRAY[OLD.version_id, NEW.version_id] END
    LOOP
        SELECT state INTO found FROM catalogue_itemversion WHERE id = touched FOR SHARE;
        IF found <> 'draft' THEN
            RAISE EXCEPTION '已发布的事项版本不能修改（版本 %）', touched USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
"""

TABLES = ("legalbasis", "requiredmaterial", "fee", "question", "routestep")

CONTENT_TRIGGERS = "".join(
    f"CREATE TRIGGER catalogue_keep_contents BEFORE INSERT OR UPDATE OR DELETE ON catalogue_{table} "
    f"FOR EACH ROW EXECUTE FUNCTION catalogue_keep_contents();\n"
    for table in TABLES
)

UNDO = (
    "".join(f"DROP TRIGGER catalogue_keep_contents ON catalogue_{table};\n" for table in TABLES)
    + "DROP FUNCTION catalogue_keep_contents();\n"
    "DROP TRIGGER catalogue_keep_version ON catalogue_itemversion;\n"
    "DROP FUNCTION catalogue_keep_version();\n"
)


class Migration(migrations.Migration):
    """Published versions are read-only, whoever writes."""

    dependencies: ClassVar = [("catalogue", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL(VERSION_GUARD + CONTENT_GUARD + CONTENT_TRIGGERS, UNDO),
    ]
