"""Tests of the Python package, run by package_test.cc: package.py TEST..., in a folder with sample.h5.

Bit-equal means bit-equal: what the program computes is compared without a tolerance.
"""

import ast
import gc
import os
import pathlib
import pickle
import subprocess
import sys
import threading
import unittest

import h5py
import mavis
import mavis._core
import numpy

PROGRAM = os.environ["MAVIS_TEST_PROGRAM"]
LIBRARY = "sample.h5"
LEVEL = "sum_line/level"


def run(*arguments: str) -> None:
    ran = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True)
    assert ran.returncode in (0, 1), ran.stderr


class Tables(unittest.TestCase):
    def setUp(self):
        self.library = mavis.open(LIBRARY)

    def test_are_what_the_file_holds(self):
        with h5py.File(LIBRARY) as file:
            self.assertEqual(self.library.macro, file.attrs["macro"])
            self.assertEqual(sorted(self.library.benches), sorted(file.attrs["benches"]))
            for name in self.library:
                table = self.library[name]
                self.assertEqual(table.unit, file[name].attrs["units"])
                numpy.testing.assert_array_equal(table.values, file[name][()])
                self.assertEqual(list(table.axes), list(file[name].attrs["axes"]))
                for axis in table.axes.values():
                    nodes = file[name].parent[axis.name]
                    if axis.discrete:
                        self.assertEqual(list(axis.nodes), list(nodes.asstr()[()]))
                    else:
                        numpy.testing.assert_array_equal(axis.nodes, nodes[()])
                        self.assertEqual(axis.nodes.unit, axis.unit)
                for plane in table.planes:
                    numpy.testing.assert_array_equal(table[plane], file[f"{name}_{plane}"][()])
                if table.response is not None:
                    numpy.testing.assert_array_equal(table.response, file[f"{name}_response"][()])
                    self.assertEqual(len(table.parameters), table.response.shape[-1])

    def test_arrays_are_views_that_outlive_the_library(self):
        table = self.library[LEVEL]
        first, second = table.values, table.values
        self.assertTrue(numpy.shares_memory(first, second))
        self.assertFalse(first.flags.writeable)
        before = first.copy()
        del self.library, table, second
        gc.collect()
        numpy.testing.assert_array_equal(first, before)

    def test_broadcast_coordinates(self):
        table = self.library[LEVEL]
        vdd = table.axes["vdd"].nodes
        many = table.at(corner=["tt"], vdd=vdd[:, None], temp_c=27, products=[0, 1, 2], zeros="w0x1")
        self.assertEqual(many.shape, (len(vdd), 3))
        self.assertEqual(many.unit, "V")
        for i in range(len(vdd)):
            for k in range(3):
                one = table.at(corner="tt", vdd=vdd[i], temp_c=27, products=k, zeros="w0x1")
                self.assertEqual(one.shape, ())
                self.assertEqual(float(one), float(many[i, k]))
        status = table.status_at(corner="tt", vdd=vdd, temp_c=27, products=0, zeros="w0x1")
        self.assertEqual(status.tolist(), [0] * len(vdd))

    def test_refuse_what_they_do_not_have(self):
        table = self.library[LEVEL]
        place = dict(corner="tt", vdd=1.0, temp_c=27, products=0, zeros="w0x1")
        for text, action in {
            "did you mean 'vdd'": lambda: table.at(**{**place, "vdd_": 1.0}),
            "expected labels": lambda: table.at(**{**place, "corner": 1}),
            "expected numbers": lambda: table.at(**{**place, "vdd": "1.0"}),
            "no coordinate": lambda: table.at(corner="tt"),
            "refuse, clamp or extrapolate": lambda: table.at(**place, outside="guess"),
            "sum_line/level: has no 'sigm'": lambda: table["sigm"],
            "did you mean": lambda: self.library["sum_line/levl"],
            "nowhere.h5": lambda: mavis.open("nowhere.h5"),
            "package.py": lambda: mavis.open(pathlib.Path(__file__)),
        }.items():
            with self.assertRaisesRegex(mavis.InputError, text) as caught:
                action()
            self.assertIsInstance(caught.exception, ValueError)
            self.assertNotIn("\n", str(caught.exception))
        vdd = float(table.axes["vdd"].nodes[-1])
        with self.assertRaises(mavis.InputError):
            table.at(**{**place, "vdd": vdd + 1})
        self.assertEqual(
            float(table.at(**{**place, "vdd": vdd + 1}, outside="clamp")), float(table.at(**{**place, "vdd": vdd}))
        )

    def test_points_of_the_program(self):
        """places.txt: TABLE AXIS=VALUE...; answers.txt: what C++ makes of them, hexadecimal."""
        answers = pathlib.Path("answers.txt").read_text().split()
        places = pathlib.Path("places.txt").read_text().splitlines()
        self.assertEqual(len(answers), len(places))
        for place, answer in zip(places, answers):
            name, *words = place.split()
            table = self.library[name]
            at = dict(word.split("=") for word in words)
            at = {axis: text if table.axes[axis].discrete else float.fromhex(text) for axis, text in at.items()}
            self.assertEqual(float(table.at(**at)), float.fromhex(answer), place)


