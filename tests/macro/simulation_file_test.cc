#include "macro/simulation_file.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "macro/sample_macro.h"
#include "tables/hdf5.h"
#include "temporary_folder.h"
#include "util/files.h"

namespace mavis::macro {
namespace {

using tables::hdf5::Node;

class SimulationFile : public testing::Test {
 protected:
  void write(const std::string& name) {
    simulation_ =
        simulate(sample_library({.level_response = 0.05}), kTypical, workload_, {Chip(1, 0), Chip(1, 1)}, 1);
    write_simulation(folder_.path() / name, simulation_, workload_,
                     {.program = "0", .library_hash = "1", .seed = 1});
  }

  Workload workload_ = {random_matrix(1, "weights", 3, 70), random_matrix(1, "inputs", 2, 70)};
  Simulation simulation_;
  TemporaryFolder folder_;
};

TEST_F(SimulationFile, HoldsEverythingOnNamedAxes) {
  write("out.h5");
  const Node root = Node::open_file(folder_.path() / "out.h5");
  EXPECT_EQ(root.get<std::string>("format"), kSimulationFormat);
  EXPECT_EQ(root.get<std::string>("corner"), "tt");
  EXPECT_EQ(root.get<double>("vdd"), 1.0);
  const Node codes = root.dataset("codes");
  EXPECT_EQ(codes.get_all<std::string>("axes"),
            (std::vector<std::string>{"chip", "input", "output", "tile", "half", "plane"}));
  EXPECT_EQ(codes.read<std::int64_t>({2, 2, 3, 2, 2, 14}), simulation_.codes);
  EXPECT_EQ(root.dataset("counts").read<std::int64_t>({2, 3, 2, 2, 14}), simulation_.counts);
  EXPECT_EQ(root.dataset("levels").read<double>({2, 2, 3, 2, 2, 14}), simulation_.levels);
  EXPECT_EQ(root.dataset("levels").get<std::string>("units"), "V");
  EXPECT_EQ(root.dataset("ones_codes").read<std::int64_t>({2, 2, 2, 2, 7}), simulation_.ones_codes);
  EXPECT_EQ(root.dataset("results").read<std::int64_t>({2, 2, 3}), simulation_.results);
  EXPECT_EQ(root.get<std::int64_t>("weight_bits"), 8);
  EXPECT_EQ(root.get<std::int64_t>("calibration_decisions"), 1024);
  EXPECT_EQ(root.get<std::int64_t>("discarded_columns"), 0);
  EXPECT_FALSE(root.has("discarded"));
  EXPECT_EQ(root.dataset("quantized").read<std::int64_t>({2, 3}), simulation_.quantized);
  EXPECT_EQ(root.dataset("exact").read<std::int64_t>({2, 3}), simulation_.exact);
  const std::vector<double> energy = root.dataset("energy").read<double>({2, 3, 10});
  double sum = 0;
  for (std::size_t i = 0; i < 30; ++i) sum += energy[i];
  EXPECT_NEAR(sum, simulation_.energy[0].total(), 1e-12 * sum);
  EXPECT_EQ(root.dataset("latency").read<double>({}), std::vector<double>{simulation_.latency});
  EXPECT_EQ(root.dataset("plane").read<std::string>({14}).front(), "w0");
  EXPECT_EQ(root.dataset("inputs").read<std::int64_t>({2, 70}).back(), workload_.inputs[1][69]);
}

TEST_F(SimulationFile, EqualSimulationsGiveEqualBytes) {
  write("a.h5");
  write("b.h5");
  EXPECT_EQ(read_text(folder_.path() / "a.h5", "output"), read_text(folder_.path() / "b.h5", "output"));
}

TEST_F(SimulationFile, AFolderThatIsNotThereIsNamed) {
  expect_input_error([&] { write("lost/a.h5"); }, {"lost"});
}

}  // namespace
}  // namespace mavis::macro
