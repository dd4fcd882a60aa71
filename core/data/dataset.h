// A data set of 4M on disk, in its two layouts, sample by sample:
//   folders  root/<modality>/<class>/…/<name>.<ext>
//   shards   root/<modality>/shard-00000.tar, each <key>.<ext>; or one tar with <key>.<modality>.<ext>
// Samples are paired by name. The reference pairs by position; where that gives something else, problems() says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/data_problem.h"

namespace maskscope {

enum class DatasetLayout : std::uint8_t { folders, shards };

struct DatasetOptions {
  // Names as a scheme has them ("rgb@224", "caption", …); empty: every folder that is there. crop_settings is looked for
  // besides, where it is there. The folder of a modality is that of the modality table ("rgb@224" -> "rgb").
  std::vector<std::string> modalities;
  std::map<std::string, std::string> modality_paths;     // modality -> folder, where it is another
  std::map<std::string, std::string> modality_name_map;  // shards: folder -> the name it is loaded as
};

// One file of one sample.
struct FileRef {
  std::string modality;              // as in DatasetOptions; "crop_settings"
  std::string extension;             // lower case, without the first dot: "json.gz"
  std::string path;                  // of the file, or of the tar that holds it
  std::string member;                // in the tar; empty: a file of its own
  std::uint64_t header_offset = 0;   // where the member's first header stands in the (unpacked) tar
  std::uint64_t size = 0;            // bytes

  std::string name() const;          // for messages: "shard-00000.tar: 000000001.json"
};

struct SampleRef {
  std::int64_t number = 0;
  std::string key;                   // shards: up to the first dot of the base name; folders: "<class>/<name>"
  std::vector<FileRef> files;        // one per modality that has one, sorted by modality
  std::vector<std::string> missing;  // modalities that this sample has no file of
  const FileRef* find(std::string_view modality) const;  // nullptr when missing
};

// Not for several threads at once, except read().
class Dataset {
 public:
  virtual ~Dataset() = default;

  // Goes on with the index by about max_entries files or members. False when there is nothing left to do. Samples found so far
  // can be used at once, and their numbers stay. The first of plain tars is there after few entries, however large the data set;
  // of a tar compressed with gzip only once all of it is unpacked (counted as entries, too), and of folders once the first class
  // is listed in every modality.
  virtual bool index_more(std::size_t max_entries) = 0;
  virtual bool is_complete() const = 0;
  virtual double progress() const = 0;              // 0 .. 1, of the bytes or folders to look at
  virtual std::int64_t num_samples() const = 0;     // found so far

  virtual SampleRef sample(std::int64_t number) const = 0;                     // 0 <= number < num_samples()
  // The first with this key among those found so far whose number is `from` or more. Looks at each of them: who asks again while
  // the index grows passes the num_samples() of the time before.
  virtual std::optional<std::int64_t> find(std::string_view key, std::int64_t from = 0) const = 0;
  // What the index knows of this sample's problems is final: in folders once all is listed, in shards once the sample's shard is
  // (but for a modality that nobody asked for and that first turns up in a later shard: it is missing here from then on).
  virtual bool is_settled(std::int64_t number) const = 0;
  // A problem of this sample is known from the index alone (missing file, wrong pair, damaged tar).
  virtual bool has_problem(std::int64_t number) const = 0;
  // Of the sample, problems of its tars included. number -1: of the data set as a whole.
  virtual std::vector<DataProblem> problems(std::int64_t number) const = 0;

  // All bytes of a file, at most max_bytes. Throws Error naming it. May be called by any thread at any time.
  virtual std::vector<std::uint8_t> read(const FileRef& file, std::size_t max_bytes) const = 0;

  virtual DatasetLayout layout() const = 0;
  virtual const std::vector<std::string>& modalities() const = 0;  // found or asked for, sorted; without crop_settings
  virtual std::string title() const = 0;            // for people: the root's last folder, or the notation
};

// path: a root folder (the layout is seen from what is in it), one .tar, or a notation with braces and brackets like
// "root/[caption,rgb]/shard-{00000..00099}.tar". Throws Error when there is no data set there.
std::unique_ptr<Dataset> open_dataset(const std::string& path, const DatasetOptions& options);

// Why no data set can be opened there, as open_dataset says it; empty: one can.
std::string why_no_dataset(const std::string& path);

// Whether text names a data set rather than a single file: a folder, a .tar, or braces or brackets.
bool looks_like_dataset(const std::string& text);

}  // namespace maskscope
