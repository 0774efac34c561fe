#include "tables/sensitivity.h"

#include <algorithm>
#include <cmath>

#include "tables/library.h"

namespace mavis::tables {

std::vector<std::pair<std::size_t, double>> response_shares(const Table& table, std::size_t cell) {
  const std::size_t count = table.response.empty() ? 0 : table.parameters.size();
  std::vector<std::pair<std::size_t, double>> shares;
  double total = 0;
  for (std::size_t p = 0; p < count; ++p) {
    const double response = table.response[cell * count + p];
    shares.emplace_back(p, response * response);
    total += response * response;
  }
  if (!(total > 0) || !std::isfinite(total)) return {};
  for (auto& [parameter, share] : shares) share /= total;
  std::stable_sort(shares.begin(), shares.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return shares;
}

std::vector<Sensitivity> sensitivities(const Library& library) {
  std::vector<Sensitivity> all;
  for (const auto& [name, table] : library.tables()) {
    const std::size_t count = table.response.empty() ? 0 : table.parameters.size();
    std::size_t widest = 0;
    double most = 0;
    for (std::size_t cell = 0; count > 0 && cell < table.cells(); ++cell) {
      double total = 0;
      for (std::size_t p = 0; p < count; ++p) total += std::pow(table.response[cell * count + p], 2);
      if (total > most && std::isfinite(total)) {
        most = total;
        widest = cell;
      }
    }
    std::int64_t rank = 0;
    for (const auto& [p, share] : response_shares(table, widest))
      if (share >= kLeastShare)
        all.push_back({name, ++rank, table.parameters.labels[p], share, table.response[widest * count + p],
                       static_cast<std::int64_t>(widest)});
  }
  return all;
}

}  // namespace mavis::tables
