"""Whatever the registry has acknowledged survives a kill at any moment: five hundred writers are killed to see it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).with_name("killed_writers.py")
KILLS = 500


def test_five_hundred_kills_lose_nothing_acknowledged_and_break_no_chain(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path), str(KILLS), "2026"], capture_output=True, text=True, timeout=600
    )

    assert ran.returncode == 0, ran.stderr[-2000:]
    saw = json.loads(ran.stdout)
    assert (saw["kills"], saw["migrations"]) == (KILLS, KILLS // 10)
    # The kills did fall where it hurts: many facts were told, some had been committed and not yet told, and some
    # files were still of the old layout.
    assert saw["told"] > KILLS and saw["committed_untold"] > 0 and 0 < saw["still_old"] < KILLS // 10
