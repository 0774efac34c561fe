#include "plan/campaign.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <sstream>

#include "util/error.h"

namespace mavis::plan {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) parts.push_back(part);
  return parts;
}

template <class T>
T number(const std::string& text, const std::string& place) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw InputError(fmt::format("{}: '{}' is not a number; delete the folder to start anew", place, text));
  return value;
}

std::vector<double> numbers(const std::string& text, const std::string& place) {
  std::vector<double> values;
  for (const std::string& part : split(text)) values.push_back(number<double>(part, place));
  return values;
}

// Shortest text that reads back as the same double.
std::string exact(const std::vector<double>& values) {
  return fmt::format("{}", fmt::join(values, ","));
}

template <class T>
std::vector<T> merged(std::vector<T> a, const std::vector<T>& b, bool sorted) {
  for (const T& item : b)
    if (std::find(a.begin(), a.end(), item) == a.end()) a.push_back(item);
  if (sorted) std::sort(a.begin(), a.end());
  return a;
}

constexpr std::array kResponses = {Responses::all, Responses::reference, Responses::none};

std::string_view name_of(Responses responses) {
  switch (responses) {
    case Responses::all:
      return "all";
    case Responses::reference:
      return "reference";
    case Responses::none:
      break;
  }
  return "none";
}

}  // namespace

std::string Campaign::text() const {
  return fmt::format(
      "subject = {}\npdk = {}\ncorners = {}\nvdd = {}\ntemp_c = {}\nsamples = {}\nseed = {}\nresponses = "
      "{}\nbenches = {}\n{}{}{}",
      subject, pdk, fmt::join(corners, ","), exact(vdd), exact(temp_c), samples, seed, responses_text(),
      fmt::join(benches, ","),
      accuracy.empty() ? "" : fmt::format("accuracy = {}\nmost = {}\n", accuracy, most),
      rows == 0 ? "" : fmt::format("rows = {}\n", rows),
      grid_error.empty() ? "" : fmt::format("grid_error = {}\ngrid_nodes = {}\n", grid_error, grid_nodes));
}

Campaign Campaign::parse(const std::string& text, const std::string& place) {
  std::map<std::string, std::string> fields;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const std::size_t equal = line.find(" = ");
    if (equal == line.npos)
      throw InputError(
          fmt::format("{}: '{}' is not 'name = value'; delete the folder to start anew", place, line));
    fields[line.substr(0, equal)] = line.substr(equal + 3);
  }
  const auto field = [&](const char* name) -> const std::string& {
    const auto found = fields.find(name);
    if (found == fields.end())
      throw InputError(fmt::format("{}: has no '{}'; delete the folder to start anew", place, name));
    return found->second;
  };
  Campaign campaign;
  campaign.subject = field("subject");
  campaign.pdk = field("pdk");
  campaign.corners = split(field("corners"));
  campaign.vdd = numbers(field("vdd"), place);
  campaign.temp_c = numbers(field("temp_c"), place);
  campaign.samples = number<int>(field("samples"), place);
  campaign.seed = number<std::uint64_t>(field("seed"), place);
  campaign.set_responses(field("responses"));
  campaign.benches = split(field("benches"));
  if (fields.contains("accuracy")) {
    campaign.accuracy = field("accuracy");
    campaign.most = number<int>(field("most"), place);
  }
  if (fields.contains("rows")) campaign.rows = number<int>(field("rows"), place);
  if (fields.contains("grid_error")) {
    campaign.grid_error = field("grid_error");
    campaign.grid_nodes = number<int>(field("grid_nodes"), place);
  }
  return campaign;
}

Campaign Campaign::joined(const Campaign& other) const {
  const auto same = [](const char* what, const auto& a, const auto& b) {
    if (a != b)
      throw InputError(fmt::format("--extend: the library was made with {} {}, not {}; choose another output",
                                   what, a, b));
  };
  same("the subject", subject, other.subject);
  same("the process", pdk, other.pdk);
  same("seed", seed, other.seed);
  same("accuracy", accuracy, other.accuracy);
  same("rows", rows, other.rows);
  same("grid error", grid_error, other.grid_error);
  if (!grid_error.empty()) {
    same("supplies", exact(vdd), exact(other.vdd));
    same("temperatures", exact(temp_c), exact(other.temp_c));
  }
  Campaign all = *this;
  all.corners = merged(corners, other.corners, false);
  all.vdd = merged(vdd, other.vdd, true);
  all.temp_c = merged(temp_c, other.temp_c, true);
  all.benches = merged(benches, other.benches, true);
  all.samples = std::max(samples, other.samples);
  all.most = std::max(most, other.most);
  all.grid_nodes = std::max(grid_nodes, other.grid_nodes);
  all.responses = std::min(responses, other.responses);  // declared widest first
  all.respond_everywhere = all.responses == Responses::all
                               ? std::vector<std::string>{}
                               : merged(respond_everywhere, other.respond_everywhere, true);
  return all;
}

bool Campaign::responds_everywhere(const std::string& bench) const {
  return responses == Responses::all ||
         std::binary_search(respond_everywhere.begin(), respond_everywhere.end(), bench);
}

std::string Campaign::responses_text() const {
  return respond_everywhere.empty() ? std::string(name_of(responses))
                                    : fmt::format("{}", fmt::join(respond_everywhere, ","));
}

void Campaign::set_responses(const std::string& text) {
  respond_everywhere.clear();
  for (const Responses each : kResponses)
    if (name_of(each) == text) {
      responses = each;
      return;
    }
  responses = Responses::reference;
  respond_everywhere = merged(split(text), {}, true);
}

}  // namespace mavis::plan
