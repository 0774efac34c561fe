#include "report/diff.h"

#include <gtest/gtest.h>

#include <cmath>

#include "report/diff_text.h"
#include "tables/sample_library.h"
#include "util/draws.h"

namespace mavis::report {
namespace {

using tables::Library;
using tables::Method;
using tables::Scale;
using tables::Status;
using tables::Table;

// Means `means` of 17 samples at so many points of a supply, sigma 4 and standard error 1 each.
Table sampled(const std::string& name, const std::vector<double>& means, Scale scale = Scale::linear) {
  Table table{.name = name, .unit = "V", .long_name = name, .scale = scale};
  table.axes = {{.name = "vdd", .unit = "V", .values = {}}};
  for (std::size_t i = 0; i < means.size(); ++i) {
    table.axes[0].values.push_back(1 + 0.1 * static_cast<double>(i));
    table.values.push_back(means[i]);
    table.n.push_back(17);
    table.method.push_back(Method::plain);
    table.planes["stderr"].push_back(1);
    table.planes["sigma"].push_back(4);
    table.planes["sigma_stderr"].push_back(0.7);
    table.planes["nominal"].push_back(scale == Scale::log ? 2 : 0);
  }
  return table;
}

// No samples: what the circuit without mismatch gives.
Table exact(const std::string& name, double value) {
  return {.name = name, .unit = "V", .long_name = name, .values = {value}};
}

Library library(const std::vector<Table>& tables) {
  Library made("cell");
  for (const Table& table : tables) made.put(table);
  return made;
}

const FigureChange* find(const LibraryDiff& found, const std::string& table, const std::string& figure) {
  for (const FigureChange& change : found.figures)
    if (change.table->name == table && change.figure == figure) return &change;
  return nullptr;
}

TEST(Diff, ALibraryWithItselfIsNothing) {
  const Library sample = tables::sample_library();
  const LibraryDiff found = diff(sample, sample);
  EXPECT_FALSE(found.moved());
  EXPECT_TRUE(found.figures.empty());
  EXPECT_GT(found.compared, 10u);
  EXPECT_EQ(diff_text(found), "");
}

TEST(Diff, MeansAreHeldAgainstBothErrorsByStudentsT) {
  const Library a = library({sampled("x/y", {1})}), b = library({sampled("x/y", {4})});
  const LibraryDiff found = diff(a, b);
  ASSERT_EQ(found.figures.size(), 1u);
  const FigureChange& change = found.figures[0];
  EXPECT_EQ(change.figure, "mean");
  EXPECT_DOUBLE_EQ(change.difference, 3);
  EXPECT_DOUBLE_EQ(change.error, std::sqrt(2));
  // Equal errors of 16 degrees each are 32: P(|t_32| > 2.1213) = 0.04172.
  EXPECT_NEAR(change.p, 0.04172, 2e-5);
  EXPECT_TRUE(change.significant);
  EXPECT_EQ(found.compared, 3u);
}

TEST(Diff, OneErrorAloneCountsWithItsOwnFreedom) {
  Table quiet = sampled("x/y", {0});
  quiet.planes["stderr"] = {1e-9};
  const Library a = library({quiet}), b = library({sampled("x/y", {2.1199})});
  // The 97.5 % quantile of t with 16 degrees is 2.1199.
  EXPECT_NEAR(diff(a, b).figures.at(0).p, 0.05, 1e-4);
  Table scrambled = sampled("x/y", {2.3646});  // eight replicates: 7 degrees
  scrambled.method = {Method::linear};
  scrambled.n = {4096};
  EXPECT_NEAR(diff(a, library({scrambled})).figures.at(0).p, 0.05, 1e-4);
}

TEST(Diff, ManyFiguresNeedMore) {
  // Holm: of 20 figures the first needs 0.05 / 20, which 3 sigma of two libraries (p = 0.04) is not.
  std::vector<double> zeros(20, 0), moved(20, 0.1);
  moved[7] = 3;
  const LibraryDiff found = diff(library({sampled("x/y", zeros)}), library({sampled("x/y", moved)}));
  ASSERT_EQ(found.figures.size(), 20u);
  EXPECT_EQ(found.figures[0].cell, 7u);
  EXPECT_FALSE(found.moved());
  moved[7] = 6;  // p = 2e-4
  EXPECT_TRUE(diff(library({sampled("x/y", zeros)}), library({sampled("x/y", moved)})).moved());
}

TEST(Diff, FiguresThatAreTheSameInBothAreNotTested) {
  std::vector<double> zeros(20, 0), moved(20, 0);
  moved[7] = 3;
  EXPECT_TRUE(diff(library({sampled("x/y", zeros)}), library({sampled("x/y", moved)})).moved());
}

TEST(Diff, LogarithmsWhereTheScaleIsLog) {
  const Library a = library({sampled("x/y", {1e-9}, Scale::log)}),
                b = library({sampled("x/y", {std::exp(10.0) * 1e-9}, Scale::log)});
  const LibraryDiff found = diff(a, b);
  EXPECT_NEAR(found.figures.at(0).difference, 10, 1e-12);
  EXPECT_TRUE(found.moved());
}

TEST(Diff, SigmaAndNominalHaveTheirOwnErrors) {
  Table other = sampled("x/y", {0});
  other.planes["sigma"] = {9};
  other.planes["nominal"] = {5e-3};
  other.noise_floor = tables::NoiseFloor{1e-3, 2};
  const Library a = library({sampled("x/y", {0})}), b = library({other});
  const LibraryDiff found = diff(a, b);
  ASSERT_EQ(found.figures.size(), 2u);
  EXPECT_NEAR(find(found, "x/y", "sigma")->sigmas(), 5 / (0.7 * std::sqrt(2)), 1e-9);
  EXPECT_NEAR(find(found, "x/y", "nominal")->sigmas(), 5, 1e-9);
  EXPECT_TRUE(find(found, "x/y", "nominal")->significant);
}

TEST(Diff, ANumericalFloorWhereNothingSpreads) {
  const auto moved = [](double from, double to) {
    return diff(library({exact("x/y", from)}), library({exact("x/y", to)})).moved();
  };
  EXPECT_FALSE(moved(1, 1 + 1e-6));
  EXPECT_TRUE(moved(1, 1 + 1e-5));
  EXPECT_TRUE(moved(0, 1e-30));
  Table quiet = sampled("x/y", {1}), other = sampled("x/y", {1 + 1e-6});
  quiet.planes["stderr"] = other.planes["stderr"] = {0};
  EXPECT_FALSE(diff(library({quiet}), library({other})).moved());
}

TEST(Diff, AVthShiftIsFoundAndRankedFirst) {
  // Ten tables of noise as error bars have it; one of them moves by 5 mV, known to 0.5 mV.
  std::vector<Table> first, second;
  for (int i = 0; i < 10; ++i) {
    const std::string name = "x/t" + std::to_string(i);
    std::vector<double> a, b;
    for (int k = 0; k < 30; ++k)
      for (std::vector<double>* of : {&a, &b})
        of->push_back(normal_draw(of == &a ? 1 : 2, Stream::data, static_cast<std::uint32_t>(k), name));
    first.push_back(sampled(name, a));
    second.push_back(sampled(name, b));
  }
  EXPECT_FALSE(diff(library(first), library(second)).moved());
  for (Table* table : {&first[6], &second[6]})
    for (double& x : table->values) x *= 0.5e-3;
  for (Table* table : {&first[6], &second[6]})
    for (double& x : table->planes["stderr"]) x = 0.5e-3;
  for (double& x : second[6].values) x += 5e-3;
  const Library a = library(first), b = library(second);
  const LibraryDiff found = diff(a, b);
  EXPECT_TRUE(found.moved());
  EXPECT_EQ(found.figures[0].table->name, "x/t6");
  EXPECT_TRUE(diff_text(found).find("\nx/t6") < diff_text(found).find("tables' figures differ"))
      << diff_text(found);
}

TEST(Diff, CellsThatAreNotOkAnyMoreAreSaid) {
  Table broken = sampled("x/y", {0, 0});
  broken.values[1] = std::nan("");
  broken.status = {Status::ok, Status::censored};
  const Library a = library({sampled("x/y", {0, 0})}), b = library({broken});
  const LibraryDiff found = diff(a, b);
  EXPECT_TRUE(found.moved());
  ASSERT_EQ(found.status.size(), 1u);
  EXPECT_EQ(found.status[0].cell, 1u);
  EXPECT_NE(diff_text(found).find("x/y: 1 cells, first ok -> censored at 1.1 V"), std::string::npos)
      << diff_text(found);
}

TEST(Diff, WhatOnlyOneHasIsSaidAndIsNoMove) {
  Table longer = sampled("x/y", {0, 0, 0});
  Table other = exact("x/unit", 1);
  Table amperes = exact("x/unit", 1);
  amperes.unit = "A";
  Library a = library({sampled("x/y", {0, 0}), other, exact("x/gone", 1)}),
          b = library({longer, amperes, exact("x/new", 1)});
  a.provenance.facts = {{"seed", "1"}, {"samples", "17"}};
  b.provenance.facts = {{"seed", "2"}, {"samples", "17"}};
  a.provenance.files = {{"netlists/cell.cir", "* a\n"}, {"same.cir", "*\n"}};
  b.provenance.files = {{"netlists/cell.cir", "* b\n"}, {"same.cir", "*\n"}};
  const LibraryDiff found = diff(a, b);
  EXPECT_FALSE(found.moved());
  EXPECT_EQ(found.only_a, std::vector<std::string>{"x/gone"});
  EXPECT_EQ(found.only_b, std::vector<std::string>{"x/new"});
  ASSERT_EQ(found.not_compared.size(), 2u);
  EXPECT_EQ(found.not_compared[0], "x/unit: in V against A");
  EXPECT_EQ(found.not_compared[1], "x/y: 0 of 2 cells only in the first library, 1 of 3 only in the second");
  EXPECT_EQ(found.inputs, (std::vector<std::string>{"seed: 1 -> 2", "netlists/cell.cir: changed"}));
}

TEST(Diff, CellsAreMetByTheirCoordinates) {
  Table table = sampled("x/y", {1, 2, 3});
  Table part = sampled("x/y", {2, 3});
  part.axes[0].values = {1.1, 1.2};
  EXPECT_TRUE(diff(library({table}), library({part})).figures.empty());
}

TEST(Diff, OneSampleHasNoErrorBarAndThatIsSaid) {
  Table one = sampled("x/y", {1}), other = sampled("x/y", {2});
  for (Table* table : {&one, &other}) {
    table->n = {1};
    table->planes["stderr"] = table->planes["sigma"] = table->planes["sigma_stderr"] = {std::nan("")};
  }
  const LibraryDiff found = diff(library({one}), library({other}));
  EXPECT_FALSE(found.moved());
  ASSERT_EQ(found.not_compared.size(), 1u);
  EXPECT_NE(found.not_compared[0].find("no error bar"), std::string::npos);
}

TEST(DiffCsv, EveryFigureThatDiffers) {
  const Library a = library({sampled("x/y", {1, 2})}), b = library({sampled("x/y", {1, 12})});
  const std::string csv = diff_csv(diff(a, b));
  EXPECT_TRUE(csv.starts_with(
      "table,figure,at,first,second,unit,difference,error,difference_unit,sigma,p,significant\r\n"
      "x/y,mean,1.1 V,2,12,V,10,1.4142135623730951,V,7.071067811865475,5.09249023"))
      << csv;  // by numerical integration of the density: 5.0924902317e-08
  EXPECT_TRUE(csv.ends_with("e-08,yes\r\n")) << csv;
}

}  // namespace
}  // namespace mavis::report
