"""openpyxl without numpy.

Where numpy is installed, openpyxl loads all of it (some 30 MB and a third of a second) only to know its kinds of
numbers. Nothing here hands it any, and the web process is never to hold numpy: so openpyxl finds its small module of
kinds of numbers filled already.

Nor does it take lxml where that is installed: what a file from outside may do is settled for the parser that we harden.
"""

import os
import sys
from decimal import Decimal
from types import ModuleType

MODULE = "openpyxl.compat.numbers"


def keep_numpy_out() -> None:
    """To be called before anything loads openpyxl; afterwards it changes nothing."""
    os.environ["OPENPYXL_LXML"] = "False"
    if MODULE in sys.modules:
        return
    numbers = ModuleType(MODULE)
    numbers.__dict__.update(NUMERIC_TYPES=(int, float, Decimal), NUMPY=False)
    sys.modules[MODULE] = numbers
