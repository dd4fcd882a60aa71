// TarIndex: what is said when a tar has been looked through.
#include "core/data/tar_index.h"
#include "core/error.h"

namespace maskscope {

void TarIndex::note_end() {
  const std::string at = cat("at byte ", scanner_->end_offset());
  const std::string skips = "Raises a ReadError, and skips the rest of the shard.";
  switch (scanner_->end()) {
    case TarEnd::none:
    case TarEnd::complete: break;
    case TarEnd::empty_file:
      reference_stops(0, "ReadError", "The tar has no bytes.");
      report(ProblemLevel::error, "The file is empty, a tar was expected. Copy or write it again.", "Raises a ReadError, and skips the shard.");
      break;
    case TarEnd::not_a_tar:
      reference_stops(0, "ReadError", "The file is no tar.");
      report(ProblemLevel::error, "This is no tar: its first header is none. Check the name, or copy it again.", "Raises a ReadError, and skips the shard.");
      break;
    case TarEnd::cut_in_header:
      if (scanner_->end_offset() == 0) reference_stops(0, "ReadError", "The tar ends within its first header.");
      else if (scanner_->ends_behind_extension()) reference_stops_unfinished("ReadError", "The tar ends between a long name and its file.");
      else reference_stops(keys_.size(), "", cat("The tar ends within a header (", at, "), which is taken for its end."));
      report(ProblemLevel::error, cat("The tar ends within a header, ", at, ". What came behind is lost: copy or write it again."),
             *reference_.exception != '\0' ? skips : "Takes it for the end of the tar, without a word.");
      break;
    case TarEnd::broken_header:
      if (scanner_->ends_behind_extension()) reference_stops_unfinished("ReadError", "The header behind a long name is damaged.");
      else reference_stops(keys_.size(), "", cat("A header is damaged (", at, "), which is taken for the end of the tar."));
      report(ProblemLevel::error, cat("The header ", at, " can't be used (", scanner_->message(), "). What comes behind can't be found: write the tar again."),
             *reference_.exception != '\0' ? skips : "Takes it for the end of the tar, without a word.");
      break;
    case TarEnd::cut_in_data:
      reference_stops_unfinished("ReadError", "The tar ends within a file.");
      report(ProblemLevel::error,
             cat("The tar ends within the file whose header is ", at, ", ", scanner_->num_cut_bytes(), " bytes early. Copy or write it again."),
             "Raises a ReadError; the complete sample before this file is lost as well, and the rest of the shard is skipped.");
      break;
    case TarEnd::read_failed:
      reference_stops_unfinished("OSError", "The tar can't be read on.");
      report(ProblemLevel::error, cat("Reading fails ", at, " (", scanner_->message(), "). Check the disk, or copy the tar again."), "Raises an OSError, and skips the rest of the shard.");
      break;
  }
}

void TarIndex::finish() {
  scanner_.reset();
  is_complete_ = true;
  reference_stops(keys_.size(), "", "");
  if (source_ && !source_->problem().empty()) {
    report(ProblemLevel::error, source_->problem() + " What came before is shown.", "Raises a ReadError there, or takes it for the end of the tar.");
  }
  report(damaged_headers_, ProblemLevel::error, "Damaged header blocks (files found behind them are shown)",
         "Takes the first one for the end of the tar (or, behind a long name, raises a ReadError).");
  report(twice_, ProblemLevel::error, "Names that stand twice in a row (the later one is shown)", "Raises a ValueError at the first, and skips the rest of the shard.");
  report(unsafe_names_, ProblemLevel::note, "Names that begin with / or have .. in them (nothing is written to such places; here they are only names)");
  report(links_, ProblemLevel::note, "Links, which are passed over");
  report(devices_, ProblemLevel::warning, "Devices, pipes and the like, which are passed over");
  report(without_suffix_, ProblemLevel::note, "Files of no sample, as their names have no dot behind a key");
  report(refused_names_, ProblemLevel::warning, "Files left out, as names are read up to 1024 bytes, endings up to 200, at most 65536 different ones and 256 of a key",
         "Reads them.");
}

void TarIndex::report(ProblemLevel level, const std::string& sentence, const std::string& reference) {
  problems_.push_back({level, path_, "", "", sentence, reference});
}

void TarIndex::report(const Tally& tally, ProblemLevel level, const std::string& what, const std::string& reference) {
  if (tally.count > 0) report(level, cat(what, ": ", tally.count, ", the first is ", tally.first, "."), reference);
}

}  // namespace maskscope
