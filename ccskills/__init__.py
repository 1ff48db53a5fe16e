"""Contact-centre management: forecast, staff, schedule, simulate, assure quality, measure, count money and report.

Every module stands alone: ``from ccskills import staffing``. Importing the package loads none of them and changes
no global setting; matplotlib comes in only when a chart is drawn (`reporting`), ipywidgets only with `explore`, and
anywidget only with `quiz`.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "data",
    "experience",
    "explore",
    "finance",
    "forecasting",
    "lesson",
    "maturity",
    "performance",
    "process",
    "quality",
    "quiz",
    "reporting",
    "risk",
    "scheduling",
    "simulation",
    "staffing",
]


def __getattr__(name: str) -> ModuleType:
    """Load a module of the package when it is first asked for, as in ``ccskills.staffing``."""
    if name.startswith("_") or name not in __all__:
        raise AttributeError(f"ccskills has no module {name!r}; it has {', '.join(__all__[1:])}")
    return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted(__all__)
