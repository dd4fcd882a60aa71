#include "tests/app/dataset_frame.h"

#include <algorithm>

#include "core/data/demo_scene.h"
#include "core/data/id_picture.h"
#include "core/error.h"

namespace maskscope::test {
namespace {

constexpr const char* seq_token_name = "poses_tok";

SchemeModality seq_token_entry() {
  SchemeModality entry;
  entry.modality = {.name = seq_token_name, .short_name = "pTOK", .kind = ModalityKind::seq_token, .id = modality_id(seq_token_name), .max_tokens = 24,
                    .vocab_size = 1024 + 204, .vocab_offset = 204};
  return entry;
}

std::string text_of(const std::string& modality) {
  if (modality == "caption") return "a red cube beside a yellow sphere, a green ring and a violet cone";
  if (modality == "det") return "xmin=101 ymin=352 xmax=529 ymax=696 cube xmin=865 ymin=138 xmax=950 ymax=430 ring";
  if (modality == "color_palette") return "color=5 v0=201 v0=44 v0=18 v0=90 v0=77 v0=250 v0=3";
  return "xmin=12 ymin=40 xmax=77 ymax=99 a=1 b=2";
}

std::vector<std::int32_t> some_ids(int count, int below, int start) {
  std::vector<std::int32_t> ids;
  for (int i = 0; i < count; ++i) ids.push_back((start + i * i * 7 + i * 131) % std::max(below, 1));
  return ids;
}

// A text in pieces of their own: metadata as the loader gives it.
void add_chunks(const TextTokenizer& tokenizer, ModalityContent& content, ModalityTokens& tokens) {
  std::string text;
  TokenizedText all;
  for (const char* chunk : {"v1=4 v0=101", "v1=0 v0=222 v0=13", "v1=7", "v1=21 v0=5 v0=5 v0=9"}) {
    const std::string piece = chunk;
    const TokenizedText part = tokenizer.encode(piece);
    const auto begin = static_cast<std::uint32_t>(text.empty() ? 0 : text.size() + 1);
    text += (text.empty() ? "" : " ") + piece;
    all.ids.insert(all.ids.end(), part.ids.begin(), part.ids.end());
    all.pieces.insert(all.pieces.end(), part.pieces.begin(), part.pieces.end());
    for (const ByteRange& range : part.ranges) all.ranges.push_back({range.begin + begin, range.end + begin});
    tokens.chunk_lengths.push_back(static_cast<std::int32_t>(part.ids.size()));
  }
  tokens.ids = all.ids;
  content.text = std::make_shared<const std::string>(text);
  content.tokens = std::make_shared<const TokenizedText>(std::move(all));
}

}  // namespace

MaskedFrame dataset_frame(const DatasetFrameOptions& options) {
  MaskedFrame frame;
  frame.scheme = preset_scheme(options.preset);
  if (options.has_seq_token) {
    SchemeModality entry = seq_token_entry();
    const auto components = static_cast<std::size_t>(std::max(frame.scheme.num_components(), 1));
    entry.input_alphas.assign(components, 0.5);
    entry.target_alphas.assign(components, 0.5);
    entry.keep.assign(components, KeepScheme::random);
    frame.scheme.modalities.push_back(entry);
    std::sort(frame.scheme.modalities.begin(), frame.scheme.modalities.end(),
              [](const SchemeModality& a, const SchemeModality& b) { return a.modality.name < b.modality.name; });
  }
  auto inputs = std::make_shared<Inputs>();
  inputs->spec.picture = PictureSource::dataset;
  inputs->title = "000000012";
  inputs->tokenizer = load_tokenizer({});
  inputs->problems = options.problems;
  frame.vocabulary = inputs->tokenizer->vocabulary();
  frame.sample.key = inputs->title;
  frame.seed = options.seed;
  const auto rgb = std::make_shared<const Picture>(make_demo_scene(0, 224).rgb);
  for (const SchemeModality& entry : frame.scheme.modalities) {
    const Modality& info = entry.modality;
    ModalityTokens tokens;
    ModalityContent content;
    content.modality = info.name;
    if (std::find(options.missing.begin(), options.missing.end(), info.name) != options.missing.end()) {
      frame.sample.modalities.push_back(tokens);
      continue;
    }
    tokens.is_present = true;
    switch (info.kind) {
      case ModalityKind::img:
        if (info.vocab_size == 0) {
          content.picture = rgb;
          break;
        }
        content.ids = tokens.ids = some_ids(info.max_tokens, info.vocab_size, 4711);
        content.picture = std::make_shared<const Picture>(picture_of_ids(tokens.ids, info.grid_side(), 224));
        if (!info.has_learned_positions) content.overlay = std::make_shared<const Picture>(overlay_of_ids(tokens.ids, info.grid_side(), *rgb));
        break;
      case ModalityKind::seq:
        if (options.is_empty) {
          content.text = std::make_shared<const std::string>();
          content.tokens = std::make_shared<const TokenizedText>();
        } else if (info.name == "metadata") {
          add_chunks(*inputs->tokenizer, content, tokens);
          content.chunk_lengths = tokens.chunk_lengths;
        } else {
          TokenizedText text = inputs->tokenizer->encode(text_of(info.name));
          tokens.ids = text.ids;
          if (info.name == "human_poses") break;
          content.text = std::make_shared<const std::string>(text_of(info.name));
          content.tokens = std::make_shared<const TokenizedText>(std::move(text));
        }
        break;
      case ModalityKind::seq_token:
        if (!options.is_empty) tokens.ids = some_ids(20, 1024, 33);
        break;
      case ModalityKind::seq_emb:
        tokens.num_rows = content.num_rows = options.is_empty ? 0 : 18;
        break;
    }
    frame.sample.modalities.push_back(tokens);
    if (options.has_content) inputs->contents.push_back(std::move(content));
  }
  frame.inputs = inputs;
  const auto backend = make_backend(BackendChoice::cpu, 1);
  const MaskingPlan plan = make_plan(frame.scheme, frame.vocabulary);
  backend->run(plan, pack_samples(plan, {&frame.sample, 1}), {frame.seed, 0, 1}, frame.batch);
  frame.conclude();
  return frame;
}

std::vector<DataProblem> sample_problems() {
  return {{ProblemLevel::note, "/data/train/shard-00000.tar", "000000012", "caption", "There are 2 captions for 3 crops: the last one is taken for crop 2.", ""},
          {ProblemLevel::warning, "", "", "", "The alphas file has no line for tok_clip@224: 0 is taken.", "raises a KeyError when the scheme is read."},
          {ProblemLevel::error, "/data/train/a_rather_long_folder_name/tok_lidar@224/shard-00000-of-00128.tar", "000000013", "tok_lidar@224",
           "The file 000000013.npy ends after 96 of 1304 bytes. Copy the shard again.", "skips the rest of the shard without a word."}};
}

}  // namespace maskscope::test
