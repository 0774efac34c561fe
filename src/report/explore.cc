#include "report/explore.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>

#include "util/error.h"
#include "util/units.h"

namespace mavis::report {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

macro::Precision precision_of(const ExploreQuery& query, int weight_bits, int adc_bits) {
  return {weight_bits, query.input_bits == 0 ? weight_bits : query.input_bits, adc_bits};
}

macro::CrossoverQuery crossover_query(const ExploreQuery& query) {
  macro::CrossoverQuery asked;
  asked.chips = query.chips;
  asked.comparator = query.comparator;
  return asked;
}

// Of the lines' capacitance as characterized, relative.
double own_mismatch(const macro::DesignSpace& space) {
  macro::CrossoverQuery few;
  few.chips = 20;
  few.vectors = 1;
  return space.crossover(2 * space.spec().columns_per_half, space.spec().hold_voltage, few).sigma_capacitance;
}

// What multiplies the draws of the lines so that three sigma of their capacitance are `mismatch`.
double spread_for(const macro::DesignSpace& space, double mismatch) {
  const double sigma = own_mismatch(space);
  if (!(sigma > 0))
    throw InputError(
        fmt::format("line_charge/charge: the library of {} has no response to devices, so no mismatch can "
                    "be scaled; characterize it with --responses",
                    space.spec().name));
  return mismatch / 3 / sigma;
}

int discarded_columns(const ExploreQuery& query, int columns) {
  return query.discard == 0 ? 0 : std::max(1, static_cast<int>(std::lround(query.discard * columns / 2)));
}

double nominal_supply(const macro::Spec& spec, const ExploreQuery& query) {
  const bool has = std::find(query.vdds.begin(), query.vdds.end(), spec.vdd) != query.vdds.end();
  return has ? spec.vdd : query.vdds.front();
}

// What the columns and hold voltage of a design decide by themselves.
struct HalfFigures {
  std::optional<macro::Crossover> plain, with_discard;
};

HalfFigures half_figures(const macro::DesignSpace& space, const ExploreQuery& query, int columns,
                         double hold) {
  if (!space.objection(columns, hold).empty()) return {};
  macro::CrossoverQuery asked = crossover_query(query);
  if (query.mismatch) asked.spread = spread_for(space, *query.mismatch);
  HalfFigures half;
  half.plain = space.crossover(columns, hold, asked);
  asked.discard = discarded_columns(query, columns);
  if (asked.discard > 0 && asked.discard < columns / 2)
    half.with_discard = space.crossover(columns, hold, asked);
  return half;
}

}  // namespace

Exploration explore(const tables::Library& library, const ExploreQuery& query, const ExploreWatch& watch) {
  Exploration exploration;
  std::optional<AreaModel> areas;
  try {
    areas.emplace(library);
  } catch (const InputError& error) {
    exploration.no_area = error.what();
  }
  std::vector<std::unique_ptr<macro::DesignSpace>> spaces;
  macro::Operating operating;
  operating.comparator = query.comparator;
  for (double vdd : query.vdds)
    spaces.push_back(std::make_unique<macro::DesignSpace>(
        library, macro::Pvt{query.corner, vdd, query.temp_c}, operating));
  const std::size_t halves = query.columns.size() * query.hold_voltages.size() * query.vdds.size();
  std::size_t done = 0;
  for (int columns : query.columns)
    for (double hold : query.hold_voltages)
      for (std::size_t v = 0; v < query.vdds.size(); ++v) {
        const macro::DesignSpace& space = *spaces[v];
        const HalfFigures half = half_figures(space, query, columns, hold);
        for (int weight_bits : query.weight_bits)
          for (int adc_bits : query.adc_bits) {
            Explored& found = exploration.designs.emplace_back();
            found.design = {columns, hold, precision_of(query, weight_bits, adc_bits)};
            found.pvt = {query.corner, query.vdds[v], query.temp_c};
            found.figures = space.figures(found.design);
            if (!found.figures.reason.empty()) continue;
            found.crossover = half.plain;
            found.with_discard = half.with_discard;
            if (areas) found.area = areas->of(space.spec().rows, columns, found.figures.all_adc_bits);
          }
        if (watch) watch(++done, halves);
      }
  return exploration;
}

