// What the reference makes of the names within a tar: webdataset's base_plus_ext and the naming of multi_tarfile_samples in
// fourm/data/unified_datasets.py.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace maskscope {

struct MemberName {
  std::string_view key;     // all before the first dot of the base name
  std::string_view suffix;  // all behind it, in the case it is written in
};

// "a/img.v2.jpg" -> "a/img", "v2.jpg"; "d/.hidden.jpg" -> "d/", "hidden.jpg". nullopt: without a dot, such a member belongs
// to no sample. As the expression ^((?:.*/|)[^.]+)[.]([^/]*)$.
std::optional<MemberName> split_member_name(std::string_view name);

// "__index__" or "__index__/…": not looked at.
bool is_metadata_name(std::string_view name);

// ASCII letters only: Python lower-cases all of Unicode, which extensions don't use.
std::string lower_case(std::string_view text);

// The name a file has in the reference's sample. suffix: in lower case. bracket_name: of its tar, after modality_name_map;
// nullptr: the notation has no brackets. is_one_of_several: the tar holds more than one file of this key.
//   "jpg", "rgb" -> "rgb.jpg"; "depth.png", "rgb" -> "depth.png"; "x.y.jpg", "rgb" -> "rgb.x.y.jpg"
std::string field_name(std::string_view suffix, const std::string* bracket_name, bool is_one_of_several);

// The field without its extension, .gz included: "caption.json.gz" -> "caption". As remove_ext_with_gz.
std::string modality_of_field(std::string_view field);

// class_idx and others that the reference takes out again. As filter_metadata.
bool is_bookkeeping(std::string_view modality);

}  // namespace maskscope
