# For crosssim, made by mavis 0.1.0: mavis export --to crosssim.
# Library small.h5 (hash aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) of sample.
# At tt, 1 V, 27 C; 2 chips of seed 5, comparators calibrated by counting 1024 decisions; bits are 1 with probability 0.5.
# What this format can't say:
# - the multiplication-free operator: CrossSim multiplies, bit slice by bit slice
# - which columns hold the products: MavisTableADC draws that static error anew for each conversion, with the temporal noise
# - which zeros (stored bit, input bit) occur: level and thresholds are for random bits
# - MavisCell: negative conductances are clipped by CrossSim, so half of the error of stored zeros is lost; columns' errors are drawn, not those of the chips of the thresholds
# - energy and latency
# - products by vectors from the other side (vmm): the macro has one side
"""Import this module before CrossSim makes a core; params.json beside it names these classes:

    import mavis_crosssim
    from simulator import AnalogCore, CrossSimParameters
    core = AnalogCore(matrix, CrossSimParameters.from_json("params.json"))

MavisTableADC      codes drawn from P(code | products) of one chip for each output. Cells must be ideal: what
                   their mismatch does is in the table.
MavisThresholdADC  the chip's successive approximation: its thresholds, and the noise of level and decisions.
                   Goes with MavisCell, which adds the mismatch of cells.

Weights and inputs are cut into bits (core.bit_sliced.num_slices = core.weight_bits, dac.mvm.input_bitslicing,
adc.mvm.adc_per_ibit), so that a converter sees a number of products; core.rows_max is the columns of a half.
"""
import json
from pathlib import Path

import numpy as np
from simulator.backend import ComputeBackend
from simulator.circuits.adc.iadc import IADC
from simulator.devices.idevice import EmptyDevice

xp = ComputeBackend()
DATA = json.loads(Path(__file__).with_name("mavis_macro.json").read_text(encoding="utf-8"))
PARAMETERS = Path(__file__).with_name("params.json")


class MavisADC(IADC):
    """What both converters share: one chip for each output, codes in the units of CrossSim's analog values."""

    def set_limits(self, matrix):
        super().set_limits(matrix)
        if self.bits != DATA["adc_bits"]:
            raise ValueError(f"adc.mvm.bits is {self.bits}; this library's converter has {DATA['adc_bits']}")
        copies = self.simulation_params.convolution.x_par * self.simulation_params.convolution.y_par
        self.chip = xp.asarray(np.tile(np.arange(matrix.shape[0]) % len(DATA["chips"]), copies))
        self.unit = self.range / DATA["columns_per_half"]  # of one product

    def convert(self, vector):
        products = (vector - self.min) / self.unit
        chip = self.chip if products.ndim == 1 else self.chip[:, None]  # outputs are the last but one axis
        return self.min + self.unit * self.codes(products, xp.broadcast_to(chip, products.shape))


class MavisTableADC(MavisADC):
    def set_limits(self, matrix):
        super().set_limits(matrix)
        self.below = xp.cumsum(xp.asarray(DATA["rate"]), axis=-1)[:, :, :-1]

    def codes(self, products, chip):
        count = xp.clip(xp.rint(products), 0, DATA["columns_per_half"]).astype(int)
        draw = xp.random.random(products.shape)
        code = xp.zeros(products.shape)
        for step in range(self.below.shape[-1]):
            code += draw > self.below[chip, count, step]
        return code


class MavisThresholdADC(MavisADC):
    def set_limits(self, matrix):
        super().set_limits(matrix)
        self.threshold = xp.asarray(DATA["threshold_products"])
        self.noise = xp.asarray(DATA["threshold_noise_products"])

    def codes(self, products, chip):
        level = products + DATA["level_noise_products"] * xp.random.normal(size=products.shape)
        code = xp.zeros(products.shape, dtype=int)
        for bit in reversed(range(self.bits)):
            trial = code + 2**bit - 1
            noise = self.noise[chip, trial] * xp.random.normal(size=products.shape)
            code = code + 2**bit * (level > self.threshold[chip, trial] + noise)
        return code


class MavisCell(EmptyDevice):
    """Mismatch of cells and lines as error of the programmed conductance, in fractions of a product."""

    def programming_error(self, input_):
        stored = (input_ - self.Gmin_norm) / self.Grange_norm
        sigma = DATA["cell_sigma_zero"] + (DATA["cell_sigma_one"] - DATA["cell_sigma_zero"]) * stored
        return input_ + self.Grange_norm * sigma * xp.random.normal(size=input_.shape)

    def read_noise(self, input_):
        return input_  # temporal noise is the converter's
