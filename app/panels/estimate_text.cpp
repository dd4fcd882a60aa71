#include "app/panels/estimate_text.h"

#include <algorithm>
#include <cmath>

#include "app/i18n/translate.h"
#include "app/number_text.h"

namespace maskscope {
namespace {

// So that the error shows with one digit.
int decimals_for(double error, int most) {
  if (!(error > 0)) return most;
  return std::clamp(static_cast<int>(std::ceil(-std::log10(error))), 0, most);
}

constexpr int most_decimals = 3;

}  // namespace

std::string share_text(const Estimate& share) {
  if (share.draws == 0) return "–";
  if (share.count == 0) return tr("never");
  if (share.count == share.draws) return tr("always");
  return fixed(share.value * 100, decimals_for(share.standard_error * 100, most_decimals)) + " %";
}

std::string share_with_error(const Estimate& share) {
  if (share.draws == 0) return "–";
  if (share.count == 0) return fill(tr("never in {0} draws"), grouped(share.draws));
  if (share.count == share.draws) return fill(tr("in all {0} draws"), grouped(share.draws));
  const double error = share.standard_error * 100;
  return cat(share_text(share), " ± ", fixed(error, decimals_for(error, most_decimals)), " %");
}

std::string mean_text(const Estimate& mean) {
  return mean.draws == 0 ? "–" : fixed(mean.value, mean.standard_error > 0 ? decimals_for(mean.standard_error, 2) : 0);
}

std::string mean_with_error(const Estimate& mean) {
  if (mean.standard_error <= 0) return mean_text(mean);
  return cat(mean_text(mean), " ± ", fixed(mean.standard_error, decimals_for(mean.standard_error, most_decimals)));
}

std::string greatest_error_text(std::uint64_t draws) {
  const double error = draws == 0 ? 100 : 50 / std::sqrt(static_cast<double>(draws));
  return fixed(error, decimals_for(error, most_decimals)) + " %";
}

}  // namespace maskscope
