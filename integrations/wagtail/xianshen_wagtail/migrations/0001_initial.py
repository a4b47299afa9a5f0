"""The tables as they were first."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Reviews, their files, publications, notices, the workflow's step."""

    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0094_alter_page_locale"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                ("event", models.CharField(max_length=40)),
                ("taken_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReviewTask",
            fields=[
                (
                    "task_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.task",
                    ),
                ),
            ],
            options={
                "verbose_name": "先审",
                "verbose_name_plural": "先审",
            },
            bases=("wagtailcore.task",),
        ),
        migrations.CreateModel(
            name="Scaled",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("path", models.CharField(max_length=255, unique=True)),
                ("sha256", models.CharField(max_length=64)),
                ("original", models.CharField(help_text="原图的摘要", max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("object_id", models.CharField(max_length=255)),
                (
                    "number",
                    models.PositiveIntegerField(help_text="这个对象的第几次送审"),
                ),
                ("external_id", models.CharField(max_length=200, unique=True)),
                ("title", models.CharField(max_length=500)),
                ("html", models.TextField()),
                ("digests", models.JSONField(default=list)),
                ("fingerprint", models.CharField(db_index=True, max_length=64)),
                ("case", models.CharField(blank=True, max_length=20)),
                ("stage", models.CharField(blank=True, max_length=40)),
                ("stage_word", models.CharField(blank=True, max_length=40)),
                ("findings", models.JSONField(null=True)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("open", "审查中"),
                            ("allowed", "可以公开"),
                            ("revoked", "已撤销"),
                            ("adopted", "启用前已有"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("clearance", models.TextField(blank=True)),
                ("seal", models.CharField(blank=True, max_length=64)),
                ("said", models.TextField(blank=True, help_text="闸口最后的回答")),
                ("submitted_at", models.DateTimeField(auto_now_add=True)),
                ("refreshed_at", models.DateTimeField(null=True)),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="contenttypes.contenttype",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "送审记录",
                "verbose_name_plural": "送审记录",
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("address", models.CharField(max_length=1000)),
                ("published_at", models.DateTimeField()),
                ("reported_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="publications",
                        to="xianshen_wagtail.review",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="xianshen_wagtail.review",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                fields=("content_type", "object_id", "number"),
                name="xianshen_review_number",
            ),
        ),
    ]
