// The parts of the Distribution view: frequency maps, budgets, the use of the slots, modalities that go together.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/engine.h"
#include "app/panels/frequency_picture.h"
#include "app/panels/panel_context.h"
#include "core/frequency_map.h"

namespace maskscope {

// The result that is shown.
struct ShownDistribution {
  const DrawingResult& result;
  bool is_current = true;  // false: of settings that are no longer the window's

  const Scheme& scheme() const { return result.request->scheme; }
  const Modality& modality(int m) const { return scheme().modalities[static_cast<std::size_t>(m)].modality; }
  const Tally& tally() const { return result.tally; }
  // Of token or cell `token` of modality m.
  Estimate frequency(MapFate fate, int m, int token) const;
  double greatest_frequency(MapFate fate) const;
  // As a picture, where a modality's tokens have places; the colour is full at greatest_frequency.
  FrequencyMap map(const Theme& theme, MapFate fate, int m) const;
};

ImU32 map_colour(const Theme& theme, MapFate fate);
ImU32 side_colour(const Theme& theme, TallySide side);
const char* side_name(TallySide side);
// In small capitals, at the height of the maps' switch.
void draw_part_caption(PanelContext& context, const char* caption, ImVec2 corner);

// "tok_depth@224 (6, 9): encoder 12.3 % ± 0.1 %, decoder 4.1 % ± 0.1 %, discarded 83.6 % ± 0.1 %"
std::string token_sentence(PanelContext& context, const ShownDistribution& shown, int modality, int token);

// One small map per modality: grids as pictures, which follow as draws come in, texts as a row of bars.
class FrequencyMaps {
 public:
  static constexpr float least_map_side = 52;  // px at scale 1
  // Returns the height taken. width: of the part. map_side: px of a grid's map.
  float draw(PanelContext& context, const ShownDistribution& shown, MapFate& fate, ImVec2 corner, float width, float map_side);

 private:
  struct Map {
    FrequencyPicture picture;
    bool is_used = false;
  };
  void draw_grid(PanelContext& context, const ShownDistribution& shown, MapFate fate, int modality, ImVec2 corner, float side);
  void draw_bars(PanelContext& context, const ShownDistribution& shown, MapFate fate, int modality, double scale, ImVec2 corner, float width);
  PictureHandle map_of(PanelContext& context, const ShownDistribution& shown, MapFate fate, int modality);

  std::map<std::string, Map> maps_;  // by modality
  // What the maps were made of.
  std::uint64_t made_draws_ = 0, made_number_ = 0;
  MapFate made_fate_ = MapFate::encoder;
  ThemeKind made_theme_ = ThemeKind::dark;
  bool must_make_ = true;
};

// The others return the height they take, too. What a pointer stands on, they tell in a tooltip.
float draw_budget_histograms(PanelContext& context, const ShownDistribution& shown, ImVec2 corner, float width);
float draw_slot_use(PanelContext& context, const ShownDistribution& shown, ImVec2 corner, float width);
float draw_pairs(PanelContext& context, const ShownDistribution& shown, ImVec2 corner, float width);

// px at scale 1. Widths: the least that is readable.
constexpr float part_caption_height = 30;
float least_budget_width(int num_modalities);
float pairs_width(int num_modalities);
constexpr float slot_use_width = 248;

}  // namespace maskscope