Sheet design_sheet(const Exploration& exploration, const ExploreQuery& query, bool for_people) {
  Sheet sheet;
  sheet.title =
      fmt::format("designs at {}, {}, one w (+) x each", query.corner, format_quantity(query.temp_c, "C"));
  sheet.columns = {{"columns"},          {"hold", "V"}, {"vdd", "V"},         {"weight bits"},
                   {"adc bits"},         {"basis"},     {"clocks"},           {"latency", "s"},
                   {"energy", "J"},      {"mav", "%"},  {"conversion", "%"},  {"leakage", "%"},
                   {"TOPS/W", "TOPS/W"}, {"step", "V"}, {"sigma", "V"},       {"crossed"},
                   {"P fixed"},          {"P own"},     {"P fixed, discard"}, {"P own, discard"},
                   {"area um2"},         {"why not"}};
  if (for_people) sheet.columns.pop_back();
  bool scaled = false;
  std::map<std::string, int> reasons;
  for (const Explored& e : exploration.designs) {
    const macro::DesignFigures& f = e.figures;
    const bool none = !f.reason.empty();
    if (none) ++reasons[f.reason];
    if (none && for_people) continue;
    scaled = scaled || (!none && f.basis == macro::Basis::scaled);
    const auto number = [&](double value) { return none ? kNothing : value; };
    const auto share = [&](macro::Phase phase) {
      return number(100 * f.energy.of(phase) / f.energy.total());
    };
    const auto of = [](const std::optional<macro::Crossover>& c, auto get) { return c ? get(*c) : kNothing; };
    const auto fixed = [](const macro::Crossover& c) { return c.fixed.gaussian; };
    const auto own = [](const macro::Crossover& c) { return c.own.gaussian; };
    sheet.rows.push_back({static_cast<double>(e.design.columns),
                          e.design.hold_voltage,
                          e.pvt.vdd,
                          static_cast<double>(e.design.precision.weight_bits),
                          static_cast<double>(f.adc_bits),
                          std::string(none                                ? "-"
                                      : f.basis == macro::Basis::measured ? "measured"
                                                                          : "scaled"),
                          number(f.clocks),
                          number(f.latency),
                          number(f.energy.total()),
                          share(macro::Phase::mav),
                          share(macro::Phase::conversion),
                          share(macro::Phase::idle),
                          number(f.tops_per_watt()),
                          of(e.crossover, [](const macro::Crossover& c) { return c.step; }),
                          of(e.crossover, [](const macro::Crossover& c) { return c.fixed.sigma; }),
                          of(e.crossover, [](const macro::Crossover& c) { return c.fixed.probability; }),
                          of(e.crossover, fixed),
                          of(e.crossover, own),
                          of(e.with_discard, fixed),
                          of(e.with_discard, own),
                          e.area ? 1e12 * e.area->total() : kNothing,
                          f.reason});
    if (for_people) sheet.rows.back().pop_back();
  }
  sheet.notes = {fmt::format(
      "P: MAV crossover of {} chips{}, against fixed levels or each chip's own, by Gaussians; crossed: "
      "counted; discard: {:.3g} % of columns",
      query.chips,
      query.mismatch
          ? fmt::format(" with lines that spread by +-{:.3g} % (three sigma)", 100 * *query.mismatch)
          : "",
      100 * query.discard)};
  if (for_people)
    for (const auto& [reason, number] : reasons)
      sheet.notes.push_back(fmt::format("{} designs left out: {}", number, reason));
  if (scaled)
    sheet.notes.push_back(
        "scaled: in proportion to columns from the library's; between the two macros that come with Mavis "
        "total energy "
        "comes within 7 % so (drivers 2 to 17 %), steps within 6 %");
  sheet.notes.push_back(
      exploration.no_area.empty()
          ? "area: cells by the process' pitch, other transistors counted and as dense as the cell"
          : "no area: " + exploration.no_area);
  return sheet;
}

