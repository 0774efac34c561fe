// Conversions and one-bit multiply-accumulates of the macro simulator a second of one core: 8 weight bit
// planes against the 8 bit planes of 1024 inputs, drawn bits, a chip with all its static errors and all
// noise.
//
// A line of 31 columns is a half of mf_8x62 from its library. Lines of 62 and 128 columns are that half's
// tables stretched to as many columns (levels, drift and references of k products at k 31 / N), every column
// with draws of its own: what peers are timed on (62 x 8, 128 x 128, 5 bits), not macros that were
// characterized. Goals: ten times the best measured peer. NeuroSim, 62 columns: 3.9e7 conversions and 2.4e9
// MAC a second.
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <time.h>

#include <map>
#include <random>
#include <thread>

#include "figure.h"
#include "macro/comparator_calibration.h"
#include "macro/fast_row.h"
#include "tables/library.h"
#include "util/hash.h"
#include "util/home.h"

namespace mavis {
namespace {

using namespace macro;

constexpr int kPlanes = 8;
constexpr std::size_t kBatch = 1024;
const Pvt kPvt{"tt", 1.0, 27};

// The values of a table along its axis 0, 1 .. 31, at `columns` + 1 places.
std::vector<double> stretched(const std::vector<double>& values, std::size_t before, std::size_t nodes,
                              std::size_t after, std::size_t columns) {
  std::vector<double> to;
  for (std::size_t b = 0; b < before; ++b)
    for (std::size_t k = 0; k <= columns; ++k) {
      const double place = static_cast<double>(k * (nodes - 1)) / static_cast<double>(columns);
      const std::size_t node = std::min(nodes - 2, static_cast<std::size_t>(place));
      for (std::size_t a = 0; a < after; ++a) {
        const double low = values[(b * nodes + node) * after + a],
                     high = values[(b * nodes + node + 1) * after + a];
        to.push_back(low + (place - static_cast<double>(node)) * (high - low));
      }
    }
  return to;
}

tables::Library stretched(const tables::Library& library, int columns) {
  tables::Library wide(library.macro());
  wide.provenance = library.provenance;
  for (const auto& [name, table] : library.tables()) {
    tables::Table copy = table;
    for (std::size_t axis = 0; axis < copy.axes.size(); ++axis) {
      if (copy.axes[axis].name != "products" && copy.axes[axis].name != "code") continue;
      std::size_t before = 1, after = 1;
      for (std::size_t i = 0; i < axis; ++i) before *= copy.axes[i].size();
      for (std::size_t i = axis + 1; i < copy.axes.size(); ++i) after *= copy.axes[i].size();
      const std::size_t nodes = copy.axes[axis].size();
      const auto stretch = [&](const std::vector<double>& values) {
        return stretched(values, before, nodes, after, static_cast<std::size_t>(columns));
      };
      copy.values = stretch(copy.values);
      for (auto& [plane, values] : copy.planes) values = stretch(values);
      copy.status.clear(), copy.n.clear(), copy.method.clear();
      copy.axes[axis].values.clear();
      for (int k = 0; k <= columns; ++k) copy.axes[axis].values.push_back(k);
    }
    wide.put(std::move(copy));
  }
  return wide;
}

// 8 rows of a chip and their inputs.
class Line {
 public:
  explicit Line(int columns) : columns_(columns), planes_(columns, kPlanes * kBatch) {
    const tables::Library library = tables::read_library(home() / "tables/ptm45hp/mf_8x62.h5");
    const Spec spec = read_spec(library);
    const MacroModel converter(PointTables(library, kPvt), spec);
    Spec wide = spec;
    wide.columns_per_half = columns;
    const tables::Library stretched_library = stretched(library, columns);
    const MacroModel model(PointTables(stretched_library, kPvt), wide);
    std::mt19937 random(1);
    const auto bits = [&](int n) {
      Bits drawn(static_cast<std::size_t>(n));
      for (char& bit : drawn) bit = static_cast<char>(random() & 1);
      return drawn;
    };
    for (int row = 0; row < kPlanes; ++row) {
      // How many codes noise can turn is the chip's: its comparator's threshold.
      const Chip chip(1, static_cast<std::uint32_t>(row));
      const Comparator comparator = calibrate(converter.comparator, chip, 0).comparator;
      const HalfRow computing(model.responses, model.levels, chip, 0, Half::left, row, bits(columns));
      const HalfRow dac(converter.responses, converter.levels, chip, 0, Half::right, row,
                        bits(spec.columns_per_half));
      const Decisions decisions(converter, dac, comparator);
      detailed_.emplace_back(model, computing, decisions);
      fast_.emplace_back(model, computing, decisions, 0.5);
    }
    for (std::size_t i = 0; i < planes_.operations(); ++i) planes_.set(i, bits(columns));
  }

