#include "tables/library.h"

#include <fmt/format.h>

#include "util/error.h"
#include "util/nearest.h"

namespace mavis::tables {

const std::string* Provenance::fact(std::string_view name) const {
  for (const auto& [known, text] : facts)
    if (known == name) return &text;
  return nullptr;
}

void Library::put(Table table) {
  table.check();
  std::string name = table.name;
  tables_.insert_or_assign(std::move(name), std::move(table));
}

const Table& Library::find(std::string_view name) const {
  const auto found = tables_.find(name);
  if (found != tables_.end()) return found->second;
  if (tables_.empty()) throw InputError(fmt::format("no table '{}': the library is empty", name));

  // A quantity alone stands for its full name.
  std::map<std::string, std::string> full_names;
  for (const auto& [full, table] : tables_) full_names.emplace(table.quantity(), full);
  std::vector<std::string> candidates;
  for (const auto& [full, table] : tables_) candidates.push_back(full);
  for (const auto& [quantity, full] : full_names) candidates.push_back(quantity);
  const std::string near = nearest(name, candidates);
  const auto quantity = full_names.find(near);
  const std::string& meant = quantity == full_names.end() ? near : quantity->second;
  throw InputError(fmt::format(
      "no table '{}' in the library; {}", name,
      near.empty() ? "`mavis show` lists what it has" : fmt::format("did you mean '{}'?", meant)));
}

}  // namespace mavis::tables
