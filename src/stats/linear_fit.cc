#include "stats/linear_fit.h"

#include <Eigen/QR>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace mavis::stats {

LinearFit linear_fit(const Eigen::MatrixXd& design, const Eigen::VectorXd& y) {
  const Eigen::Index rows = design.rows(), columns = design.cols();
  if (rows != y.size() || columns == 0 || rows < columns)
    throw std::invalid_argument("a linear fit needs a row an observation and at least as many as columns");
  if (!design.allFinite() || !y.allFinite()) throw std::invalid_argument("a linear fit needs finite numbers");

  // Columns of very different units must not look dependent.
  const Eigen::VectorXd lengths = design.colwise().norm().transpose();
  if (lengths.minCoeff() <= 0) throw std::invalid_argument("a column of a linear fit is zero");
  const Eigen::VectorXd scale = lengths.cwiseInverse();
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(design * scale.asDiagonal());
  if (qr.rank() < columns) throw std::invalid_argument("columns of a linear fit are dependent");

  LinearFit fit;
  fit.coefficients = scale.cwiseProduct(qr.solve(y).eval());
  const double residual = (y - design * fit.coefficients).squaredNorm();
  const double variation = (y.array() - y.mean()).matrix().squaredNorm();
  fit.r2 = variation > 0 ? 1 - residual / variation : 1;

  if (rows == columns) {
    fit.residual_sigma = std::numeric_limits<double>::quiet_NaN();
    fit.standard_errors = Eigen::VectorXd::Constant(columns, fit.residual_sigma);
    return fit;
  }
  fit.residual_sigma = std::sqrt(residual / static_cast<double>(rows - columns));
  // (X'X)^-1 = P R^-1 R^-T P': a coefficient's variance is the squared length of a row of P R^-1.
  const Eigen::MatrixXd inverse = qr.matrixR().topRows(columns).triangularView<Eigen::Upper>().solve(
      Eigen::MatrixXd::Identity(columns, columns));
  const Eigen::VectorXd spread = (qr.colsPermutation() * inverse).rowwise().norm();
  fit.standard_errors = fit.residual_sigma * scale.cwiseProduct(spread);
  return fit;
}

}  // namespace mavis::stats