namespace {

// The figures of one library.
class Figures {
 public:
  Figures(const tables::Library& library, const ExploreQuery& query)
      : query_(query),
        spec_(macro::read_spec(library)),
        pvt_{query.corner, nominal_supply(spec_, query), query.temp_c},
        tables_(library, pvt_),
        space_(library, pvt_) {}

  std::vector<std::pair<std::string, Sheet>> all() const {
    return {{"6a", hold()},     {"6b", parts()},           {"7", precision()}, {"8c", self_tests()},
            {"8d", mismatch()}, {"8d_discard", discard()}, {"8e", offsets()}};
  }

 private:
  int columns() const { return 2 * spec_.columns_per_half; }

  std::string title(const char* figure, const char* what) const {
    return fmt::format("{}: {}; {}", figure, what, pvt_.text());
  }

  Sheet hold() const {
    Sheet sheet{
        .title = title("Fig. 6a", "product line discharge and leakage of a uArray against hold voltage"),
        .columns = {{"hold", "V"},
                    {"to 10 %", "s"},
                    {"to 2 %", "s"},
                    {"left after product", "V"},
                    {"leakage", "W"},
                    {"why not"}},
        .rows = {}};
    for (double hold : query_.hold_voltages) {
      std::string why;
      const auto number = [&](const auto& get) {
        try {
          return get();
        } catch (const InputError& error) {
          if (why.empty()) why = error.what();
          return kNothing;
        }
      };
      const tables::Point place = {{"hold_voltage", hold}, {"timing", spec_.timing}};
      std::vector<SheetCell> row = {hold};
      for (const char* table : {"product_line/discharge_time_10", "product_line/discharge_time_2"})
        row.emplace_back(number([&] { return tables_.value(table, place); }));
      row.emplace_back(number([&] { return space_.after_product(hold); }));
      row.emplace_back(number([&] { return space_.leakage(columns(), hold); }));
      row.emplace_back(why);
      sheet.rows.push_back(std::move(row));
    }
    sheet.notes = {fmt::format(
        "left after product: after the library's {} at timing {}; the paper: 50 ps (ss, 120 C) and "
        "0.97 nW at 0.4 V",
        format_quantity(spec_.product_time, "s", 3), spec_.timing)};
    return sheet;
  }

  Sheet parts() const {
    Sheet sheet{.title = title("Fig. 6b", "energy of one w (+) x by part"),
                .columns = {{"part"}, {"MAV", "J"}, {"conversion", "J"}, {"leakage", "J"}, {"share", "%"}},
                .rows = {}};
    const macro::DesignFigures found = space_.figures({columns(), spec_.hold_voltage, {}});
    for (std::size_t p = 0; p < macro::kPartNames.size(); ++p) {
      const auto part = static_cast<macro::Part>(p);
      sheet.rows.push_back({std::string(macro::kPartNames[p]), found.energy.of(macro::Phase::mav, part),
                            found.energy.of(macro::Phase::conversion, part),
                            found.energy.of(macro::Phase::idle, part),
                            100 * found.energy.of(part) / found.energy.total()});
    }
    sheet.rows.push_back({std::string("all"), found.energy.of(macro::Phase::mav),
                          found.energy.of(macro::Phase::conversion), found.energy.of(macro::Phase::idle),
                          100.0});
    sheet.notes = {"the paper: MAV 44 %, digitisation 55 %, leakage below 1 %"};
    return sheet;
  }

