# For hwcomponents, made by mavis 0.1.0: mavis export --to hwcomponents.
# Library small.h5 (hash aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) of sample.
# At tt, 1 V, 27 C; 2 chips of seed 5, comparators calibrated by counting 1024 decisions; bits are 1 with probability 0.5.
# What this format can't say:
# - errors of any kind
# - data dependence: energies are means over random signed 8-bit data on one chip
# - that while one half computes the other converts, and then they swap: throughput is of one operation after another
# - other technologies: the model does not scale
# - writing weights: not measured, no action
from hwcomponents import ActionCost, ComponentModel, action


class MavisUArray(ComponentModel):
    """A uArray of sample: two halves of 3 columns, 8 rows, 2-bit conversion.

    In AccelForge: component_models: [mavis_hwcomponents.py], component_class: MavisUArray.
    """

    component_name = ["MavisUArray", "sample"]
    priority = 0.9
    rows = 8
    columns_per_half = 3
    adc_bits = 2
    clock = 1e-09  # s

    def __init__(self):
        super().__init__(area=1.25e-10, leak_power=7.200000000000001e-08)  # m2, W

    @action
    def multiply_average(self):
        """All columns of one half: products of one row with an input bit each, averaged."""
        return ActionCost(energy=2.1664151960784296e-11, latency=2e-09, throughput=1 / 2e-09)

    @action
    def convert(self):
        """Successive approximation of that level by the other half."""
        return ActionCost(energy=3.012435021008395e-11, latency=4e-09, throughput=1 / 4e-09)

    @action
    def compute(self):
        """Both: a number of products."""
        return ActionCost(energy=5.178850217086825e-11, latency=6.000000000000001e-09, throughput=1 / 6.000000000000001e-09)