class Units(unittest.TestCase):
    def test_stay_with_parts_and_leave_arithmetic(self):
        volts = mavis.Quantity([1.0, 2.0, 3.0], "V")
        for part in (volts[1:], volts[0], volts.reshape(3, 1), volts.copy(), pickle.loads(pickle.dumps(volts))):
            self.assertEqual(part.unit, "V")
        for result in (volts * volts, volts + 1, -volts, numpy.sqrt(volts), numpy.concatenate([volts, volts])):
            self.assertIs(type(result), numpy.ndarray)
        self.assertEqual(volts.mean(), 2.0)
        self.assertEqual(f"{volts[0]:.1f}", "1.0 V")
        self.assertEqual(repr(volts[1:]), "[2., 3.] V")


class Macros(unittest.TestCase):
    def setUp(self):
        self.macro = mavis.Macro(mavis.open(LIBRARY))

    def assert_same(self, simulation, path):
        with h5py.File(path) as file:
            for name in ("results", "exact", "quantized", "codes", "counts", "levels", "energy"):
                numpy.testing.assert_array_equal(getattr(simulation, name), file[name][()], name)
            for name in ("ones_codes", "ones_counts", "ones_levels"):
                numpy.testing.assert_array_equal(getattr(simulation, name), file[name][()], name)
            self.assertEqual(simulation.planes, list(file["plane"].asstr()))
            self.assertEqual(simulation.latency, file["latency"][()])
            self.assertEqual(simulation.code_error_rms, file["code_error_rms"][()])

    def test_are_bit_equal_to_the_program(self):
        arguments = ["simulate", LIBRARY, "--pvt", "tt,1.0,27", "--seed", "7"]
        run(*arguments, "--chips", "3", "--size", "70", "--outputs", "3", "--batch", "5", "-o", "a.h5")
        weights, inputs = mavis.random_vectors("weights", 3, 70, 7), mavis.random_vectors("inputs", 5, 70, 7)
        simulation = self.macro.simulate(weights, inputs, chips=3, seed=7)
        self.assert_same(simulation, "a.h5")
        self.assertNotEqual(simulation.results.tolist()[0], simulation.exact.tolist(), "nothing is compared")

        options = ["--weight-bits", "5", "--input-bits", "6", "--adc-bits", "4", "--discard", "7%"]
        run(*arguments, *options, "--calibration", "100", "--no-noise", "-o", "b.h5")
        settings = dict(weight_bits=5, input_bits=6, adc_bits=4, discard=0.07, calibration=100, noise=False)
        weights, inputs = mavis.random_vectors("weights", 4, 62, 7), mavis.random_vectors("inputs", 4, 62, 7)
        self.assert_same(self.macro.simulate(weights, inputs, seed=7, **settings), "b.h5")

        # Arrays with other strides are read where they lie.
        wide = numpy.zeros((4, 124), numpy.int8)
        wide[:, ::2] = weights
        self.assert_same(
            self.macro.simulate(wide[:, ::2], numpy.asfortranarray(inputs), seed=7, **settings), "b.h5"
        )

    def test_chips_pass_through_files(self):
        run(
            *("simulate", LIBRARY, "--pvt", "tt,1.0,27", "--seed", "9"),
            *("--save-chip", "chip.h5", "--calibration", "tester", "-o", "c.h5"),
        )
        chip = self.macro.load_chip("chip.h5")
        self.assertEqual((chip.seed, chip.index), (9, 0))
        with h5py.File("chip.h5") as file:
            address, label = file["address"].asstr()[0], file["label"].asstr()[0]
            self.assertEqual(chip.draw(address, label), file["value"][0])
            self.assertEqual(mavis.Chip(9, 0).draw(address, label), file["value"][0])
        vectors = mavis.random_vectors("weights", 4, 62, 9), mavis.random_vectors("inputs", 4, 62, 9)
        self.assert_same(self.macro.simulate(*vectors, chips=chip, seed=9, calibration="tester"), "c.h5")
        chip.set(address, label, 5.0)
        self.assertEqual(chip.draw(address, label), 5.0)
        for bad in (float("nan"), float("inf")):
            with self.assertRaises(mavis.InputError):
                chip.set(address, label, bad)

    def test_without_mismatch_and_noise_are_exact(self):
        vectors = mavis.random_vectors("weights", 2, 40), mavis.random_vectors("inputs", 3, 40)
        simulation = self.macro.simulate(*vectors, chips=[mavis.Chip.without_mismatch()], noise=False)
        numpy.testing.assert_array_equal(simulation.results[0], simulation.exact)
        self.assertEqual(simulation.result_error, 0)
        self.assertGreater(simulation.energy.sum(), 0)
        self.assertEqual(simulation.energy.shape, (1, len(simulation.phases), len(simulation.parts)))

    def test_codes_are_bit_equal_to_the_program(self):
        run("codes", LIBRARY, "--pvt", "tt,1.0,27", "--chips", "3", "--seed", "4", "-o", "codes.h5")
        codes = self.macro.codes(chips=3, seed=4, threads=2)
        file = mavis.open("codes.h5")
        rate = file["codes/rate"]
        numpy.testing.assert_array_equal(codes.rate, numpy.squeeze(rate.values))
        numpy.testing.assert_array_equal(codes.bound, numpy.squeeze(rate["bound"]))
        error = file["codes/static_error"]
        for name in ("data_sigma", "temporal_sigma"):
            numpy.testing.assert_array_equal(getattr(codes, name), numpy.squeeze(error[name]))
        self.assertEqual(codes.chips, [0, 1, 2])
        known = codes.weight[0] > 0
        numpy.testing.assert_allclose(codes.rate[0][known].sum(axis=-1), 1, rtol=1e-12)

    def test_results_are_views(self):
        vectors = mavis.random_vectors("weights", 2, 40), mavis.random_vectors("inputs", 3, 40)
        simulation = self.macro.simulate(*vectors)
        codes = simulation.codes
        self.assertTrue(numpy.shares_memory(codes, simulation.codes))
        before = codes.copy()
        del simulation
        gc.collect()
        numpy.testing.assert_array_equal(codes, before)

    def test_other_threads_run_meanwhile(self):
        """The interpreter never takes the lock from a thread here: others get it only where it is released."""
        vectors = mavis.random_vectors("weights", 40, 62), mavis.random_vectors("inputs", 40, 62)
        turns, stop = [0], threading.Event()

        def count():
            while not stop.wait(0.0005):
                turns[0] += 1

        interval = sys.getswitchinterval()
        sys.setswitchinterval(1000)
        thread = threading.Thread(target=count)
        try:
            thread.start()
            while turns[0] == 0:
                stop.wait(0.001)
            before = turns[0]
            self.macro.simulate(*vectors)
            after = turns[0]
        finally:
            stop.set()
            sys.setswitchinterval(interval)
            thread.join()
        self.assertGreater(after, before)

    def test_progress_is_told_and_may_stop(self):
        vectors = mavis.random_vectors("weights", 2, 40), mavis.random_vectors("inputs", 3, 40)
        told = []
        self.macro.simulate(*vectors, progress=lambda done, total: told.append((done, total)))
        self.assertEqual(told, [(1, 3), (2, 3), (3, 3)])

        def stop(done, total):
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.macro.simulate(*vectors, progress=stop)

    def test_refuse_what_they_cannot_do(self):
        good = mavis.random_vectors("weights", 2, 40)
        for text, action in {
            "weights: expected .* int8, got int64": lambda: self.macro.simulate(good.astype(int), good),
            "inputs: expected .* 1 dimensions": lambda: self.macro.simulate(good, good[0]),
            r"inputs\[1, 3\] is -128": lambda: self.macro.simulate(good, with_value(good, 1, 3, -128)),
            "inputs: the array is empty": lambda: self.macro.simulate(good, good[:0]),
            "same length": lambda: self.macro.simulate(good, good[:, :30]),
            "weight bits": lambda: self.macro.simulate(good, good, weight_bits=9),
            "calibration 'some'": lambda: self.macro.simulate(good, good, calibration="some"),
            "calibration 0": lambda: self.macro.simulate(good, good, calibration=0),
            "discard": lambda: self.macro.simulate(good, good, discard=1.0),
            "supply_noise": lambda: self.macro.simulate(good, good, supply_noise=-1.0),
            "chips: the list is empty": lambda: self.macro.simulate(good, good, chips=[]),
            "chips 0": lambda: self.macro.simulate(good, good, chips=0),
            "density": lambda: self.macro.codes(density=0.0),
            "threads": lambda: self.macro.codes(threads=0),
            "corner": lambda: mavis.Macro(mavis.open(LIBRARY), corner="xx"),
        }.items():
            with self.assertRaisesRegex(mavis.InputError, text):
                action()


