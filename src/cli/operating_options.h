// Options that say how a macro is set up and operated, shared by commands.
#pragma once

#include <string>

#include "cli/program.h"
#include "macro/simulation.h"

namespace mavis::cli {

struct OperatingOptions {
  int weight_bits = 8, input_bits = 8, adc_bits = 0;
  std::string calibration, discard, supply_noise, hold_noise;  // as typed
};

// --weight-bits, --input-bits, --adc-bits and what add_setup_options and add_noise_options add.
void add_operating_options(Command& command, OperatingOptions& options);
void add_calibration_option(Command& command, OperatingOptions& options);  // --calibration
void add_noise_options(Command& command, OperatingOptions& options);       // --supply-noise and --hold-noise
// --calibration and --discard.
void add_setup_options(Command& command, OperatingOptions& options);

// Of "--density P": the probability of a 1 among bits. Throws InputError naming the option.
double density_of(const std::string& text);

// Throws InputError naming the option.
macro::Operating operating_of(const OperatingOptions& options);

}  // namespace mavis::cli
