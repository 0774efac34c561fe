#include "report/budget.h"

#include <fmt/format.h>

#include <cmath>

#include "macro/counted_codes.h"
#include "macro/decisions.h"
#include "macro/design.h"
#include "macro/table_bounds.h"
#include "report/csv.h"
#include "report/design_equations.h"
#include "report/grid.h"
#include "util/error.h"
#include "util/units.h"

namespace mavis::report {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr double kDensity = 0.5;  // of ones among bits

// The papers' own examples.
constexpr int kMurmannRows = 1152, kMurmannBits = 4;
constexpr int kBinaryRows = 256;
constexpr double kPaperMismatch = 0.01;  // of a unit capacitor
constexpr int kCaselliRows = 1024, kCaselliInputBits = 8, kCaselliWeightBits = 2;
constexpr double kCaselliSwing = 1;                   // V
constexpr double kCaselliSigmas = 4, kPlusMinus = 6;  // FS over sigma of the result
constexpr int kCrossbarRows = 128;                    // Krestinskaya: the usual crossbar
constexpr int kMfNetColumns = 31, kMfNetBits = 8;     // of a half, and of inputs
constexpr double kRoom = 27;                          // C

const char* kMurmann = "Murmann: energy of a MAC";
const char* kBinary = "Murmann: binary array";
const char* kCaselli = "Caselli: what quantized operands leave";
const char* kBits = "bits of the converter";
const char* kThermal = "kT/C";

int rows_of(const BudgetQuery& query, const std::optional<MeasuredMacro>& macro) {
  return query.rows > 0 ? query.rows : macro ? macro->n : kMurmannRows;
}

// (k1 ENOB + k2 4^ENOB) through the measured converter, k2 as in the paper: one converter tells one constant.
MurmannConstants measured_constants(const MeasuredMacro& macro) {
  MurmannConstants c;
  c.k1 = (macro.adc_energy - c.k2 * std::pow(4, macro.enob)) / macro.enob;
  c.activity = macro.activity;
  c.unit = macro.capacitance;
  c.vdd = macro.pvt.vdd;
  c.full_scale = macro.swing / macro.pvt.vdd;
  // Its gates are the drivers of a column, whatever their number: overhead and activity are in the energy.
  c.gate = macro.logic_energy / c.activity;
  c.overhead = 0;
  return c;
}

void add_murmann(std::vector<BudgetRow>& rows, const BudgetQuery& query,
                 const std::optional<MeasuredMacro>& macro) {
  const MurmannConstants paper;
  const std::optional<MurmannConstants> own =
      macro ? std::optional(measured_constants(*macro)) : std::nullopt;
  const double bits = query.bits, n = rows_of(query, macro), planes = bits * bits;
  const auto add = [&](const char* quantity, const char* unit, const char* stated, const auto& equation,
                       double measured, const char* note, const char* of_measured) {
    rows.push_back({kMurmann, quantity, unit, stated, equation(paper, kMurmannBits, kMurmannRows),
                    equation(paper, bits, n), own ? equation(*own, bits, n) : kNoFigure,
                    macro ? measured : kNoFigure, note, of_measured});
  };
  const MeasuredMacro m = macro.value_or(MeasuredMacro{});
  add("ENOB that is needed, (6)", "", "", required_enob, m.enob, "", "what the codes have");
  add(
      "of a conversion, (2)", "J", "",
      [](const MurmannConstants& c, double b, double rows_n) {
        return adc_energy(c, required_enob(c, b, rows_n));
      },
      m.adc_energy, "at the ENOB above; k1 = 100 fJ, k2 = 1 aJ",
      "the equation with k1 from the macro's converter");
  add(
      "E_ADC/N", "J", "",
      [](const MurmannConstants& c, double b, double rows_n) {
        return adc_energy(c, required_enob(c, b, rows_n)) / rows_n;
      },
      planes * m.adc_energy / m.n, "",
      "a conversion for each pair of bit planes, as an ordinary product takes");
  add(
      "E_CAP, (8)", "J", "",
      [](const MurmannConstants& c, double b, double) { return capacitor_energy(c, b); },
      planes * m.capacitor_energy, "without the paper's term for noise",
      "product and sum lines, mux; the equation has one line's C V^2");
  add(
      "E_logic, (7)", "J", "", [](const MurmannConstants& c, double b, double) { return logic_energy(c, b); },
      planes * m.logic_energy, "",
      "column and row lines, switches, hold supply: one number, so both columns have it");
  add("E_MAC, (1)", "J", "3.8 fJ", mac_energy,
      planes * (m.adc_energy / m.n + m.capacitor_energy + m.logic_energy), "", "");
  add(
      "efficiency", "TOPS/W", "526 TOPS/W",
      [](const MurmannConstants& c, double b, double rows_n) {
        return tops_per_watt(mac_energy(c, b, rows_n));
      },
      tops_per_watt(planes * (m.adc_energy / m.n + m.capacitor_energy + m.logic_energy)),
      "the paper's is 2 over 3.8 fJ", "without leakage");
}

void add_binary(std::vector<BudgetRow>& rows, const BudgetQuery& query,
                const std::optional<MeasuredMacro>& macro) {
  const double n = rows_of(query, macro), vdd = macro ? macro->pvt.vdd : 1;
  const MeasuredMacro m = macro.value_or(MeasuredMacro{});
  const auto of = [&](double value) { return macro ? value : kNoFigure; };
  rows.push_back({kBinary, "sigma of a sum, products", "", "", sum_sigma(kBinaryRows), sum_sigma(n),
                  of(sum_sigma(n, m.activity)), kNoFigure,
                  "the paper's products are XNORs, 1 half of the time; ANDs of random bits a quarter"});
  rows.push_back({kBinary, "step of a product", "V", "about 4 mV", binary_step(1, kBinaryRows),
                  binary_step(vdd, n), of(m.swing / n), of(m.swing / m.n),
                  "supply over N: what noise may be, rms", "the sum line's own swing over N"});
  rows.push_back({kBinary, "noise at the comparator", "V", "", kNoFigure, kNoFigure, kNoFigure, of(m.noise),
                  "", "temporal, rms; to be held against the step"});
  rows.push_back({kBinary, "mismatch of N capacitors, products", "", "",
                  kPaperMismatch * std::sqrt(kBinaryRows), kPaperMismatch * std::sqrt(n),
                  of(m.capacitance_sigma * std::sqrt(n)), kNoFigure, "static; 1 % matching in the paper"});
  rows.push_back({kBinary, "N at which mismatch is one product", "", "10 000", mismatch_limit(kPaperMismatch),
                  mismatch_limit(kPaperMismatch), of(mismatch_limit(m.capacitance_sigma)), kNoFigure, ""});
}

void add_caselli(std::vector<BudgetRow>& rows, const BudgetQuery& query,
                 const std::optional<MeasuredMacro>& macro) {
  const double n = rows_of(query, macro), bits = query.bits;
  const double swing = macro ? macro->swing : kCaselliSwing;
  const MeasuredMacro m = macro.value_or(MeasuredMacro{});
  const auto of = [&](double value) { return macro ? value : kNoFigure; };
  const double worked_step =
      kCaselliSwing * quantization_sigma(kCaselliInputBits, kCaselliWeightBits, kCaselliRows) / 2;
  const double step = quantization_sigma(bits, bits, n) / 2;
  rows.push_back({kCaselli, "LSB, half of sigma_q (4)", "V", "0.7 mV", worked_step, kCaselliSwing * step,
                  of(swing * step), of(m.swing / m.n), "of a swing of 1 V",
                  "of the sum line's swing; measured: one product"});
  const double sigma = result_sigma(n), worked_sigma = result_sigma(kCaselliRows);
  rows.push_back({kCaselli, "FS, 4 sigma of the result", "V", "",
                  kCaselliSwing * kCaselliSigmas * worked_sigma, kCaselliSwing * kCaselliSigmas * sigma,
                  of(swing * kCaselliSigmas * sigma), of(m.swing), "",
                  "measured: the whole swing, which is converted"});
  rows.push_back({kCaselli, "FS, +-3 sigma of the result", "V", "4 sigma, 41 mV",
                  kCaselliSwing * kPlusMinus * worked_sigma, kCaselliSwing * kPlusMinus * sigma,
                  of(swing * kPlusMinus * sigma), kNoFigure,
                  "the paper's 41 mV are 6 sigma of its own variance, 7/(144 N); 4 are 27.6 mV"});
  rows.push_back({kCaselli, "bits, FS of 4 sigma over LSB", "", "ENOB 5",
                  std::log2(kCaselliSigmas * worked_sigma * kCaselliSwing / worked_step),
                  std::log2(kCaselliSigmas * sigma / step), of(std::log2(kCaselliSigmas * sigma / step)),
                  of(m.enob), "with 41 mV it would be 6", "measured: what the codes have"});
}

void add_bits(std::vector<BudgetRow>& rows, const BudgetQuery& query,
              const std::optional<MeasuredMacro>& macro) {
  const int n = rows_of(query, macro), bits = query.bits;
  const MeasuredMacro m = macro.value_or(MeasuredMacro{});
  const double converted = macro ? m.adc_bits : kNoFigure;
  const MurmannConstants paper;
  rows.push_back({kBits, "Murmann (6)", "", "about 5 more than B",
                  required_enob(paper, kMurmannBits, kMurmannRows), required_enob(paper, bits, n),
                  macro ? required_enob(measured_constants(m), bits, n) : kNoFigure, converted,
                  "effective bits; noise a fraction of what quantized activations bring"});
  rows.push_back({kBits, "Krestinskaya", "", "", static_cast<double>(lossless_bits(1, 1, kCrossbarRows)),
                  static_cast<double>(lossless_bits(bits, bits, n)), kNoFigure, converted,
                  "nothing lost, all bits at once; example: 128 rows, 1-bit cells and inputs"});
  rows.push_back({kBits, "MF-Net, 1-bit logic a cell", "", "5 bits of 31 columns",
                  mf_net_bits(0, kMfNetColumns), mf_net_bits(0, n), kNoFigure, converted,
                  "log2(cells), one bit plane after another"});
  rows.push_back({kBits, "MF-Net, inputs of n bits at once", "", "", mf_net_bits(kMfNetBits, kMfNetColumns),
                  mf_net_bits(bits, n), kNoFigure, kNoFigure, "n + log2(cells); example: 8 bits, 31 cells"});
}

void add_thermal(std::vector<BudgetRow>& rows, const BudgetQuery& query,
                 const std::optional<MeasuredMacro>& macro) {
  const double n = rows_of(query, macro), unit = MurmannConstants{}.unit,
               temp_c = macro ? macro->pvt.temp_c : kRoom;
  rows.push_back({kThermal, "noise of an averaged level", "V", "",
                  macro::ktc_noise(kRoom, kMurmannRows * unit), macro::ktc_noise(temp_c, n * unit),
                  macro ? macro::ktc_noise(temp_c, macro->averaged_capacitance) : kNoFigure, kNoFigure,
                  "of N unit capacitors", "of all lines and the sum line"});
}

std::string number_text(double value, const std::string& unit) {
  if (!std::isfinite(value)) return "-";
  return unit.empty() || unit == "TOPS/W" ? fmt::format("{:.3g}", value) : format_quantity(value, unit, 3);
}

}  // namespace

