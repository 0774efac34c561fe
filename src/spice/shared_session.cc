#include "spice/shared_session.h"

#include <fmt/format.h>
#include <ngspice/sharedspice.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <functional>
#include <map>
#include <sstream>
#include <unordered_map>

#include "spice/external_source.h"
#include "spice/listing.h"
#include "spice/refusal.h"
#include "util/error.h"

namespace mavis::spice {
namespace {

// Ten times what any run of ours needs. Not a limit of time, so that load can't change a result.
constexpr std::size_t kMostPoints = 50000;

double process_cpu_s() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

// Messages after which a run's numbers can't be trusted, although ngspice may return 0.
bool is_error(std::string_view line) {
  std::string lower(line);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return contains(lower, "error") || contains(lower, "aborted") || contains(lower, "fatal") ||
         contains(lower, "timestep too small") || contains(lower, "singular matrix");
}

// Far below any time step, above the rounding of a time point.
constexpr double kTimeTolerance = 1e-16;  // s

constexpr const char* kRedraw = "redraw";  // among what was set: the kit's own draw

}  // namespace

struct SharedSession::Impl {
  std::vector<std::string> output;  // lines since the last command
  bool lost = false;                // ControlledExit was called
  std::map<std::string, ExternalValues, std::less<>> externals;
  Feedback feedback;
  std::size_t looks = 0;                                 // at the circuit, in this run
  std::exception_ptr trouble;                            // in one of them
  std::unordered_map<std::string, std::string> altered;  // on the loaded deck: owner -> its last command
  std::string transcript;
  double cpu_in_run = 0;
  bool loaded = false;
  bool holds_plots = false;  // of a run that failed half-way: they must not pass for the next one's

  // ngspice prefixes each line with "stdout " or "stderr ".
  static int on_output(char* text, int, void* self) {
    std::string_view line(text);
    for (std::string_view prefix : {"stdout ", "stderr "})
      if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
    static_cast<Impl*>(self)->output.emplace_back(line);
    return 0;
  }
  static int on_status(char*, int, void*) { return 0; }
  static int on_exit(int, NG_BOOL, NG_BOOL, int, void* self) {
    static_cast<Impl*>(self)->lost = true;
    return 0;
  }
  static int on_thread(NG_BOOL, int, void*) { return 0; }

  static int on_source(double* value, double time, char* name, int, void* self) {
    auto& impl = *static_cast<Impl*>(self);
    impl.look(time);
    const auto found = impl.externals.find(std::string_view(name));
    *value = found == impl.externals.end() ? 0 : found->second.at(time);
    return 0;
  }

  // The latest accepted time point of the transient that runs.
  class Latest : public Instant {
   public:
    double operator[](std::string_view vector) const override {
      const vector_info* info = ngGet_Vec_Info(std::string(vector).data());
      if (!info || !info->v_realdata || info->v_length <= 0)
        throw RunFailure(fmt::format("the run has no vector '{}' to decide by", vector));
      return info->v_realdata[info->v_length - 1];
    }
  };

  // ngspice wants sources at `time`: what is to be decided before that is decided now.
  void look(double time) {
    while (!trouble && looks < feedback.times.size() && time > feedback.times[looks] + kTimeTolerance) try {
        const Latest latest;
        if (const double at = latest["time"]; std::fabs(at - feedback.times[looks]) > kTimeTolerance)
          throw std::logic_error(fmt::format(
              "no time point at {:.6g} s, where the circuit is looked at; the latest is at {:.6g} s",
              feedback.times[looks], at));
        append(feedback.decide(looks, latest));
        ++looks;
      } catch (...) {
        trouble = std::current_exception();  // not through ngspice
      }
  }

  void append(const std::map<std::string, TimePoints>& sources) {
    for (const auto& [source, points] : sources)
      for (const auto& [time, value] : points)
        externals[source].values.insert(externals[source].values.end(), {time, value});
  }

  // Another run: sources with feedback begin again.
  void begin_run() {
    looks = 0;
    trouble = nullptr;
    for (const auto& [source, points] : feedback.sources) externals[source] = {};
    append(feedback.sources);
  }

  // The first line that says what went wrong, for people.
  std::string complaint() const {
    for (const std::string& line : output)
      if (is_error(line)) return line;
    return output.empty() ? "ngspice gave no message" : output.back();
  }

  void command(const std::string& text) {
    output.clear();
    ngSpice_Command(const_cast<char*>(text.c_str()));
    if (lost) throw SessionLost(fmt::format("ngspice gave up at '{}': {}", text, complaint()));
  }

  // A value of the loaded deck that is no number; empty if all are.
  std::string not_a_number() {
    command("listing expand");
    return not_finite(output);
  }

  // ngspice 39 corrupts longer command lines in silence, and the run goes on with other values.
  static constexpr std::size_t kLongestCommand = 950;

