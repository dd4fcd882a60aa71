#include "core/data/yaml_builder.h"

#include "core/data/yaml_scalar.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::string_view yaml_tags = "tag:yaml.org,2002:";
constexpr std::size_t max_remarks = 100;

// Equal keys of a Python dict have equal names here. (1, 1.0 and True are one key in Python; nobody writes that.)
std::string key_name(const YamlNode& key) { return cat(static_cast<int>(key.kind), ':', key.text); }

bool is_merge_key(const YamlNode& key) { return !key.is_quoted && key.kind == YamlKind::string && key.text == "<<"; }

}  // namespace

void YamlBuilder::fail(const YamlPlace& place, const std::string& sentence) const {
  throw Error(cat(at_place(source_name_, place), ": ", sentence));
}

void YamlBuilder::begin_document(const YamlPlace& place) {
  if (++num_documents_ > 1) fail(place, "a second document begins here (after \"---\"), one was expected. Keep one in the file.");
}

void YamlBuilder::grow(const YamlPlace& place, Weight weight) {
  weight_.values += weight.values;
  weight_.text_bytes += weight.text_bytes;
  if (weight_.values > max_yaml_values || weight_.text_bytes > max_yaml_text_bytes) {
    fail(place, cat("with its aliases written out the document has ", weight_.values, " values and ", weight_.text_bytes,
                    " bytes of text here; at most ", max_yaml_values, " and ", max_yaml_text_bytes,
                    " are read. Is this a configuration? Take out aliases or entries."));
  }
}

void YamlBuilder::name_anchor(const YamlPlace& place, const std::string& name) {
  if (!anchor_names_.insert(name).second) {
    fail(place, cat("the anchor &", name,
                    " is defined a second time; PyYAML, which 4M reads with, refuses that. Rename one of the two."));
  }
}

void YamlBuilder::add_scalar(const YamlPlace& place, const std::string& tag, std::size_t anchor, const std::string& text) {
  const Weight weight{1, text.size()};
  grow(place, weight);
  auto node = std::make_shared<YamlNode>();
  node->place = place;
  node->text = text;
  node->is_quoted = tag == "!";
  node->kind = YamlKind::string;
  if (tag == "?" || tag.empty()) {
    const std::string problem = resolve_plain_scalar(*node);
    if (!problem.empty()) fail(place, problem);
  } else if (tag != "!" && tag != cat(yaml_tags, "str")) {
    // !!int "5" and its like: what the text is by itself must be what the tag says.
    YamlNode plain;
    plain.text = text;
    const std::string problem = resolve_plain_scalar(plain);
    const bool is_known = (tag == cat(yaml_tags, "int") && plain.kind == YamlKind::integer) ||
                          (tag == cat(yaml_tags, "float") && plain.is_number()) ||
                          (tag == cat(yaml_tags, "bool") && plain.kind == YamlKind::boolean) ||
                          (tag == cat(yaml_tags, "null") && plain.kind == YamlKind::null);
    if (!problem.empty() || !is_known) {
      fail(place, cat("the tag ", tag, " on \"", text.substr(0, 60), "\" is not read. Write the value without a tag."));
    }
    node->kind = tag.ends_with("float") ? YamlKind::real : plain.kind;
    node->number = plain.number;
    node->is_true = plain.is_true;
  }
  if (anchor != 0) anchors_[anchor] = {node, weight};
  add_value(std::move(node));
}

void YamlBuilder::add_alias(const YamlPlace& place, std::size_t anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) fail(place, "this alias has no anchor. Define one before it.");
  if (!found->second.value)
    fail(place, "this alias stands inside the very value it names, which never ends. Write that value out.");
  grow(place, found->second.weight);
  // PyYAML hands on the same object, not a copy.
  add_value(found->second.value);
}

