#include "util/draws.h"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

#include "util/hash.h"

namespace mavis {
namespace {

std::uint64_t philox_bits(std::uint64_t seed, Stream stream, std::uint32_t sample, std::uint64_t address) {
  const r123::Philox4x32 philox;
  const r123::Philox4x32::key_type key = {
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const r123::Philox4x32::ctr_type counter = {{sample, static_cast<std::uint32_t>(stream),
                                               static_cast<std::uint32_t>(address),
                                               static_cast<std::uint32_t>(address >> 32)}};
  const auto bits = philox(counter, key);
  return (static_cast<std::uint64_t>(bits[1]) << 32) | bits[0];
}

double philox_uniform(std::uint64_t seed, Stream stream, std::uint32_t sample, std::uint64_t address) {
  return (static_cast<double>(philox_bits(seed, stream, sample, address) >> 11) + 0.5) * 0x1.0p-53;
}

// Ratio of the two polynomials of AS 241, highest power first.
double ratio(double x, const double (&num)[8], const double (&den)[8]) {
  double n = num[0], d = den[0];
  for (int i = 1; i < 8; ++i) {
    n = n * x + num[i];
    d = d * x + den[i];
  }
  return n / d;
}

}  // namespace

double uniform_draw(std::uint64_t seed, Stream stream, std::uint32_t sample, std::uint64_t address) {
  return philox_uniform(seed, stream, sample, address);
}

std::uint64_t bit_draw(std::uint64_t seed, Stream stream, std::uint32_t sample, std::uint64_t address) {
  return philox_bits(seed, stream, sample, address);
}

double normal_draw(std::uint64_t seed, Stream stream, std::uint32_t sample, std::string_view parameter) {
  return normal_quantile(philox_uniform(seed, stream, sample, hash64(parameter)));
}

double normal_draw(std::uint64_t seed, Stream stream, std::uint32_t sample, std::uint64_t address,
                   std::uint64_t index) {
  // The odd multiplier spreads consecutive indices over the 64-bit address space of one sequence.
  return normal_quantile(
      philox_uniform(seed, stream, sample, address + index * std::uint64_t{0x9E3779B97F4A7C15}));
}

double normal_quantile(double p) {
  static const double a[8] = {2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
                              4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
                              1.3314166789178437745e2, 3.3871328727963666080e0};
  static const double b[8] = {
      5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
      5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0};
  static const double c[8] = {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
                              1.27045825245236838258e0,  3.64784832476320460504e0,  5.76949722146069140550e0,
                              4.63033784615654529590e0,  1.42343711074968357734e0};
  static const double d[8] = {1.05075007164441684324e-9, 5.47593808499534494600e-4,
                              1.51986665636164571966e-2, 1.48103976427480074590e-1,
                              6.89767334985100004550e-1, 1.67638483018380384940e0,
                              2.05319162663775882187e0,  1.0};
  static const double e[8] = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
                              2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
                              5.46378491116411436990e0,  6.65790464350110377720e0};
  static const double f[8] = {2.04426310338993978564e-15, 1.42151175831644588870e-7,
                              1.84631831751005468180e-5,  7.86869131145613259100e-4,
                              1.48753612908506148525e-2,  1.36929880922735805310e-1,
                              5.99832206555887937690e-1,  1.0};
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) return q * ratio(0.180625 - q * q, a, b);
  const double r = std::sqrt(-std::log(q < 0 ? p : 1.0 - p));
  const double z = r <= 5.0 ? ratio(r - 1.6, c, d) : ratio(r - 5.0, e, f);
  return q < 0 ? -z : z;
}

double normal_tail(double x) {
  return 0.5 * std::erfc(x / std::numbers::sqrt2);
}

}  // namespace mavis