  // Gives `text` ("alter @m1[delvto] = 0.01"), repeated in the transcript. What already has the value is left
  // alone: an alter costs some 8 us. `owner` names what is set. ngspice reports a wrong name or parameter
  // only as text.
  void alter(const std::string& owner, std::string text) {
    if (text.size() > kLongestCommand)
      throw std::logic_error(fmt::format("'{}...' is too long a command for ngspice", text.substr(0, 40)));
    transcript.append(text).push_back('\n');
    std::string& known = altered[owner];
    if (known == text) return;
    known.clear();
    command(text);
    for (const std::string& line : output)
      if (is_error(line) || contains(line, "no such")) throw SessionLost(fmt::format("'{}': {}", text, line));
    known = std::move(text);
  }
};

SharedSession::SharedSession() : impl_(std::make_unique<Impl>()) {
  // A user's ~/.spiceinit, ./spinit or environment must not change results.
  for (const char* name : {"SPICE_LIB_DIR", "SPICE_EXEC_DIR", "SPICE_SCRIPTS", "SPICE_NO_DATASEG_CHECK"})
    ::unsetenv(name);
  char folder[4096];
  if (::getcwd(folder, sizeof folder)) ::setenv("HOME", folder, 1);
  ngSpice_Init(Impl::on_output, Impl::on_status, Impl::on_exit, nullptr, nullptr, Impl::on_thread,
               impl_.get());
  int identity = 0;
  ngSpice_Init_Sync(Impl::on_source, Impl::on_source, nullptr, &identity, impl_.get());
  impl_->command("set num_threads=1");
  impl_->command("set noaskquit");
  impl_->command("set nomoremode");
  impl_->command("version -s");
  bool known = false;
  for (const std::string& line : impl_->output) known = known || contains(line, version());
  if (!known)
    throw MachineError(fmt::format("this program was built for {} but the library says: {}; rebuild it",
                                   version(), impl_->complaint()));
  impl_->command("const.pi");  // leaves no plot behind, flushes start-up messages
}

// ngspice can't be closed within a process (`quit` crashes); the process ends instead.
SharedSession::~SharedSession() = default;

std::string SharedSession::version() {
  return "ngspice-" MAVIS_NGSPICE_VERSION;
}

void SharedSession::load(const std::string& deck_text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < deck_text.size();) {
    const std::size_t end = std::min(deck_text.find('\n', begin), deck_text.size());
    lines.push_back(deck_text.substr(begin, end - begin));
    begin = end + 1;
  }
  std::vector<char*> pointers;
  for (std::string& line : lines) pointers.push_back(line.data());
  pointers.push_back(nullptr);
  if (impl_->loaded) {
    impl_->command("destroy all");
    impl_->command("remcirc");
  }
  impl_->loaded = false;
  impl_->externals.clear();
  impl_->feedback = {};
  impl_->altered.clear();
  impl_->output.clear();
  const int failed = ngSpice_Circ(pointers.data());
  const std::string reason = refusal_of(impl_->output);
  if (failed != 0 || impl_->lost || !reason.empty())
    throw SessionLost(
        fmt::format("ngspice refuses the deck: {}", reason.empty() ? impl_->complaint() : reason));
  impl_->command(fmt::format("stop after {}", kMostPoints));  // of this circuit
  if (const std::string wrong = impl_->not_a_number(); !wrong.empty())
    throw SessionLost(fmt::format("the deck is wrong: {}", wrong));
  ngSpice_Command(nullptr);
  impl_->loaded = true;
}

std::vector<Device> SharedSession::devices() {
  impl_->command("listing expand");
  return parse_listing(impl_->output);
}

void SharedSession::set(std::string_view device, std::string_view parameter, double value) {
  if (device.empty()) return redraw(parameter, value);
  std::string owner;
  owner.reserve(device.size() + parameter.size() + 1);
  owner.append(device).append(1, '[').append(parameter);
  impl_->alter(owner, fmt::format("alter @{}[{}] = {:.17g}", device, parameter, value));
}

void SharedSession::redraw(std::string_view parameter, double seed) {
  const std::string commands = redraw_commands(parameter, seed);
  impl_->transcript += commands;
  const auto known = impl_->altered.find(kRedraw);
  if (known != impl_->altered.end() && known->second == commands) return;
  impl_->altered.clear();
  std::istringstream lines(commands);
  for (std::string line; std::getline(lines, line);) {
    impl_->command(line);
    for (const std::string& said : impl_->output)
      if (is_error(said) || contains(said, "not found"))
        throw SessionLost(fmt::format("'{}': {}", line, said));
  }
  if (const std::string wrong = impl_->not_a_number(); !wrong.empty())
    throw RunFailure(fmt::format("the kit's draw {:.0f} is wrong: {}", seed, wrong));
  impl_->altered[kRedraw] = commands;
}

void SharedSession::set_dc(std::string_view source, double volts) {
  impl_->alter(std::string(source), fmt::format("alter {} dc = {:.17g}", source, volts));
}