  // 7b and 7c. Eq. 4 with the library's capacitance of a line and what a decision costs it.
  Sheet precision() const {
    Sheet sheet{
        .title = title("Fig. 7b, 7c", "latency and energy of one w (+) x against weight and conversion bits"),
        .columns = {{"weight bits"},
                    {"adc bits"},
                    {"clocks"},
                    {"clocks, Eq. 4"},
                    {"latency", "s"},
                    {"energy", "J"},
                    {"energy, Eq. 4", "J"}},
        .rows = {}};
    const double line = tables_.value("line_charge/capacitance", {{"hold_voltage", spec_.hold_voltage},
                                                                  {"input_bit", std::string("0")}}) *
                        pvt_.vdd * pvt_.vdd;
    for (int weight_bits : query_.weight_bits)
      for (int adc_bits : query_.adc_bits) {
        if (adc_bits > spec_.adc_bits) continue;
        const macro::DesignFigures found =
            space_.figures({columns(), spec_.hold_voltage, precision_of(query_, weight_bits, adc_bits)});
        const double decision =
            (found.energy.of(macro::Part::comparator) + found.energy.of(macro::Part::sar)) /
            (found.conversions * found.adc_bits);
        const double planes = weight_bits, cycles = found.adc_bits;
        sheet.rows.push_back({planes, cycles, static_cast<double>(found.clocks), planes * (1 + 2 * cycles),
                              found.latency, found.energy.total(),
                              planes * (spec_.columns_per_half * line + cycles * decision +
                                        ((1 << found.adc_bits) - 1) * line)});
      }
    sheet.notes = {fmt::format(
        "clocks: both halves in turn, planes of |w| and |x|, {} + {} A_P clocks each; Eq. 4 counts "
        "W_P planes of one half, 1 + 2 A_P clocks each, and only lines and decisions",
        spec_.clocks_mav, spec_.clocks_sa)};
    return sheet;
  }

  Sheet self_tests() const {
    Sheet sheet{.title = title("Fig. 8c", "self-test of columns by counting charge cycles"),
                .columns = {{"mismatch, 3 sigma", "%"},
                            {"counts a reference"},
                            {"cycles a column"},
                            {"time of a half", "s"},
                            {"correlation"},
                            {"extreme ones found", "%"}},
                .rows = {}};
    const macro::ChargeSharing sharing(tables_, spec_, space_.model().levels);
    const double own = own_mismatch(space_);
    for (double percent : {0.0, 12.0})
      for (int repeats : {1, 4, 16}) {
        macro::CrossoverQuery asked = crossover_query(query_);
        asked.discard = std::max(1, discarded_columns(query_, columns()));
        asked.test.repeats = repeats;
        if (percent > 0) asked.spread = spread_for(space_, percent / 100);
        const macro::SelfTest t = macro::self_test(space_.model(), sharing, asked);
        sheet.rows.push_back({300 * own * asked.spread, static_cast<double>(repeats), t.cycles,
                              t.clocks * spec_.clock, t.correlation, 100 * t.found});
      }
    sheet.notes = {fmt::format(
        "a line holds {}, the sum line {}; counts at all {} references add up. Correlation of counts "
        "and true capacitance within a half",
        format_quantity(sharing.line_capacitance(), "F", 3),
        format_quantity(sharing.sum_line_capacitance(), "F", 3), spec_.codes())};
    return sheet;
  }

  Sheet mismatch() const {
    Sheet sheet{.title = title("Fig. 8d", "MAV crossover against mismatch of the lines and columns"),
                .columns = {{"columns"},
                            {"mismatch, 3 sigma", "%"},
                            {"sigma of a level", "V"},
                            {"step", "V"},
                            {"trials"},
                            {"crossed"},
                            {"P fixed"},
                            {"P own"},
                            {"P worst k"}},
                .rows = {}};
    for (int columns : query_.columns) {
      if (!space_.objection(columns, spec_.hold_voltage).empty()) continue;
      for (double percent : {0.0, 4.0, 8.0, 12.0, 24.0, 36.0}) {
        macro::CrossoverQuery asked = crossover_query(query_);
        if (percent > 0) asked.spread = spread_for(space_, percent / 100);
        const macro::Crossover c = space_.crossover(columns, spec_.hold_voltage, asked);
        sheet.rows.push_back({static_cast<double>(columns), 300 * c.sigma_capacitance, c.fixed.sigma, c.step,
                              static_cast<double>(c.trials), static_cast<double>(c.fixed.crossed),
                              c.fixed.gaussian, c.own.gaussian, c.fixed.worst});
      }
    }
    sheet.notes = {"the first row of each is the library's own mismatch; the paper assumes +-12 %",
                   "columns other than the library's: charge sharing with its lines, sum line in proportion"};
    return sheet;
  }

