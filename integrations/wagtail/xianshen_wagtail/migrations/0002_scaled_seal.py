"""What is known of scaled pictures is sealed from now on; what was written before is made sure of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the seal."""

    dependencies = [("xianshen_wagtail", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="scaled",
            name="seal",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        )
    ]
