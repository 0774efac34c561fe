# What the scripts of this folder share: they load an export in the tool that it is for and check numbers.
#
#   scripts/interop/TARGET FOLDER      FOLDER is what `mavis export LIB --to TARGET -o FOLDER` wrote
#
# Exit codes: 0 numbers agree, 1 they don't, 2 called wrongly, 77 the tool is not installed: skipped.
import math
import sys
from pathlib import Path

SKIPPED = 77


def folder() -> Path:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        name = Path(sys.argv[0]).name
        print(f"usage: scripts/interop/{name} FOLDER, written by mavis export LIB --to {name} -o FOLDER", file=sys.stderr)
        sys.exit(2)
    path = Path(sys.argv[1]).resolve()
    sys.path.insert(0, str(path))
    return path


def skip(tool: str, reason) -> None:
    print(f"{tool}: not installed: skipped ({reason})")
    sys.exit(SKIPPED)


class Checks:
    """Prints each number beside what was expected; finish() ends the program."""

    def __init__(self):
        self.failed = 0

    def check(self, what: str, found: float, expected: float, tolerance: float) -> None:
        good = math.isfinite(found) and abs(found - expected) <= tolerance
        self.failed += not good
        print(f"{'ok ' if good else 'OFF'} {what}: {found:.6g}, expected {expected:.6g} +- {tolerance:.2g}")

    def finish(self) -> None:
        print("all numbers agree" if self.failed == 0 else f"{self.failed} numbers are off")
        sys.exit(1 if self.failed else 0)


def compare_rates(checks: Checks, what: str, counts, rates) -> None:
    """Counts of codes against probabilities: the largest deviation in standard errors of all cells with more
    than five expected, and no count where the probability is 0."""
    import numpy as np

    counts, rates = np.asarray(counts, float), np.asarray(rates, float)
    n = counts.sum(-1, keepdims=True)
    expected = n * rates
    checks.check(f"{what}: codes that have probability 0", float(counts[rates == 0].sum()), 0, 0)
    enough = (expected > 5) & (n - expected > 5)
    sigma = np.sqrt(expected * (1 - rates))
    worst = np.abs((counts - expected)[enough] / sigma[enough]).max()
    # Largest of so many normal numbers: beyond 5.5 of ten thousands once in a thousand runs.
    checks.check(f"{what}: largest deviation of {int(enough.sum())} rates, standard errors", float(worst), 0, 5.5)
