from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    dependencies = (("determinations", "0006_archive_holds"),)

    operations = (
        migrations.RenameModel("LetterRereading", "LetterReparse"),
        migrations.RenameField("LetterReparse", "reader_version", "parser_version"),
        migrations.RenameField("LetterReparse", "read_at", "parsed_at"),
        migrations.AlterField(
            "LetterReparse",
            "determination",
            models.ForeignKey(
                on_delete=CASCADE, related_name="reparses", to="determinations.determination"
            ),
        ),
        migrations.RenameField("Determination", "reader_version", "parser_version"),
        migrations.RenameField("ImportFile", "reader_version", "parser_version"),
        migrations.RenameField("ImportFile", "holds", "member_count"),
        migrations.RenameField("ImportBatch", "trouble", "error"),
        migrations.RenameField("ImportBatch", "left_alone", "skipped_count"),
        migrations.AlterField(
            "ImportBatch",
            "skipped_count",
            models.PositiveIntegerField(default=0, verbose_name="files skipped"),
        ),
        migrations.RenameField("ImportBatch", "files_to_come", "pending_uploads"),
        migrations.AlterField(
            "ImportBatch",
            "pending_uploads",
            models.PositiveIntegerField(
                default=0, editable=False, verbose_name="uploads still expected"
            ),
        ),
        migrations.RenameField("SavedSearch", "trouble_told", "last_error_mailed"),
    )
