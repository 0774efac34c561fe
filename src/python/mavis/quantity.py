"""NumPy arrays that say their unit."""

from __future__ import annotations

import numpy


class Quantity(numpy.ndarray):
    """An array of float64 with its SI unit in `unit`.

    Parts and views of it keep the unit (``q[0]``, ``q.reshape(...)``). Arithmetic gives plain arrays and
    numbers, which have none: what unit a product has is yours to say. ``float(q[0])`` is the number alone.
    """

    unit: str

    def __new__(cls, values, unit: str):
        array = numpy.asarray(values).view(cls)
        array.unit = unit
        return array

    def __array_finalize__(self, source) -> None:
        self.unit = getattr(source, "unit", "")

    def __getitem__(self, key):
        part = super().__getitem__(key)
        if isinstance(part, numpy.floating):
            part = Quantity(part, self.unit)
        return part

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        def plain(value):
            return value.view(numpy.ndarray) if isinstance(value, Quantity) else value

        if out is not None:
            options["out"] = tuple(plain(value) for value in out)
        return getattr(ufunc, method)(*(plain(value) for value in inputs), **options)

    def __array_function__(self, function, types, arguments, options):
        result = super().__array_function__(function, types, arguments, options)
        return result.view(numpy.ndarray) if isinstance(result, Quantity) else result

    def __reduce__(self):
        create, arguments, state = super().__reduce__()
        return create, arguments, (state, self.unit)

    def __setstate__(self, state) -> None:
        super().__setstate__(state[0])
        self.unit = state[1]

    def __repr__(self) -> str:
        return f"{numpy.array2string(self.view(numpy.ndarray), separator=', ')} {self.unit}".rstrip()

    def __str__(self) -> str:
        return repr(self)

    def __format__(self, form: str) -> str:
        return f"{format(self.view(numpy.ndarray)[()], form)} {self.unit}".rstrip()
