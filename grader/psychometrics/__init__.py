"""Item and form statistics, decision consistency and standard setting: arithmetic on points and ratings, no files."""

from __future__ import annotations

from .angoff import AngoffCut, JudgedItem, JudgeFigures, angoff
from .answers import Answers, answers
from .consistency import Consistency, livingston_lewis
from .fitness import Check, Fitness, fitness
from .gate import DESCRIPTIVE, GATES, Gate, gate
from .hofstee import BACK, Bounds, Hofstee, hofstee, mean_bounds
from .items import ItemFigures, alpha_without, item_figures
from .options import NO_ANSWER, OptionFigures, option_table
from .reliability import alpha, alpha_interval, effective_length, sem, sem_at

__all__ = [
    "BACK",
    "DESCRIPTIVE",
    "GATES",
    "NO_ANSWER",
    "AngoffCut",
    "Answers",
    "Bounds",
    "Check",
    "Consistency",
    "Fitness",
    "Gate",
    "Hofstee",
    "ItemFigures",
    "JudgeFigures",
    "JudgedItem",
    "OptionFigures",
    "alpha",
    "alpha_interval",
    "alpha_without",
    "angoff",
    "answers",
    "effective_length",
    "fitness",
    "gate",
    "hofstee",
    "item_figures",
    "livingston_lewis",
    "mean_bounds",
    "option_table",
    "sem",
    "sem_at",
]
