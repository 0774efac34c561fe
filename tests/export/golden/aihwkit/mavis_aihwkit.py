# For aihwkit, made by mavis 0.1.0: mavis export --to aihwkit.
# Library small.h5 (hash aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) of sample.
# At tt, 1 V, 27 C; 2 chips of seed 5, comparators calibrated by counting 1024 decisions; bits are 1 with probability 0.5.
# What this format can't say:
# - C++ tiles: a chip's static error is only a gain and a nonlinearity of each output; offsets and single thresholds are lost; noise is the same at every number of products
# - MavisAnalogMVM: which columns hold the products; that static error is drawn anew for each conversion, with the temporal noise
# - bit slices: aihwkit has none, `sliced` cuts whole numbers into them
# - the multiplication-free operator, energy and latency
"""Two ways to use it, both on 0/1 weights [outputs, columns of a half] and 0/1 inputs (aihwkit has no bit
slices: `sliced` does that for whole numbers):

    tile = TorchSimulatorTile(columns, outputs, config, analog_mvm=MavisAnalogMVM)   # P(code | products)
    set_columns(analog_tile)      # a C++ tile: noise, gain and nonlinearity of each output, one chip each

`io_parameters()` goes into config.forward for either.
"""
import json
from pathlib import Path

import torch
from aihwkit.inference.noise.base import BaseNoiseModel
from aihwkit.simulator.parameters.enums import BoundManagementType, NoiseManagementType
from aihwkit.simulator.parameters.io import IOParameters
from aihwkit.simulator.tiles.analog_mvm import AnalogMVM

DATA = json.loads(Path(__file__).with_name("mavis_macro.json").read_text(encoding="utf-8"))
COLUMNS = json.loads(Path(__file__).with_name("columns.json").read_text(encoding="utf-8"))
PRODUCTS = DATA["columns_per_half"]


def io_parameters() -> IOParameters:
    """Codes are whole numbers of products: resolution is one code, and nothing may be rescaled."""
    return IOParameters(
        inp_bound=1.0,
        inp_res=-1,
        out_bound=float(PRODUCTS),
        out_res=1 / (2 * PRODUCTS),
        out_noise=COLUMNS["io"]["out_noise"],
        noise_management=NoiseManagementType.NONE,
        bound_management=BoundManagementType.NONE,
    )


def column_io_parameters() -> IOParameters:
    """The same for a C++ tile whose outputs get their own values by set_columns: there they are switched on."""
    parameters = io_parameters()
    for name in ("out_noise_std", "out_nonlinearity", "v_offset_std"):
        setattr(parameters, name, COLUMNS["io"][name])
    parameters.v_offset_w_min = 0.0  # gain only: out *= 1 - v_offset
    return parameters


def set_columns(tile) -> None:
    """Gives output i of a C++ tile the values of chip i modulo the chips. Its forward is column_io_parameters."""
    extra = tile.tile.dump_extra()
    outputs = tile.tile.get_d_size()
    for name in ("out_noise_values", "out_nonlinearity", "v_offset"):
        keys = [key for key in extra if key.endswith("fwd." + name)]
        if len(keys) != 1:
            raise RuntimeError(f"this aihwkit's tile has no {name} of its own: {sorted(extra)}")
        values = COLUMNS[name]
        extra[keys[0]] = [values[i % len(values)] for i in range(outputs)]
    tile.tile.load_extra(extra, True)


class MavisAnalogMVM(AnalogMVM):
    """Codes drawn from P(code | products), one chip for each output."""

    below = torch.cumsum(torch.tensor(DATA["rate"], dtype=torch.float64), dim=-1)[:, :, :-1]

    @classmethod
    def _finalize_output(cls, out_values, io_pars, out_noise_values=None, **kwargs):
        count = out_values.round().clamp(0, PRODUCTS).long()
        chip = torch.arange(out_values.shape[1], device=out_values.device) % cls.below.shape[0]
        chip = chip.view(1, -1, *((1,) * (out_values.ndim - 2))).expand_as(count)
        draw = torch.rand(out_values.shape, dtype=torch.float64, device=out_values.device)
        below = cls.below.to(out_values.device)[chip, count]
        return True, (draw.unsqueeze(-1) > below).sum(-1).to(out_values.dtype)


class MavisNoiseModel(BaseNoiseModel):
    """Mismatch of cells and lines, static. Not together with MavisAnalogMVM, whose table contains it."""

    @torch.no_grad()
    def apply_programming_noise_to_conductance(self, g_target):
        g_max = getattr(self.g_converter, "g_max", 1.0) or 1.0
        stored = g_target / g_max
        sigma = DATA["cell_sigma_zero"] + (DATA["cell_sigma_one"] - DATA["cell_sigma_zero"]) * stored
        return g_target + g_max * sigma * torch.randn_like(g_target)

    @torch.no_grad()
    def generate_drift_coefficients(self, g_target):
        return torch.zeros_like(g_target)

    @torch.no_grad()
    def apply_drift_noise_to_conductance(self, g_prog, drift_noise_param, t_inference):
        return g_prog  # a static memory does not drift


def sliced(multiply, weights, inputs, bits=8):
    """sum_j weights[o, j] inputs[n, j] of whole numbers 0 .. 2**bits - 1, bit plane by bit plane.

    `multiply(weights of 0/1, inputs of 0/1)` gives codes; columns beyond a half's go to further multiplications.
    """
    total = torch.zeros(inputs.shape[0], weights.shape[0])
    for first in range(0, weights.shape[1], PRODUCTS):
        w, x = weights[:, first : first + PRODUCTS], inputs[:, first : first + PRODUCTS]
        for i in range(bits):
            for j in range(bits):
                total += 2.0 ** (i + j) * multiply(((w >> i) & 1).float(), ((x >> j) & 1).float())
    return total
