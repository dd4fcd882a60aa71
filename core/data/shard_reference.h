// Which samples the reference's loader makes of one shard, that is of parallel tars. As multi_tarfile_samples in
// fourm/data/unified_datasets.py: position by position, with zip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/data/tar_index.h"

namespace maskscope {

// The tars of a shard in the order of the notation; all complete where the reference is asked.
struct ParallelTars {
  std::deque<TarIndex> tars;
  std::vector<std::string> names;  // of the brackets, after modality_name_map; empty: no brackets, one tar
  const std::string* name(std::size_t tar) const { return names.empty() ? nullptr : &names[tar]; }
};

struct ReferenceShard {
  enum class Stop : std::uint8_t {
    at_the_end,      // of all tars at once
    at_the_shortest, // zip: no word is said
    keys_differ,     // ValueError: a line is printed, the rest of the shard is skipped
    tar_raises,      // likewise
  };
  std::size_t num_samples = 0;  // made of the first num_samples of each tar
  Stop stop = Stop::at_the_end;
  std::size_t tar = 0;          // the one that ended, differs from the first, or raises
  const char* exception = "";   // handed to the handler; empty: none
};
ReferenceShard reference_shard(const ParallelTars& shard);

struct ReferenceField {
  std::string name;   // "rgb.jpg"
  IndexedFile file;
};
// The fields of sample number < num_samples, in the order of the reference's dictionary: a name that comes again keeps its
// place and takes the later file.
std::vector<ReferenceField> reference_fields(const ParallelTars& shard, const SuffixTable& suffixes, std::size_t number);

// Names of the modalities of these fields in order: without extensions, book-keeping left out.
std::vector<std::string> reference_modalities(const std::vector<ReferenceField>& fields);

}  // namespace maskscope
