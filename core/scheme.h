// A masking scheme: which modalities there are and how many of their tokens go where.
// As the arguments of UnifiedMasking in fourm/data/masking.py.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/modality.h"

namespace maskscope {

enum class KeepScheme : std::uint8_t {
  random,  // keep probability uniform in [0, 1)
  all,     // 1
  binary,  // 0 or 1
};
std::string_view to_string(KeepScheme keep);  // "random", "all", "binary"

enum class BudgetMode : std::uint8_t {
  sampled,  // the reference: budgets drawn from Dirichlet distributions
  direct,   // budgets set by hand, per modality
  transfer, // no sampling: every modality is wholly input or wholly target. As TransferMasking
};

std::string_view to_string(BudgetMode mode);  // "sampled", "direct", "transfer"

// What a modality is in transfer mode. One that the reference is given as both is input.
enum class TransferRole : std::uint8_t { none, input, target };

// Most tokens that a range may ask for, and that all modalities may have together.
constexpr int max_tokens_together = 1 << 20;

// Inclusive, low <= high.
struct TokenRange {
  int low = 0;
  int high = 0;
  bool operator==(const TokenRange&) const = default;
};

struct SchemeModality {
  Modality modality;
  bool is_in_domain = true;   // takes part in the encoder concatenation (if it has an encoder embedding)
  bool is_out_domain = true;  // takes part in the decoder concatenation (if it has a decoder embedding)
  // Sampled mode; one entry per mixture component. Alphas finite and >= 0 (clamped to 1e-9 when drawn).
  std::vector<double> input_alphas;
  std::vector<double> target_alphas;
  std::vector<KeepScheme> keep;  // used by seq only
  // Direct mode: budgets in tokens. img: encoder + decoder <= max_tokens. seq: each <= max_tokens.
  int direct_encoder_tokens = 0;
  int direct_decoder_tokens = 0;
  // Transfer mode; img and seq only, and texts in one piece only.
  TransferRole transfer_role = TransferRole::none;

  bool reaches_encoder() const { return is_in_domain && modality.has_encoder_embedding; }
  bool reaches_decoder() const { return is_out_domain && modality.has_decoder_embedding; }
  bool operator==(const SchemeModality&) const = default;
};

struct Scheme {
  std::string name;
  std::vector<SchemeModality> modalities;  // sorted by name: the order of every vector and concatenation
  BudgetMode mode = BudgetMode::sampled;
  std::vector<double> sampling_weights;  // one per component; empty: components are drawn uniformly
  TokenRange input_tokens{128, 128};
  std::optional<TokenRange> target_tokens = TokenRange{128, 128};  // absent: every non-input token is a target
  int max_tries = 100;      // Dirichlet redraws before a budget that breaks min_tokens is kept
  int encoder_slots = 128;  // N
  int decoder_slots = 128;  // M

  int num_modalities() const { return static_cast<int>(modalities.size()); }
  // Mixture components; 0 when there is no modality.
  int num_components() const;
  // Position of a modality, -1 when absent.
  int find(std::string_view modality_name) const;
  bool operator==(const Scheme&) const = default;
};

// Throws Error naming the modality and the field when the scheme cannot be computed. No allocation
// depends on unchecked sizes after this has passed.
void validate(const Scheme& scheme);

// A scheme of one component with built-in modalities (each of these names is one), sorted by name. Every input alpha is 1, every
// target alpha too where the modality can be predicted at all.
Scheme symmetric_scheme(std::string_view name, const std::vector<std::string_view>& modality_names);

// The scheme the window opens with: the 4M-7 modalities plus edges at 224 / 16, one component, alphas of 1 on both sides
// (0 for the target side of rgb@224), 128 input and 128 target tokens. As cfgs/default/4m of the reference.
Scheme default_scheme();
// Names accepted by preset_scheme, and the preset itself; throws Error listing the names for any other.
std::vector<std::string> preset_names();
Scheme preset_scheme(std::string_view name);

}  // namespace maskscope
