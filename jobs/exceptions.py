"""What ends a run before its time."""


class JobInterrupted(BaseException):
    """The run must stop: cancelled, out of time, or no longer the one that may finish the job.

    No `Exception`, so that no kind's own `except Exception` swallows it.
    """


class JobCancelled(JobInterrupted):
    """Somebody asked to stop it."""


class JobOutOfTime(JobInterrupted):
    """It ran longer than its kind may."""


class ClaimLost(JobInterrupted):
    """Another run took the job over; this one must leave the row alone."""
