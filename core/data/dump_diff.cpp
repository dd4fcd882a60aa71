// Where two dumps differ: diff_dumps of core/data/batch_dump.h.
#include <algorithm>

#include "core/data/batch_dump.h"
#include "core/error.h"

namespace maskscope {
namespace {

class Differ {
 public:
  Differ(const BatchDump& a, const BatchDump& b) : a_(a), b_(b) {}

  std::vector<DumpDifference> diff() {
    if (a_.batch_size != b_.batch_size || a_.has_batch_dimension != b_.has_batch_dimension) {
      add("", "", cat(batch_text(a_), " in A, ", batch_text(b_), " in B."));
      return std::move(differences_);
    }
    auto a = a_.modalities.begin();
    auto b = b_.modalities.begin();
    while (a != a_.modalities.end() || b != b_.modalities.end()) {
      if (b == b_.modalities.end() || (a != a_.modalities.end() && a->name < b->name)) add((a++)->name, "", "only in A.");
      else if (a == a_.modalities.end() || b->name < a->name) add((b++)->name, "", "only in B.");
      else diff_modality(*a++, *b++);
    }
    return std::move(differences_);
  }

 private:
  static std::string batch_text(const BatchDump& dump) {
    return dump.has_batch_dimension ? cat("a batch of ", dump.batch_size) : "one sample without batch dimension";
  }

  void add(std::string modality, std::string field, std::string sentence) {
    differences_.push_back({std::move(modality), std::move(field), std::move(sentence)});
  }

  void diff_modality(const DumpedModality& a, const DumpedModality& b) {
    if (a.kind != b.kind) add(a.name, "type", cat(to_string(a.kind), " in A, ", to_string(b.kind), " in B."));
    if (a.num_slots != b.num_slots) {
      add(a.name, "", cat(a.num_slots, " slots in A, ", b.num_slots, " in B."));
      return;
    }
    diff_tensor(a, b);
    diff_values(a, "input_mask", a.input_mask, b.input_mask);
    diff_values(a, "target_mask", a.target_mask, b.target_mask);
    diff_values(a, "decoder_attention_mask", a.decoder_attention_mask, b.decoder_attention_mask);
  }

  void diff_tensor(const DumpedModality& a, const DumpedModality& b) {
    if (a.ids.empty() != b.ids.empty()) return add(a.name, "tensor", cat(a.tensor_dtype, " in A, ", b.tensor_dtype, " in B."));
    if (!a.ids.empty()) return diff_values(a, "tensor", a.ids, b.ids);
    NpyArray shape_a, shape_b;
    shape_a.shape = a.tensor_shape;
    shape_b.shape = b.tensor_shape;
    if (a.tensor_shape != b.tensor_shape || a.tensor_dtype != b.tensor_dtype) {
      return add(a.name, "tensor", cat(a.tensor_dtype, ' ', shape_a.shape_text(), " a sample in A, ", b.tensor_dtype, ' ', shape_b.shape_text(), " in B."));
    }
    int first = -1, count = 0;
    for (std::size_t i = 0; i < a.tensor_digests.size(); ++i) {
      if (a.tensor_digests[i] != b.tensor_digests[i] && count++ == 0) first = static_cast<int>(i);
    }
    if (count > 0) add(a.name, "tensor", cat("sample ", first, ": other values in A than in B; ", count, " of ", a.tensor_digests.size(), count == 1 ? " samples differs." : " samples differ."));
  }

  template <class T>
  void diff_values(const DumpedModality& modality, const char* field, const std::vector<T>& a, const std::vector<T>& b) {
    const auto [first_a, first_b] = std::mismatch(a.begin(), a.end(), b.begin());
    if (first_a == a.end()) return;
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i];
    const auto at = first_a - a.begin();
    add(modality.name, field, cat("sample ", at / modality.num_slots, ", slot ", at % modality.num_slots, ": ", +*first_a, " in A, ", +*first_b, " in B; ",
                                  count, " of ", a.size(), count == 1 ? " values differs." : " values differ."));
  }

  const BatchDump& a_;
  const BatchDump& b_;
  std::vector<DumpDifference> differences_;
};

}  // namespace

std::vector<DumpDifference> diff_dumps(const BatchDump& a, const BatchDump& b) { return Differ(a, b).diff(); }

}  // namespace maskscope
