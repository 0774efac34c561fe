// Rows of text in aligned columns, for terminals and files. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mavis::report {

// One line a row, two blanks between columns, no blanks at line ends. `alignment` has one letter a column,
// 'l' or 'r'; its last letter serves all further columns. Rows may be shorter than others. Text is ASCII.
std::string grid(const std::vector<std::vector<std::string>>& rows, std::string_view alignment);

}  // namespace mavis::report
