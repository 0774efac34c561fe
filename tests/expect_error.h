// Checks the text of an error: what a user reads must name the place and the remedy.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <initializer_list>
#include <string>

#include "util/error.h"

namespace mavis {

inline void expect_input_error(const std::function<void()>& act, std::initializer_list<const char*> parts) {
  try {
    act();
    FAIL() << "no InputError";
  } catch (const InputError& error) {
    const std::string text = error.what();
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    for (const char* part : parts)
      EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' in: " << text;
  }
}

}  // namespace mavis
