"""Server-rendered SVG charts, the same in page and PDF. Pure functions from frozen dataclasses to safe strings."""

from common.charts.bars import (
    PhaseProgress,
    ProgressBar,
    Series,
    StackedRow,
    phase_progress,
    segments,
    stacked_bar,
    stacked_bars,
)
from common.charts.cash_flow import CashFlow, cash_flow
from common.charts.dumbbells import DumbbellRow, Steps, dumbbells
from common.charts.heat import HeatCell, HeatColumn, HeatMap, HeatRow
from common.charts.lines import BurnUp, Forecast, burn_up, dumbbell
from common.charts.money import Bin, MoneyBar, Swing, histogram, profile, tornado
from common.charts.parts import Chart, ChartRow, LegendItem, Table
from common.charts.scale import heat_level, percent, positions

__all__ = [
    "Bin",
    "BurnUp",
    "CashFlow",
    "Chart",
    "ChartRow",
    "DumbbellRow",
    "Forecast",
    "HeatCell",
    "HeatColumn",
    "HeatMap",
    "HeatRow",
    "LegendItem",
    "MoneyBar",
    "PhaseProgress",
    "ProgressBar",
    "Series",
    "StackedRow",
    "Steps",
    "Swing",
    "Table",
    "burn_up",
    "cash_flow",
    "dumbbell",
    "dumbbells",
    "heat_level",
    "histogram",
    "percent",
    "phase_progress",
    "positions",
    "profile",
    "segments",
    "stacked_bar",
    "stacked_bars",
    "tornado",
]
