#include "app/panels/token_cards.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/panels/image_card.h"
#include "app/panels/text_card.h"
#include "app/panels/widgets.h"

namespace maskscope {
namespace {

struct Arrangement {
  int columns = 1;         // of image cards
  float image_width = 0;   // px
  float image_height = 0;
  bool texts_at_right = true;
  float text_width = 0;
  float text_height = 0;   // of each text card
};

float gap_px(const PanelContext& context) { return context.px(8); }

// Equal image cards as large as they fit beside (or above) the texts.
Arrangement arrange(const PanelContext& context, int images, int texts, ImVec2 size) {
  const float gap = gap_px(context), extra_height = context.px(card_header_height + card_inset), extra_width = context.px(2 * card_inset);
  Arrangement best;
  float best_side = -1;
  const auto try_grid = [&](float width, float height, bool at_right, float text_width, float text_height) {
    for (int columns = 1; columns <= std::max(images, 1); ++columns) {
      const int rows = (images + columns - 1) / columns;
      const float card_width = (width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
      const float card_height = (height - gap * static_cast<float>(rows - 1)) / static_cast<float>(std::max(rows, 1));
      const float side = std::min(card_width - extra_width, card_height - extra_height);
      if (side > best_side) {
        best_side = side;
        best = {columns, card_width, side + extra_height, at_right, text_width, text_height};
      }
    }
  };
  if (images == 0) {
    const float each = (size.y - gap * static_cast<float>(texts - 1)) / static_cast<float>(std::max(texts, 1));
    return {1, 0, 0, true, size.x, each};
  }
  if (texts == 0) {
    try_grid(size.x, size.y, true, 0, 0);
    return best;
  }
  const float text_width = std::clamp(size.x * 0.37f, context.px(230), context.px(520));
  const float right_height = (size.y - gap * static_cast<float>(texts - 1)) / static_cast<float>(texts);
  try_grid(size.x - text_width - gap, size.y, true, text_width, right_height);
  const float below = std::min(std::max(context.px(150), size.y * 0.26f), size.y * 0.5f);
  const float below_width = (size.x - gap * static_cast<float>(texts - 1)) / static_cast<float>(texts);
  const float side_at_right = best_side;
  Arrangement at_right = best;
  best_side = -1;
  try_grid(size.x, size.y - below - gap, false, below_width, below);
  // Texts read better in a column of their own: below only when the pictures gain clearly.
  return best_side > side_at_right * 1.08f ? best : at_right;
}

// Heights that were wished for become heights that fill a column: where they don't fit, the highest are cut down to the same
// height, so that short cards stay whole; what is left over is shared out in proportion.
void share_out(std::vector<float>& heights, float column) {
  float total = 0;
  for (const float height : heights) total += height;
  if (total <= column) {
    for (float& height : heights) height *= column / std::max(total, 1.0f);
    return;
  }
  std::vector<float> ascending = heights;
  std::sort(ascending.begin(), ascending.end());
  float room = column, limit = 0;
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    limit = room / static_cast<float>(ascending.size() - i);
    if (ascending[i] > limit) break;
    room -= ascending[i];
  }
  for (float& height : heights) height = std::min(height, limit);
}

// Cards smaller than this say nothing: then all of them flow, and the place scrolls.
constexpr float least_image_side = 112, least_text_height = 84, least_text_column = 210;  // px at scale 1

bool is_crowded(const PanelContext& context, const Arrangement& plan, std::size_t images, std::size_t texts) {
  if (images > 0 && plan.image_height < context.px(least_image_side + card_header_height)) return true;
  return texts > 0 && plan.text_height < context.px(least_text_height);
}

// Position and size of a card.
struct Place {
  int modality = 0;
  ImVec2 position, size;
};

// Pictures in rows over the whole width, then the texts in columns, each as high as it wants to be within limits: a new one
// goes to the column that ends first.
std::vector<Place> flow(PanelContext& context, const std::vector<int>& images, const std::vector<int>& texts, ImVec2 corner, float width) {
  std::vector<Place> places;
  const float gap = gap_px(context);
  const auto columns_of = [&](float least) { return std::max(static_cast<int>((width + gap) / (context.px(least) + gap)), 1); };
  const auto width_of = [&](int columns) { return (width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns); };
  float top = corner.y;
  if (!images.empty()) {
    // As few columns as needed: the last row is filled as well as it can be.
    const auto count = static_cast<int>(images.size());
    const int rows = (count + columns_of(least_image_side + 2 * card_inset) - 1) / columns_of(least_image_side + 2 * card_inset);
    const int columns = (count + rows - 1) / rows;
    const float card = width_of(columns), height = card - context.px(2 * card_inset) + context.px(card_header_height + card_inset);
    for (int i = 0; i < count; ++i) {
      const ImVec2 at{std::floor(corner.x + (card + gap) * static_cast<float>(i % columns)), std::floor(top + (height + gap) * static_cast<float>(i / columns))};
      places.push_back({images[static_cast<std::size_t>(i)], at, {card, height}});
    }
    top += (height + gap) * static_cast<float>(rows);
  }
  if (texts.empty()) return places;
  const int columns = std::clamp(columns_of(least_text_column), 1, static_cast<int>(texts.size()));
  const float card = width_of(columns);
  std::vector<float> ends(static_cast<std::size_t>(columns), top);
  for (const int m : texts) {
    const auto column = std::min_element(ends.begin(), ends.end());
    const float height = std::floor(std::clamp(wanted_text_card_height(context, m, card), context.px(least_text_height), context.px(220)));
    const ImVec2 at{std::floor(corner.x + (card + gap) * static_cast<float>(column - ends.begin())), std::floor(*column)};
    places.push_back({m, at, {card, height}});
    *column += height + gap;
  }
  return places;
}

}  // namespace

void draw_token_cards(PanelContext& context, ImVec2 position, ImVec2 size) {
  const Scheme& scheme = context.frame().scheme;
  std::vector<int> images, texts;
  for (int m = 0; m < scheme.num_modalities(); ++m) {
    (scheme.modalities[static_cast<std::size_t>(m)].modality.kind == ModalityKind::img ? images : texts).push_back(m);
  }
  // Pixels first: the picture everything else is about.
  std::stable_partition(images.begin(), images.end(), [&](int m) {
    return scheme.modalities[static_cast<std::size_t>(m)].modality.name.rfind("rgb@", 0) == 0;
  });
  const auto rgb_tokens = std::find_if(images.begin(), images.end(), [&](int m) {
    return scheme.modalities[static_cast<std::size_t>(m)].modality.name.rfind("tok_rgb", 0) == 0;
  });
  if (rgb_tokens != images.end() && rgb_tokens - images.begin() > 1) std::rotate(images.begin() + 1, rgb_tokens, rgb_tokens + 1);

  const float gap = gap_px(context);
  ImGui::SetCursorScreenPos(position);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::BeginChild("tokens", {std::max(size.x, 1.0f), std::max(size.y, 1.0f)}, false);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  // Too small a space scrolls rather than shrinking the cards to nothing.
  ImVec2 room{size.x, std::max(size.y, context.px(260))};
  const Arrangement plan = arrange(context, static_cast<int>(images.size()), static_cast<int>(texts.size()), room);
  float bottom = corner.y;
  if (is_crowded(context, plan, images.size(), texts.size())) {
    const float scroll_bar = ImGui::GetStyle().ScrollbarSize;
    for (const Place& place : flow(context, images, texts, corner, std::max(size.x - scroll_bar, context.px(least_image_side)))) {
      const bool is_image = scheme.modalities[static_cast<std::size_t>(place.modality)].modality.kind == ModalityKind::img;
      (is_image ? draw_image_card : draw_text_card)(context, place.modality, place.position, place.size);
      bottom = std::max(bottom, place.position.y + place.size.y);
    }
    images.clear();
    texts.clear();
  }
  for (std::size_t i = 0; i < images.size(); ++i) {
    const int row = static_cast<int>(i) / plan.columns, column = static_cast<int>(i) % plan.columns;
    const ImVec2 at{std::floor(corner.x + (plan.image_width + gap) * static_cast<float>(column)),
                    std::floor(corner.y + (plan.image_height + gap) * static_cast<float>(row))};
    draw_image_card(context, images[i], at, {plan.image_width, plan.image_height});
    bottom = std::max(bottom, at.y + plan.image_height);
  }
  if (!texts.empty()) {
    const bool is_column = plan.texts_at_right;
    const float left = is_column && !images.empty() ? corner.x + (plan.image_width + gap) * static_cast<float>(plan.columns) : corner.x;
    const float top = is_column ? corner.y : bottom + gap;
    std::vector<float> heights(texts.size(), plan.text_height);
    if (is_column) {
      std::transform(texts.begin(), texts.end(), heights.begin(), [&](int m) { return wanted_text_card_height(context, m, plan.text_width); });
      // As high as the pictures, or higher where the texts want it and there is room.
      const float gaps = gap * static_cast<float>(texts.size() - 1), wanted = std::accumulate(heights.begin(), heights.end(), gaps);
      const float column_height = std::max({images.empty() ? room.y : bottom - corner.y, std::min(wanted, room.y), context.px(120)});
      share_out(heights, column_height - gaps);
    }
    float x = left, y = top;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const float height = std::max(heights[i], context.px(60));
      draw_text_card(context, texts[i], {std::floor(x), std::floor(y)}, {plan.text_width, std::floor(height)});
      bottom = std::max(bottom, y + height);
      if (is_column) y += height + gap;
      else x += plan.text_width + gap;
    }
  }
  // Only content that is really higher than its place may bring a scroll bar.
  if (bottom > corner.y + size.y + 1.0f) {
    ImGui::SetCursorScreenPos({corner.x, bottom});
    ImGui::Dummy({1, 1});
  }
  ImGui::EndChild();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
}

}  // namespace maskscope
