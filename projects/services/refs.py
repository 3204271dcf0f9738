"""Refs that name something in a project for good: `C-01`, `E-0001`. None is ever given twice."""

from projects.models import Project, RefCounter


def next_ref(project: Project, letter: str, *, series: str = "", width: int = 2) -> str:
    """The next ref of `letter`, its number at least `width` digits long.

    Each `series` counts for itself, such as the lines of one kind of case. Call it within the transaction that writes
    what the ref names: whoever asks at the same time waits, and a ref whose transaction fails is given to the next.
    """
    name = f"{series} {letter}" if series else letter
    counter, _made = RefCounter.objects.select_for_update().get_or_create(project=project, name=name)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{letter}-{counter.last:0{width}d}"
