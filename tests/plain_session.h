// The reference to compare with: a session that starts plain `ngspice -b` for every analysis, on the same
// deck with the same values set, and reads its raw file. Slow and simple.
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "spice/external_source.h"
#include "spice/listing.h"
#include "spice/session.h"
#include "temporary_folder.h"

namespace mavis {

class PlainSession : public spice::Session {
 public:
  void load(const std::string& deck_text) override {
    deck_ = deck_text.substr(0, deck_text.rfind(".end"));
    settings_.clear();
    redraw_.clear();
  }
  std::vector<spice::Device> devices() override {
    std::ifstream in(start("listing expand\n"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return spice::parse_listing(lines);
  }
  void set(std::string_view device, std::string_view parameter, double value) override {
    if (device.empty()) {
      settings_.clear();
      redraw_ = spice::redraw_commands(parameter, value);
      return;
    }
    setting(fmt::format("@{}[{}]", device, parameter), fmt::format("{:.17g}", value));
  }
  void set_dc(std::string_view source, double volts) override {
    setting(fmt::format("{} dc", source), fmt::format("{:.17g}", volts));
  }
  void set_pwl(std::string_view source, std::span<const std::pair<double, double>> points) override {
    std::string text = "[";
    for (const auto& [time, value] : points) text += fmt::format(" {:.17g} {:.17g}", time, value);
    setting(fmt::format("@{}[pwl]", source), text + " ]");
  }
  void set_external(std::string_view source, double step, std::vector<double> values) override {
    externals_[std::string(source)] = {step, std::move(values)};
  }
  void begin_sample() override { externals_.clear(); }
  spice::Waveforms run_tran(double step, double stop, double start, double max_step) override {
    return run(fmt::format("tran {:.17g} {:.17g} {:.17g} {:.17g}", step * step_scale_, stop, start,
                           (max_step > 0 ? max_step : step) * step_scale_));
  }
  spice::Waveforms run_dc(std::string_view source, double from, double to, double step) override {
    return run(fmt::format("dc {} {:.17g} {:.17g} {:.17g}", source, from, to, step * step_scale_));
  }
  spice::Waveforms run_op() override { return run("op"); }
  spice::Waveforms run_noise(std::string_view output, std::string_view source, double frequency) override {
    return run(fmt::format("noise v({}) {} lin 1 {:.17g} {:.17g}", output, source, frequency, frequency));
  }

 private:
  // In the order of the first setting, each with its latest value.
  void setting(const std::string& what, const std::string& value) {
    for (auto& [known, old] : settings_)
      if (known == what) {
        old = value;
        return;
      }
    settings_.emplace_back(what, value);
  }

  spice::Waveforms run(const std::string& analysis) {
    const std::string raw = (folder_.path() / "out.raw").string();
    std::filesystem::remove(raw);
    start(analysis + "\nwrite " + raw + "\n");
    return read_raw(raw);
  }

  // Runs the deck with these commands; returns where the output is.
  std::filesystem::path start(const std::string& commands) {
    std::string deck = deck_;
    for (const auto& [source, values] : externals_) deck = spice::with_external(deck, source, values);
    deck += ".control\nset num_threads=1\n" + redraw_;
    for (const auto& [what, value] : settings_) deck += "alter " + what + " = " + value + "\n";
    deck += commands + ".endc\n.end\n";
    const auto path = folder_.write("deck.cir", deck);
    const std::string command =
        fmt::format("cd {} && OMP_THREAD_LIMIT=1 ngspice -b {} > log 2> errors < /dev/null",
                    folder_.path().string(), path.string());
    if (std::system(command.c_str()) == -1) throw std::runtime_error("cannot start ngspice");
    return folder_.path() / "log";
  }

  // A binary raw file of real vectors.
  static spice::Waveforms read_raw(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    const std::string text = all.str();
    const std::size_t data = text.find("Binary:\n");
    if (data == std::string::npos) throw spice::RunFailure("plain ngspice wrote no result");
    std::istringstream header(text.substr(0, data));
    std::size_t variables = 0, points = 0;
    std::vector<std::string> names;
    for (std::string line; std::getline(header, line);) {
      if (line.starts_with("No. Variables:")) variables = std::stoul(line.substr(14));
      if (line.starts_with("No. Points:")) points = std::stoul(line.substr(11));
      std::istringstream words(line);
      std::string index, name, type;
      if (line.starts_with("\t") && words >> index >> name >> type) names.push_back(name);
    }
    std::vector<std::vector<double>> columns(variables, std::vector<double>(points));
    const char* bytes = text.data() + data + std::strlen("Binary:\n");
    for (std::size_t p = 0; p < points; ++p)
      for (std::size_t v = 0; v < variables; ++v, bytes += sizeof(double))
        std::memcpy(&columns[v][p], bytes, sizeof(double));
    std::vector<double> scale;
    spice::Waveforms::Vectors vectors;
    for (std::size_t v = 0; v < variables; ++v) {
      std::string name = names.at(v);
      if (name == "time" || name.find("-sweep") != std::string::npos) {
        scale = columns[v];
        continue;
      }
      // v(a) is vector a, i(v1) is v1#branch.
      if (name.starts_with("v(")) name = name.substr(2, name.size() - 3);
      if (name.starts_with("i(")) name = name.substr(2, name.size() - 3) + "#branch";
      vectors[name] = columns[v];
    }
    return spice::Waveforms(std::move(scale), std::move(vectors));
  }

  TemporaryFolder folder_;
  std::string deck_, redraw_;
  std::vector<std::pair<std::string, std::string>> settings_;
  std::map<std::string, spice::ExternalValues> externals_;
};

}  // namespace mavis