def with_value(array, row, column, value):
    changed = array.copy()
    changed[row, column] = value
    return changed


class Wheel(unittest.TestCase):
    """What `pip install .` makes of the compiled package; compiling it again would take minutes."""

    def test_installs_and_imports(self):
        sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "src/python/packaging"))
        import mavis_backend

        compiled = pathlib.Path(mavis.__file__).parent
        mavis_backend.compiled = lambda build: compiled
        wheel = mavis_backend.build_wheel(".")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-index", "--no-deps"]
        subprocess.run([*pip, "--quiet", "--root-user-action=ignore", "--target", "site", wheel], check=True)
        environment = {**os.environ, "PYTHONPATH": "site"}
        code = "import importlib.metadata, mavis; print(mavis.__file__, importlib.metadata.version('mavis'))"
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
        file, version = ran.stdout.split()
        self.assertEqual(pathlib.Path(file), pathlib.Path("site/mavis/__init__.py").resolve())
        self.assertEqual(version, mavis.__version__)
        installed = {path.name for path in pathlib.Path("site/mavis").iterdir() if path.is_file()}
        self.assertEqual(installed, {path.name for path in compiled.iterdir() if path.is_file()})
        info = mavis_backend.prepare_metadata_for_build_wheel("metadata")
        self.assertIn("Requires-Dist: numpy", (pathlib.Path("metadata") / info / "METADATA").read_text())


class Hints(unittest.TestCase):
    """The stub says what the compiled module has, no more and no less, with a docstring where it is not plain."""

    def test_stub_fits_the_module(self):
        folder = pathlib.Path(mavis.__file__).parent
        self.assertTrue((folder / "py.typed").exists())
        stub = ast.parse((folder / "_core.pyi").read_text())
        classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}
        functions = {node.name for node in stub.body if isinstance(node, ast.FunctionDef)}
        public = {name for name in vars(mavis._core) if not name.startswith("_")}
        self.assertEqual(set(classes) | functions, public)
        for name, node in classes.items():
            hinted = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
            hinted |= {part.target.id for part in node.body if isinstance(part, ast.AnnAssign)}
            own = {key for key in vars(getattr(mavis._core, name)) if not key.startswith("_")}
            self.assertEqual({key for key in hinted if not key.startswith("_")}, own, name)
        for method in (mavis.Macro.simulate, mavis.Macro.codes, mavis.Table.at, mavis.open):
            self.assertIn("Raises" if method is not mavis.Macro.codes else "GIL", method.__doc__)


if __name__ == "__main__":
    unittest.main(verbosity=2)