MeasuredMacro measured_macro(const tables::Library& library, const macro::Pvt& pvt,
                             const BudgetQuery& query) {
  using namespace macro;
  const Spec spec = read_spec(library);
  const DesignSpace space(library, pvt);
  const MacroModel& model = space.model();
  const PointTables tables(library, pvt);
  MeasuredMacro to{.name = spec.name, .pvt = pvt, .n = spec.columns_per_half, .adc_bits = spec.adc_bits};
  const DesignFigures figures =
      space.figures({.columns = 2 * spec.columns_per_half, .hold_voltage = spec.hold_voltage});
  if (!figures.reason.empty())
    throw InputError(fmt::format("{} at {}: {}", spec.name, pvt.text(), figures.reason));
  to.adc_energy = figures.energy.of(Phase::conversion) / figures.conversions;
  for (const Part part : {Part::pl, Part::sl, Part::mux})
    to.capacitor_energy += figures.energy.of(Phase::mav, part) / figures.conversions / to.n;
  to.logic_energy = figures.energy.of(Phase::mav) / figures.conversions / to.n - to.capacitor_energy;
  const tables::Point line = {{"hold_voltage", spec.hold_voltage}, {"input_bit", std::string("0")}};
  to.capacitance = tables.nominal("line_charge/capacitance", line);
  to.capacitance_sigma = tables.plane("line_charge/capacitance", "sigma", line) / to.capacitance;
  const ByCounts& level = model.levels.mav_by_counts();
  to.swing = level.at(0, 0) - level.at(to.n, 0);
  to.activity = kDensity * kDensity;
  to.averaged_capacitance = model.levels.mav_capacitance();
  const std::vector<Bits> rows = random_rows(kSeed, spec, kDensity);
  const TableBounds bounds = table_bounds(tables, spec.cycles());
  std::vector<ChipCodes> codes;
  for (std::uint32_t chip = 0; chip < query.chips; ++chip) {
    codes.push_back(chip_codes(model, Chip(kSeed, chip), {}, rows, kDensity, bounds));
  }
  to.enob = effective_bits(spec.adc_bits, range_errors(codes).total());
  const Chip ideal = Chip::without_mismatch();
  const auto half = [&](Half which) { return half_row(model, ideal, 0, which, 0, rows[0]); };
  const HalfRow computing = half(Half::left), dac = half(Half::right);
  const Decisions decisions(model, dac, Comparator(model.comparator, ideal, 0));
  for (int m = 0; m < to.n; ++m) to.noise += std::hypot(decisions.noise(m), model.level_noise(m)) / to.n;
  return to;
}

