// The two kinds of trouble a user can meet. Both are thrown with a complete, one-line message
// (what, where, remedy) and caught once, in src/cli/main.cc, which turns them into exit codes.
#pragma once

#include <stdexcept>
#include <string>

namespace mavis {

// Bad input: a netlist, TOML, process, HDF5 file or command line. Exit code 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Trouble with the machine: disk full, no permission, a worker that can't start. Exit code 3.
class MachineError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace mavis
