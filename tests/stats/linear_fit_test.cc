#include "stats/linear_fit.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mavis::stats {
namespace {

Eigen::MatrixXd design() {
  Eigen::MatrixXd x(6, 3);
  x << 1, 0, 1, 1, 1, 0, 1, 2, 2, 1, 3, 1, 1, 4, 0, 1, 5, 4;
  return x;
}

Eigen::VectorXd observations() {
  Eigen::VectorXd y(6);
  y << 1.1, 2.9, 5.3, 6.8, 8.9, 11.9;
  return y;
}

// Reference figures are NumPy's (lstsq and the inverse of X'X).
TEST(LinearFit, AgreesWithReference) {
  const LinearFit fit = linear_fit(design(), observations());
  const double coefficients[] = {0.8140625, 1.996875, 0.2578125};
  const double errors[] = {0.12887276, 0.0484555, 0.06021203};
  for (int k = 0; k < 3; ++k) {
    EXPECT_NEAR(fit.coefficients[k], coefficients[k], 1e-12);
    EXPECT_NEAR(fit.standard_errors[k], errors[k], 1e-8);
  }
  EXPECT_NEAR(fit.residual_sigma, 0.17589059099337873, 1e-12);
  EXPECT_NEAR(fit.r2, 0.9988075737136249, 1e-12);
}

// Columns as unlike as seconds and hertz.
TEST(LinearFit, UnitsOfColumnsDoNotMatter) {
  Eigen::MatrixXd x = design();
  x.col(1) *= 1e-15;
  x.col(2) *= 1e12;
  const LinearFit fit = linear_fit(x, observations());
  EXPECT_NEAR(fit.coefficients[1] * 1e-15, 1.996875, 1e-11);
  EXPECT_NEAR(fit.standard_errors[2] * 1e12, 0.06021203, 1e-8);
}

TEST(LinearFit, ExactFitHasNoResidual) {
  const Eigen::Vector3d truth(1.5, -2, 0.25);
  const LinearFit fit = linear_fit(design(), design() * truth);
  EXPECT_LT((fit.coefficients - truth).norm(), 1e-13);
  EXPECT_NEAR(fit.r2, 1, 1e-14);

  const LinearFit square = linear_fit(design().topRows(3), observations().head(3));
  EXPECT_TRUE(std::isnan(square.residual_sigma));
  EXPECT_TRUE(std::isnan(square.standard_errors[0]));
}

TEST(LinearFit, RefusesWhatHasNoSolution) {
  EXPECT_THROW(linear_fit(design().topRows(2), observations().head(2)), std::invalid_argument);
  EXPECT_THROW(linear_fit(design(), observations().head(5)), std::invalid_argument);
  Eigen::MatrixXd dependent = design();
  dependent.col(2) = 3 * dependent.col(1) - dependent.col(0);
  EXPECT_THROW(linear_fit(dependent, observations()), std::invalid_argument);
  dependent.col(2).setZero();
  EXPECT_THROW(linear_fit(dependent, observations()), std::invalid_argument);
  Eigen::VectorXd y = observations();
  y[2] = std::nan("");
  EXPECT_THROW(linear_fit(design(), y), std::invalid_argument);
}

}  // namespace
}  // namespace mavis::stats
