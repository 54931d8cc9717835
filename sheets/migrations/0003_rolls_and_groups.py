import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_in_the_order_of_lists"),
        ("characters", "0004_turn_order"),
        ("sheets", "0002_experience_is_only_added_to"),
    ]

    operations = [
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("line", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=100)),
                ("fields", models.JSONField(default=dict)),
                ("tracks", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheet_groups",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "character",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="sheet_group",
                        to="characters.character",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.AddField(
            model_name="sheet",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sheets",
                to="sheets.group",
            ),
        ),
        migrations.CreateModel(
            name="Roll",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("label", models.CharField(max_length=120)),
                ("asked", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("hidden", models.BooleanField(default=False)),
                ("rerolled", models.BooleanField(default=False)),
                ("choice", models.CharField(blank=True, max_length=10)),
                ("event_id", models.UUIDField(null=True)),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rolls", to="sheets.sheet"
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.AddIndex(
            model_name="group",
            index=models.Index(fields=["campaign", "line", "name"], name="sheets_grou_campaig_1dd7da_idx"),
        ),
        migrations.AddConstraint(
            model_name="roll",
            constraint=models.UniqueConstraint(fields=("sheet", "number"), name="one_roll_per_number"),
        ),
    ]
