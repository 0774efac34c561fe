#!/usr/bin/python3
"""How the codes of sampled chips spread about the number of products, as a plot.

code_spread.py LIB.h5 [-o codes.svg]: on the left P(code | products) of one chip, on the right static and temporal
error of all chips. Needs python3-matplotlib.
"""

import argparse

import matplotlib

matplotlib.use("Agg")  # draws to a file, without a screen
import matplotlib.pyplot as plot
import mavis
import numpy

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("library")
parser.add_argument("-o", "--output", default="codes.svg")
parser.add_argument("--chips", type=int, default=16)
options = parser.parse_args()

macro = mavis.Macro(mavis.open(options.library), corner="tt", vdd=1.0, temp_c=27)
codes = macro.codes(chips=options.chips)
products = numpy.arange(codes.mean.shape[1])

figure, (left, right) = plot.subplots(1, 2, figsize=(10, 4), layout="constrained")
shown = left.imshow(codes.rate[0].T, origin="lower", cmap="viridis", vmin=0, vmax=1)
figure.colorbar(shown, ax=left, label="P(code | products)")
left.set(xlabel="products", ylabel="code", title=f"chip 0 of {macro.name}")

right.plot(products, (codes.mean - products).T, color="0.7", linewidth=0.8)
right.plot([], [], color="0.7", label="mean code - products, a chip (static)")
right.plot(products, numpy.sqrt((codes.data_sigma**2).mean(axis=0)), label="spread over data (static)")
right.plot(products, numpy.sqrt((codes.temporal_sigma**2).mean(axis=0)), label="noise (temporal)")
right.set(xlabel="products", ylabel="codes", title=f"{len(codes.chips)} chips")
right.legend(frameon=False)
figure.savefig(options.output)
print(f"{options.output}: {codes.effective_bits:.2f} effective bits, static and temporal error together")