std::vector<BudgetRow> budget(const BudgetQuery& query, const std::optional<MeasuredMacro>& macro) {
  std::vector<BudgetRow> rows;
  add_murmann(rows, query, macro);
  add_binary(rows, query, macro);
  add_caselli(rows, query, macro);
  add_bits(rows, query, macro);
  add_thermal(rows, query, macro);
  return rows;
}

std::string budget_text(const std::vector<BudgetRow>& rows, const std::optional<MeasuredMacro>& macro) {
  std::string text;
  for (std::size_t from = 0; from < rows.size();) {
    std::vector<std::vector<std::string>> lines = {
        {rows[from].section, "stated", "worked", "papers' constants"}};
    if (macro) lines[0].insert(lines[0].end(), {"measured constants", "measured"});
    std::size_t to = from;
    for (; to < rows.size() && rows[to].section == rows[from].section; ++to) {
      const BudgetRow& row = rows[to];
      lines.push_back({row.quantity, row.stated.empty() ? "-" : row.stated, number_text(row.worked, row.unit),
                       number_text(row.papers, row.unit)});
      if (macro)
        lines.back().insert(lines.back().end(),
                            {number_text(row.with_measured, row.unit), number_text(row.measured, row.unit)});
    }
    text += (from == 0 ? "" : "\n") + grid(lines, "lrrrrr");
    for (; from < to; ++from)
      for (const std::string& note : {rows[from].note, macro ? rows[from].of_measured : std::string()})
        if (!note.empty()) text += fmt::format("  {}: {}\n", rows[from].quantity, note);
  }
  return text;
}

std::string budget_csv(const std::vector<BudgetRow>& rows) {
  std::string text = "section,quantity,unit,stated,worked,papers,with_measured,measured,note,of_measured\r\n";
  for (const BudgetRow& row : rows)
    text += fmt::format("{},{},{},{},{},{},{},{},{},{}\r\n", csv_field(row.section), csv_field(row.quantity),
                        row.unit, csv_field(row.stated), csv_number(row.worked), csv_number(row.papers),
                        csv_number(row.with_measured), csv_number(row.measured), csv_field(row.note),
                        csv_field(row.of_measured));
  return text;
}

}  // namespace mavis::report
