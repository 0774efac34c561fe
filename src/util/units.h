// Numbers with units, in and out. Inside Mavis every double is in SI units unless its name says otherwise.
#pragma once

#include <string>
#include <string_view>

namespace mavis {

// "0.9 ns", "0.9n", "3.6 ohm/um", "0.2 fF/um", "2.5 mV.um", "120 C": the value in SI (temperature stays in
// Celsius) of a number with optional metric prefix and unit. `unit` is the SI unit expected ("s", "V", "F/m",
// "V.m", "C"); a number without a unit is taken to be in it. Throws InputError saying what was expected.
double parse_quantity(std::string_view text, std::string_view unit);

// "260.3 ps", "-12.4 mV", "1.2e-30 X": engineering notation with `digits` significant digits.
// Units that take no prefix ("1", "C", "%") are printed plainly.
std::string format_quantity(double value, std::string_view unit, int digits = 4);

}  // namespace mavis
