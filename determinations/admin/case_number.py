"""The form that corrects a letter itself: its case number must be one, and no other letter's."""

from django import forms
from django.db.models import Q

from determinations.admin.edit_conflicts import KeepsOthersEditsForm
from determinations.models import Determination
from determinations.search.query.case_numbers import EXAMPLE, case_number_at
from determinations.search.query.nodes import CaseNumber


class DeterminationForm(KeepsOthersEditsForm[Determination]):
    class Meta:
        model = Determination
        fields = ("case_number",)

    def clean_case_number(self) -> str:
        """The number in its one spelling. Empty is right for a letter without a cover."""
        typed: str = self.cleaned_data["case_number"].strip()
        if not typed:
            return ""
        number = _written(typed)
        if number is None:
            raise forms.ValidationError(
                "“%(typed)s” is not a case number. Write it as %(example)s: CM, two digits of the year, a "
                "hyphen and seven digits. Leave it empty if the letter does not say it.",
                code="no_case_number",
                params={"typed": typed, "example": EXAMPLE},
            )
        if self.instance.is_current:
            others = Determination.objects.exclude(pk=self.instance.pk)
            other = others.filter(Q(case_number=number, is_current=True) | Q(public_id=number)).first()
            if other:
                raise forms.ValidationError(
                    "Another letter has this case number: %(name)s, from the file %(file)s. Correct that "
                    "one first, or delete one of the two if they are the same letter.",
                    code="case_number_taken",
                    params={"name": str(other), "file": other.source_name},
                )
        return number


def _written(typed: str) -> str | None:
    """The case number that is written here and nothing else, such as "cm14-31877"."""
    read = case_number_at(typed, 0)
    if read is None or not isinstance(read[0], CaseNumber) or read[1] != len(typed):
        return None
    return read[0].number if read[0].number.isascii() else None