void YamlBuilder::begin(const YamlPlace& place, YamlKind kind, const std::string& tag, std::size_t anchor) {
  if (open_.size() >= static_cast<std::size_t>(max_yaml_depth)) {
    fail(place, cat("lists and maps are nested deeper than ", max_yaml_depth,
                    " here. No configuration of 4M is; is this the right file?"));
  }
  const bool is_known = tag.empty() || tag == "?" || tag == "!" || tag == cat(yaml_tags, kind == YamlKind::list ? "seq" : "map");
  if (!is_known) fail(place, cat("the tag ", tag, " is not read. Write the value without a tag."));
  const Weight start = weight_;
  grow(place, {1, 0});
  auto node = std::make_shared<YamlNode>();
  node->kind = kind;
  node->place = place;
  if (anchor != 0) anchors_[anchor] = {};
  open_.push_back({std::move(node), anchor, start, nullptr});
}

void YamlBuilder::end() {
  Open closed = std::move(open_.back());
  open_.pop_back();
  if (closed.node->kind == YamlKind::map) finish_map(*closed.node);
  if (closed.anchor != 0) {
    anchors_[closed.anchor] = {closed.node, {weight_.values - closed.start.values, weight_.text_bytes - closed.start.text_bytes}};
  }
  add_value(std::move(closed.node));
}

void YamlBuilder::add_value(YamlPtr value) {
  if (open_.empty()) {
    document_.root = std::move(value);
    return;
  }
  Open& parent = open_.back();
  if (parent.node->kind == YamlKind::list) {
    parent.node->items.push_back(std::move(value));
  } else if (parent.pending_key) {
    parent.node->entries.emplace_back(std::move(parent.pending_key), std::move(value));
    parent.pending_key = nullptr;
  } else {
    if (value->kind == YamlKind::list || value->kind == YamlKind::map) {
      fail(value->place, cat(describe(*value), " stands as a key, which Python can't look up. Use a text as key."));
    }
    parent.pending_key = std::move(value);
  }
}

void YamlBuilder::merge(const YamlNode& value, std::vector<std::pair<YamlPtr, YamlPtr>>& merged) const {
  if (value.kind == YamlKind::map) {
    merged.insert(merged.end(), value.entries.begin(), value.entries.end());
    return;
  }
  // Of a list the first map counts most, so it comes last: later entries replace earlier ones.
  if (value.kind == YamlKind::list) {
    for (auto item = value.items.rbegin(); item != value.items.rend(); ++item) {
      if ((*item)->kind != YamlKind::map)
        fail(value.place, cat("\"<<\" merges maps, but its list holds ", describe(**item), "."));
      merged.insert(merged.end(), (*item)->entries.begin(), (*item)->entries.end());
    }
    return;
  }
  fail(value.place, cat("\"<<\" merges a map or a list of maps, but found ", describe(value), "."));
}

// Merges first, then the map's own entries; of equal keys the last value stays, in the first one's position.
void YamlBuilder::finish_map(YamlNode& map) {
  std::vector<std::pair<YamlPtr, YamlPtr>> all, own;
  for (auto& entry : map.entries) {
    if (is_merge_key(*entry.first)) {
      merge(*entry.second, all);
    } else {
      own.push_back(std::move(entry));
    }
  }
  const std::size_t num_merged = all.size();
  all.insert(all.end(), own.begin(), own.end());
  map.entries.clear();
  std::unordered_map<std::string, std::size_t> places, own_keys;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto [found, is_new] = places.emplace(key_name(*all[i].first), map.entries.size());
    if (is_new) {
      map.entries.push_back(all[i]);
    } else {
      map.entries[found->second].second = all[i].second;
    }
    if (i < num_merged) continue;
    const auto [first, is_first] = own_keys.emplace(found->first, i);
    if (!is_first && document_.remarks.size() < max_remarks) {
      document_.remarks.push_back(
          {all[i].first->place,
           cat("The key ", all[i].first->text, " stands here a second time in the same map (first in line ",
               all[first->second].first->place.line, "). Take one of the two out."),
           "The last one counts, without a word."});
    }
  }
}

YamlDocument YamlBuilder::take_document() {
  if (!document_.root) document_.root = std::make_shared<YamlNode>();
  return std::move(document_);
}

}  // namespace maskscope
