from django.db import migrations

# A sheet that is deleted takes its entries with it, so that DELETE stays possible; nothing ever changes one.
POSTGRESQL = """
CREATE FUNCTION sheets_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the ledger of experience is only ever added to'; END $$;
CREATE TRIGGER experience_append_only BEFORE UPDATE ON sheets_experience
FOR EACH ROW EXECUTE FUNCTION sheets_refuse_change();
"""
SQLITE = """
CREATE TRIGGER experience_append_only BEFORE UPDATE ON sheets_experience
BEGIN SELECT RAISE(ABORT, 'the ledger of experience is only ever added to'); END;
"""
BACK = {
    "postgresql": "DROP TRIGGER experience_append_only ON sheets_experience; DROP FUNCTION sheets_refuse_change();",
    "sqlite": "DROP TRIGGER experience_append_only;",
}


def refuse_changes(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    schema_editor.execute(POSTGRESQL if vendor == "postgresql" else SQLITE)


def allow_changes(apps, schema_editor):
    schema_editor.execute(BACK[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("sheets", "0001_initial")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]
