#include "app/distribution_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::array sides{TallySide::encoder, TallySide::decoder};

const char* name_of(TallySide side) { return side == TallySide::encoder ? "encoder" : "decoder"; }

// Six significant digits, a point whatever the locale.
std::string number(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 6).ptr;
  return std::string(text.data(), end);
}

class Table {
 public:
  Table() : text_("what\tside\tmodality\tof\tcount\tdraws\tvalue\tstandard_error\n") {}

  void line(std::string_view what, TallySide side, std::string_view modality, std::string_view of, const Estimate& found, bool is_mean = false) {
    text_ += cat(what, '\t', name_of(side), '\t', modality, '\t', of, '\t', is_mean ? std::string() : cat(found.count), '\t', found.draws, '\t',
                 number(found.value), '\t', number(found.standard_error), '\n');
  }
  // Samples per bin, of all draws.
  void bins(std::string_view what, TallySide side, std::string_view modality, const std::vector<std::uint64_t>& samples, int tokens_per_bin, int most,
            std::uint64_t draws) {
    for (std::size_t bin = 0; bin < samples.size() && (bin == 0 || static_cast<int>(bin - 1) * tokens_per_bin < most); ++bin) {
      const double p = draws == 0 ? 0 : static_cast<double>(samples[bin]) / static_cast<double>(draws);
      const double error = draws == 0 ? 0 : std::sqrt(p * (1 - p) / static_cast<double>(draws));
      line(what, side, modality, bin_label(static_cast<int>(bin), tokens_per_bin, most), {p, error, samples[bin], draws});
    }
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

std::string bin_label(int bin, int tokens_per_bin, int most) {
  if (bin == 0) return "0";
  const int first = (bin - 1) * tokens_per_bin + 1, last = std::max(first, std::min(bin * tokens_per_bin, most));
  return first == last ? cat(first) : cat(first, "..", last);
}

std::string distribution_as_text(const Scheme& scheme, const Tally& tally) {
  Table table;
  if (tally.counts().empty()) return table.take();
  const TallyShape& shape = tally.shape();
  for (const TallySide side : sides) {
    table.line("fill", side, "", "mean", tally.mean_fill(side), true);
    table.line("fill", side, "", "empty", tally.probability(side, SideCount::empty));
    table.line("fill", side, "", "full", tally.probability(side, SideCount::full));
    table.line("fill", side, "", "cut", tally.probability(side, SideCount::cut));
    table.bins("fill", side, "", tally.fill_bins(side), shape.tokens_per_fill_bin(side), shape.slots(side), tally.draws());
  }
  const auto name = [&](int m) -> const std::string& { return scheme.modalities[static_cast<std::size_t>(m)].modality.name; };
  for (const TallySide side : sides) {
    for (int m = 0; m < scheme.num_modalities(); ++m) {
      const TallyModality& modality = shape.modalities[static_cast<std::size_t>(m)];
      const std::uint64_t limited = tally.draws() - tally.unlimited_budgets(side, m);
      if (limited > 0) {
        table.line("budget", side, name(m), "mean", tally.mean_budget(side, m), true);
        table.bins("budget", side, name(m), tally.budget_bins(side, m), modality.tokens_per_bin, modality.tokens_per_bin * (num_budget_bins - 1), limited);
      }
      table.line("used", side, name(m), "mean", tally.mean_used(side, m), true);
      for (int token = 0; token < modality.num_positions; ++token) table.line("frequency", side, name(m), cat(token), tally.frequency(side, m, token));
    }
    for (int m = 0; m < tally.num_pair_modalities(); ++m) {
      for (int other = 0; other <= m; ++other) table.line("together", side, name(m), name(other), tally.together(side, m, other));
    }
  }
  return table.take();
}

}  // namespace maskscope
