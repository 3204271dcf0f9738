"""Files of amounts that came in and wait for their person to confirm them."""

from django.db import models

from phases.preview_models import FilePreview


class CostPreview(FilePreview):
    """Amounts that were spent, as a file says it: their texts, and what they were read as."""

    case = models.ForeignKey("businesscase.BusinessCase", on_delete=models.CASCADE, related_name="+")