  // Every row against every input plane; returns conversions.
  std::size_t run(bool fast, std::uint64_t seed, std::vector<std::uint16_t>& codes) const {
    codes.resize(planes_.operations());
    const NoiseSource noise{seed, 0, hash64("bench")};
    for (std::size_t row = 0; row < kPlanes; ++row) {
      if (fast)
        fast_[row].convert(planes_, noise, row * codes.size(), codes);
      else
        detailed_[row].convert(planes_, &noise, row * codes.size(), codes);
      benchmark::DoNotOptimize(codes.data());
    }
    return kPlanes * codes.size();
  }
  int columns() const { return columns_; }

 private:
  int columns_;
  InputPlanes planes_;
  std::vector<DetailedRow> detailed_;
  std::vector<FastRow> fast_;
};

const Line& line(int columns) {
  static std::map<int, Line> lines;
  return lines.try_emplace(columns, columns).first->second;
}

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Best of its repeats, by case and threads: conversions a second of one core.
std::map<std::pair<std::string, int>, std::vector<double>> rates;

void convert(benchmark::State& state, const std::string& name, bool fast, int columns) {
  const Line& own = line(columns);
  const int threads = static_cast<int>(state.range(0));
  double conversions = 0, seconds = 0;
  std::uint64_t seed = 0;
  for (auto _ : state) {
    std::vector<std::thread> team;
    std::vector<double> used(static_cast<std::size_t>(threads));
    std::vector<std::size_t> done(static_cast<std::size_t>(threads));
    for (std::size_t t = 0; t < used.size(); ++t)
      team.emplace_back([&, t, s = seed++] {
        std::vector<std::uint16_t> codes;
        const double begin = thread_seconds();
        for (int i = 0; i < 20; ++i) done[t] += own.run(fast, 100 * s + static_cast<std::uint64_t>(i), codes);
        used[t] = thread_seconds() - begin;
      });
    for (std::size_t t = 0; t < used.size(); ++t) {
      team[t].join();
      conversions += static_cast<double>(done[t]);
      seconds += used[t];
    }
  }
  state.counters["conversions/core-s"] = conversions / seconds;
  state.counters["MAC/core-s"] = conversions * columns / seconds;
  rates[{name, threads}].push_back(conversions / seconds);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace
}  // namespace mavis

int main(int argc, char** argv) {
  using namespace mavis;
  for (bool fast : {true, false})
    for (int columns : {31, 62, 128}) {
      const std::string name = fmt::format("{}_{}", fast ? "fast" : "detailed", columns);
      line(columns);
      benchmark::RegisterBenchmark(name.c_str(),
                                   [=](benchmark::State& s) { convert(s, name, fast, columns); })
          ->Arg(1)
          ->Arg(2)
          ->ArgName("threads")
          ->UseRealTime()
          ->Repetitions(5)
          ->ReportAggregatesOnly();
    }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();

  bool ok = true;
  for (const auto& [which, values] : rates) {
    const auto& [name, threads] = which;
    const int columns = std::stoi(name.substr(name.find('_') + 1));
    const double conversions = median(values), mac = conversions * columns;
    const std::string figure = fmt::format("{}_{}_threads", name, threads);
    if (name == "fast_62") {
      ok &= report(figure + "_conversions", conversions, "1/core-s", ">=4e8", conversions >= 4e8);
      ok &= report(figure + "_mac", mac, "1/core-s", ">=2.5e10", mac >= 2.5e10);
    } else {
      const double goal = name == "detailed_62" || name == "detailed_128" ? 3e9 : 0;
      ok &= report(figure + "_mac", mac, "1/core-s", goal > 0 ? ">=3e9" : "-", mac >= goal);
    }
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  report("peak_memory", static_cast<double>(usage.ru_maxrss) / 1024, "MiB", "-", true);
  return ok ? 0 : 1;
}
