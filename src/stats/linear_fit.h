// Linear least squares by column-pivoted QR. Pure, thread-safe.
#pragma once

#include <Eigen/Core>

namespace mavis::stats {

struct LinearFit {
  Eigen::VectorXd coefficients;     // one a column of the design matrix
  Eigen::VectorXd standard_errors;  // of the coefficients; NaN when rows == columns
  double residual_sigma = 0;        // sqrt(sum of squared residuals / (rows - columns)); NaN likewise
  double r2 = 0;                    // 1 - residual / variation about the mean; 1 when y is fitted exactly
};

// Minimizes |design * coefficients - y|. Add a column of ones for a constant term. Throws
// std::invalid_argument when there are fewer rows than columns, sizes differ, a number is not finite or
// columns are linearly dependent.
LinearFit linear_fit(const Eigen::MatrixXd& design, const Eigen::VectorXd& y);

}  // namespace mavis::stats
