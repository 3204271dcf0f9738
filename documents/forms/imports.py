"""What a person says when a file is taken in."""

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPT = ".docx,.md,.markdown,.txt,.pdf"


class ImportForm(forms.Form):
    """The file, and that a PDF may take the place of what is written."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("Word (.docx), Markdown or plain text up to 10 MB; a PDF up to 50 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    replace = forms.BooleanField(label=_("A PDF takes the place of the text of this draft"), required=False)

    def __init__(self, *args: object, has_text: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what Form takes
        if not has_text:
            del self.fields["replace"]