void SharedSession::set_pwl(std::string_view source, std::span<const std::pair<double, double>> points) {
  std::string value = "[";
  for (const auto& [time, volts] : points) value += fmt::format(" {:.17g} {:.17g}", time, volts);
  impl_->alter(std::string(source), fmt::format("alter @{}[pwl] = {} ]", source, value));
}

void SharedSession::set_external(std::string_view source, double step, std::vector<double> values) {
  impl_->externals[std::string(source)] = {step, std::move(values)};
}

void SharedSession::set_feedback(Feedback feedback) {
  for (const auto& [source, points] : impl_->feedback.sources) impl_->externals.erase(source);
  impl_->feedback = std::move(feedback);
}

void SharedSession::begin_sample() {
  impl_->feedback = {};
  impl_->externals.clear();
  impl_->transcript.clear();
}

Waveforms SharedSession::run(const std::string& command) {
  impl_->transcript += command + "\n";
  if (impl_->holds_plots) impl_->command("destroy all");
  impl_->holds_plots = true;
  impl_->begin_run();
  const double before = process_cpu_s();
  impl_->command(command);
  impl_->cpu_in_run += process_cpu_s() - before;
  if (impl_->trouble) std::rethrow_exception(impl_->trouble);
  for (const std::string& line : impl_->output)
    if (is_error(line)) throw RunFailure(fmt::format("{}: {}", command, line));
  std::vector<double> scale;
  Waveforms::Vectors vectors;
  const std::string plot = ngSpice_CurPlot();
  if (plot == "const") throw RunFailure(fmt::format("{}: ngspice made no result", command));
  char** names = ngSpice_AllVecs(const_cast<char*>(plot.c_str()));
  const bool transient = command.starts_with("tran"), sweep = command.starts_with("dc");
  for (; names && *names; ++names) {
    const std::string full = plot + "." + *names;
    const vector_info* info = ngGet_Vec_Info(const_cast<char*>(full.c_str()));
    if (!info || !info->v_realdata || info->v_length <= 0) continue;
    std::vector<double> values(info->v_realdata, info->v_realdata + info->v_length);
    for (double value : values)
      if (!std::isfinite(value)) throw RunFailure(fmt::format("{}: {} is not finite", command, *names));
    const std::string name = *names;
    if ((transient && name == "time") || (sweep && contains(name, "-sweep")))
      scale = values;
    else
      vectors.emplace(name, std::move(values));
  }
  impl_->command("destroy all");
  impl_->holds_plots = false;
  ngSpice_Command(nullptr);  // frees the command history
  if ((transient || sweep) && scale.empty())
    throw RunFailure(fmt::format("{}: ngspice made no result", command));
  if (vectors.empty()) throw RunFailure(fmt::format("{}: ngspice kept no vectors", command));
  for (const auto& [name, values] : vectors)
    if (!scale.empty() && values.size() != scale.size())
      throw RunFailure(fmt::format("{}: {} has {} of {} points", command, name, values.size(), scale.size()));
  return Waveforms(std::move(scale), std::move(vectors));
}

Waveforms SharedSession::run_tran(double step, double stop, double start, double max_step) {
  Waveforms result = run(fmt::format("tran {:.17g} {:.17g} {:.17g} {:.17g}", step * step_scale_, stop, start,
                                     (max_step > 0 ? max_step : step) * step_scale_));
  const double end = result.scale().back();
  if (end >= stop * (1 - 1e-9)) return result;
  if (result.scale().size() >= kMostPoints)
    throw RunFailure(fmt::format(
        "the transient was at {:.6g} s of {:.6g} s after {} time points: the circuit oscillates or "
        "its time step collapses",
        end, stop, kMostPoints));
  throw RunFailure(fmt::format("the transient ended at {:.6g} s of {:.6g} s", end, stop));
}

Waveforms SharedSession::run_dc(std::string_view source, double from, double to, double step) {
  step *= step_scale_;
  Waveforms result = run(fmt::format("dc {} {:.17g} {:.17g} {:.17g}", source, from, to, step));
  if (std::fabs(result.scale().back() - to) > std::fabs(step) * 0.51)
    throw RunFailure(
        fmt::format("the sweep of {} ended at {:.6g} V of {:.6g} V", source, result.scale().back(), to));
  return result;
}

Waveforms SharedSession::run_op() {
  return run("op");
}

Waveforms SharedSession::run_noise(std::string_view output, std::string_view source, double frequency) {
  return run(fmt::format("noise v({}) {} lin 1 {:.17g} {:.17g}", output, source, frequency, frequency));
}

std::string SharedSession::transcript() const {
  std::string text;
  for (const auto& [source, values] : impl_->externals) text += external_line(source, values) + "\n";
  return text + impl_->transcript;
}

double SharedSession::cpu_in_run() const {
  return impl_->cpu_in_run;
}

}  // namespace mavis::spice
