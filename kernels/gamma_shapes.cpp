#include "kernels/gamma_shapes.h"

#include <cmath>

#include "kernels/plan.h"

namespace maskscope {
namespace {

void push(std::vector<ShapeVector>& vectors, std::int32_t modality, std::int32_t id, double alpha) {
  if (vectors.empty() || vectors.back().num_used == ShapeVector::lanes) vectors.emplace_back();
  ShapeVector& vector = vectors.back();
  const double d = (alpha < 1.0 ? alpha + 1.0 : alpha) - 1.0 / 3.0;
  for (int lane = vector.num_used; lane < ShapeVector::lanes; ++lane) {
    vector.id[lane] = static_cast<std::uint64_t>(id);
    vector.alpha[lane] = alpha;
    vector.d[lane] = d;
    vector.c[lane] = 1.0 / std::sqrt(9.0 * d);
    vector.modality[lane] = modality;
  }
  ++vector.num_used;
}

}  // namespace

GammaShapes make_gamma_shapes(View<const ModalityPlan> modalities, View<const double> alphas) {
  GammaShapes shapes;
  for (std::int32_t m = 0; m < static_cast<std::int32_t>(modalities.size); ++m) {
    const double alpha = alphas[m];
    auto& vectors = alpha <= 1e-9 || alpha == 1.0 ? shapes.of_one_block : alpha < 1.0 ? shapes.below_one : shapes.above_one;
    push(vectors, m, modalities[m].id, alpha);
  }
  return shapes;
}

}  // namespace maskscope
