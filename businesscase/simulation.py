"""Ten thousand runs over the three estimates of every line.

Each line is drawn from the triangle between its smallest and its largest estimate, with its top at the likely one.
Numbers come from the raw stream of PCG64, which never changes, and are turned into triangles here: the same seed gives
the same result on every machine and with every release of numpy.

numpy is loaded when it runs, which is only in a job: the web process never holds it.
"""

from math import ceil
from typing import TYPE_CHECKING, Any

from businesscase.domain.runs import RunInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RUNS = 10_000
BINS = 32
POINTS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
# Below half a cent is nothing: sums of floats are not exact.
NOTHING = -0.005


def simulate(given: RunInput, *, seed: int, runs: int = RUNS) -> dict[str, Any]:
    """The spread of net present value and payback over `runs` runs, as plain data.

    `npv`: p10, p50, p90, mean, lowest, highest, and `exact_mean` to hold the mean against. `payback`: the month (from
    1) at a tenth, at half and at nine tenths of the runs, None where it is not within the horizon. `pays_back` and
    `above_zero`: the shares of runs that have the money back at the end, and whose net present value is zero or more.
    `bins`: how many runs lie from `low` to below `high`.
    """
    import numpy as np  # noqa: PLC0415 (only a job may load it)

    fixed = np.array([float(each) for each in given.fixed])
    factors = np.array([float(each) for each in given.factors])
    net = np.tile(fixed, (runs, 1))
    if given.lines:
        units = np.array([[float(each) for each in line.unit] for line in given.lines])
        net += _drawn(given, seed, runs) @ units
    values = np.sort(net @ factors)
    paybacks = np.sort(_paybacks(np.cumsum(net, axis=1)))
    months = len(given.fixed)
    return {
        "npv": {
            **{name: _money(values[_place(share, runs)]) for name, share in POINTS.items()},
            "mean": _money(values.mean()),
            "exact_mean": f"{given.mean():.2f}",
            "lowest": _money(values[0]),
            "highest": _money(values[-1]),
        },
        "payback": {name: _month(paybacks[_place(share, runs)], months) for name, share in POINTS.items()},
        "pays_back": f"{float((paybacks <= months).mean()):.4f}",
        "above_zero": f"{float((values >= NOTHING).mean()):.4f}",
        "lines": len(given.lines),
        "bins": _bins(values),
    }


def _drawn(given: RunInput, seed: int, runs: int) -> "NDArray[np.float64]":
    """Runs by lines: an estimate of each line for each run. A line has the same numbers whatever lines stand after."""
    import numpy as np  # noqa: PLC0415 (only a job may load it)

    stream = np.random.PCG64(seed)
    drawn = np.empty((runs, len(given.lines)))
    for place, line in enumerate(given.lines):
        uniform = (stream.random_raw(runs) >> np.uint64(11)) * 2.0**-53
        low, top, high = (float(each) for each in (line.estimate.low, line.estimate.likely, line.estimate.high))
        turn = (top - low) / (high - low)
        rising = low + np.sqrt(uniform * (high - low) * (top - low))
        falling = high - np.sqrt((1 - uniform) * (high - low) * (high - top))
        drawn[:, place] = np.where(uniform < turn, rising, falling)
    return drawn


def _paybacks(running: "NDArray[np.float64]") -> "NDArray[np.int64]":
    """The month (from 1) from which each run stays at or above zero; one beyond the horizon where it never does."""
    import numpy as np  # noqa: PLC0415 (only a job may load it)

    months = running.shape[1]
    below = running[:, ::-1] < NOTHING
    last_below = np.where(below.any(axis=1), months - below.argmax(axis=1), 0)
    found: NDArray[np.int64] = last_below + 1
    return found


def _place(share: float, runs: int) -> int:
    """The place of a share among sorted results: the smallest one that so many are not above."""
    return max(0, ceil(share * runs - 1e-9) - 1)


def _money(value: float) -> str:
    return f"{float(value):.2f}"


def _month(value: int, months: int) -> int | None:
    return int(value) if value <= months else None


def _bins(values: "NDArray[np.float64]") -> list[dict[str, Any]]:
    """Bins of one round width, the edge between two of them at zero."""
    import numpy as np  # noqa: PLC0415 (only a job may load it)

    low, high = float(values[0]), float(values[-1])
    rough = (high - low) / BINS
    if rough <= 0:
        return [{"low": _money(low), "high": _money(low + 1), "count": len(values)}]
    size = 10.0 ** np.floor(np.log10(rough))
    width = float(next(size * step for step in (1, 2, 2.5, 5, 10) if size * step >= rough))
    first, last = int(np.floor(low / width)), int(np.floor(high / width))
    counts = np.bincount(np.floor(values / width).astype(np.int64) - first, minlength=last - first + 1)
    return [
        {"low": _money((first + place) * width), "high": _money((first + place + 1) * width), "count": int(count)}
        for place, count in enumerate(counts)
    ]