  Sheet discard() const {
    Sheet sheet{.title = title("Fig. 8d, right", "MAV crossover against columns that the self-test discards"),
                .columns = {{"mismatch, 3 sigma", "%"},
                            {"discarded", "%"},
                            {"sigma, own", "V"},
                            {"P fixed"},
                            {"P own"},
                            {"codes wrong", "%"},
                            {"without noise", "%"}},
                .rows = {}};
    const macro::ChargeSharing sharing(tables_, spec_, space_.model().levels);
    for (double percent : {0.0, 12.0, 36.0})
      for (int number : {0, 1, 2, 3, 4}) {
        if (number >= spec_.columns_per_half) continue;
        macro::CrossoverQuery asked = crossover_query(query_);
        asked.discard = number;
        if (percent > 0) asked.spread = spread_for(space_, percent / 100);
        const macro::Crossover c = space_.crossover(columns(), spec_.hold_voltage, asked);
        sheet.rows.push_back({300 * c.sigma_capacitance, 100 * c.discarded, c.own.sigma, c.fixed.gaussian,
                              c.own.gaussian, kNothing, kNothing});
        if (percent > 0) continue;  // the converter is that of the library's own chips
        asked.vectors = 2;
        const macro::CodeCrossover codes = macro::code_crossover(space_.model(), sharing, asked);
        sheet.rows.back()[5] = 100 * codes.probability();
        sheet.rows.back()[6] = 100 * codes.static_only;
      }
    sheet.notes = {
        "the paper: about 3 % at +-12 %. A discarded column still shifts every level of its chip; what it no "
        "longer does is shift them with the data (own)",
        "codes: with converter, calibrated comparator and noise, every number of products as often"};
    return sheet;
  }

  Sheet offsets() const {
    Sheet sheet{.title = title("Fig. 8e", "thresholds of comparators before and after calibration"),
                .columns = {{"common mode"},
                            {"procedure"},
                            {"mean", "V"},
                            {"mean +-", "V"},
                            {"sigma", "V"},
                            {"sigma +-", "V"},
                            {"half within", "V"},
                            {"99 % within", "V"}},
                .rows = {}};
    const std::vector<double>& modes = tables_.axis("comparator/offset", "common_mode").values;
    const std::string counted = fmt::format("counting {}", macro::ComparatorProcedure().decisions);
    for (const auto& [name, procedure] :
         {std::pair<std::string, macro::ComparatorProcedure>{"before", {.enabled = false}},
          {counted, {}},
          {"tester", {.decisions = 0}}})
      for (const macro::ThresholdSpread& t :
           macro::threshold_spread(space_.model().comparator, 1, kThresholdChips, procedure, modes))
        sheet.rows.push_back(
            {t.common_mode, name, t.mean, t.mean_stderr, t.sigma, t.sigma_stderr, t.median, t.q99});
    sheet.notes = {fmt::format(
        "{} chips; +-: one standard error. Calibrated at common modes 0.95 (N side) and 0.05 (P side); "
        "the paper: +-45 to +-12 mV",
        kThresholdChips)};
    return sheet;
  }

  static constexpr std::uint32_t kThresholdChips = 1000;

