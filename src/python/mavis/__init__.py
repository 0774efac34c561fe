"""Libraries of compute-in-memory circuits, and the macro simulator that runs on them.

>>> import mavis
>>> library = mavis.open("tables/ptm45hp/mf_8x62.h5")
>>> time = library["product_line/discharge_time_10"]
>>> time.at(corner="ss", vdd=0.95, temp_c=[0, 27, 85], hold_voltage=0.6, timing="cl")
>>> macro = mavis.Macro(library, corner="tt", vdd=1.0, temp_c=27)
>>> macro.simulate(weights, inputs, chips=4).results

Numbers are in SI units (temperature in degrees Celsius); arrays that have a unit are `Quantity`. Bad input raises
`InputError`, a ValueError of one line that says where and what to do. Libraries and macros don't change and may be
used from several threads; open files from one thread at a time.
"""

from ._core import (
    Axis,
    Chip,
    CodeRates,
    Failure,
    InputError,
    Library,
    Macro,
    MachineError,
    Simulation,
    Table,
    __version__,
    random_vectors,
)
from .quantity import Quantity

__all__ = [
    "Axis",
    "Chip",
    "CodeRates",
    "Failure",
    "InputError",
    "Library",
    "MachineError",
    "Macro",
    "Quantity",
    "Simulation",
    "Table",
    "__version__",
    "open",
    "random_vectors",
]


def open(path) -> Library:
    """Reads a library, a .h5 file of `mavis characterize`. Raises InputError naming file and object."""
    return Library(path)