  const ExploreQuery& query_;
  macro::Spec spec_;
  macro::Pvt pvt_;
  macro::PointTables tables_;
  macro::DesignSpace space_;
};

}  // namespace

std::vector<std::pair<std::string, Sheet>> figure_sheets(const tables::Library& library,
                                                         const ExploreQuery& query) {
  return Figures(library, query).all();
}

tables::Library exploration_library(const tables::Library& library, const Exploration& exploration,
                                    const ExploreQuery& query,
                                    std::vector<std::pair<std::string, std::string>> facts) {
  tables::Library result(library.macro());
  result.provenance.facts = std::move(facts);
  for (const auto& [name, value] :
       {std::pair<std::string, std::string>{"corner", query.corner},
        {"temp_c", fmt::format("{:g}", query.temp_c)},
        {"input_bits", query.input_bits == 0 ? "as weight_bits" : fmt::format("{}", query.input_bits)},
        {"chips", fmt::format("{}", query.chips)},
        {"mismatch", query.mismatch ? fmt::format("{:g}", *query.mismatch) : "the library's"},
        {"discard", fmt::format("{:g}", query.discard)}})
    result.provenance.facts.emplace_back(name, value);
  const auto numbers = [](const std::vector<int>& values) {
    return std::vector<double>(values.begin(), values.end());
  };
  const std::vector<tables::Axis> axes = {
      {.name = "columns", .unit = "1", .long_name = "columns of a uArray", .values = numbers(query.columns)},
      {.name = "hold_voltage",
       .unit = "V",
       .long_name = "supply of the cells",
       .values = query.hold_voltages},
      {.name = "vdd", .unit = "V", .long_name = "supply", .values = query.vdds},
      {.name = "weight_bits",
       .unit = "1",
       .long_name = "weight bits, sign included",
       .values = numbers(query.weight_bits)},
      {.name = "adc_bits", .unit = "1", .long_name = "conversion bits", .values = numbers(query.adc_bits)}};
  const auto put = [&](const char* name, const char* unit, const char* long_name, const auto& get) {
    tables::Table table{
        .name = std::string("explore/") + name, .unit = unit, .long_name = long_name, .axes = axes};
    for (const Explored& e : exploration.designs) {
      const double value = e.figures.reason.empty() ? get(e) : kNothing;
      table.values.push_back(value);
      table.status.push_back(std::isfinite(value) ? tables::Status::ok : tables::Status::not_applicable);
    }
    result.put(std::move(table));
  };
  put("energy", "J", "energy of one w (+) x", [](const Explored& e) { return e.figures.energy.total(); });
  put("latency", "s", "time of one w (+) x", [](const Explored& e) { return e.figures.latency; });
  put("efficiency", "1/J", "operations a joule",
      [](const Explored& e) { return 1e12 * e.figures.tops_per_watt(); });
  put("scaled", "1", "1 where figures are in proportion to columns from the library's",
      [](const Explored& e) { return e.figures.basis == macro::Basis::scaled ? 1.0 : 0.0; });
  const auto crossover = [&](const char* name, const char* long_name, auto member, auto rule) {
    put(name, "1", long_name,
        [&](const Explored& e) { return e.*member ? ((*(e.*member)).*rule).gaussian : kNothing; });
  };
  crossover("crossover_fixed", "MAV crossover probability against fixed levels", &Explored::crossover,
            &macro::Crossover::fixed);
  crossover("crossover_own", "MAV crossover probability against a chip's own levels", &Explored::crossover,
            &macro::Crossover::own);
  crossover("crossover_fixed_discard", "the same with columns discarded, fixed levels",
            &Explored::with_discard, &macro::Crossover::fixed);
  crossover("crossover_own_discard", "the same with columns discarded, own levels", &Explored::with_discard,
            &macro::Crossover::own);
  put("area", "m2", "area of a uArray, estimated",
      [](const Explored& e) { return e.area ? e.area->total() : kNothing; });
  return result;
}

}  // namespace mavis::report
