#include <cstdio>
#include <map>

#include "core/error.h"
#include "kernels/bench/report.h"

namespace maskscope {
namespace {

std::string fixed(double value, int decimals) {
  char digits[64];
  std::snprintf(digits, sizeof digits, "%.*f", decimals, value);
  return digits;
}

// 12345 -> "12.3 k".
std::string rounded(double value) {
  if (value >= 1e6) return fixed(value * 1e-6, 2) + " M";
  return value >= 1e3 ? fixed(value * 1e-3, 1) + " k" : fixed(value, 0);
}

std::string padded(std::string cell, std::size_t width) {
  if (cell.size() < width) cell.insert(0, width - cell.size(), ' ');
  return cell;
}
std::string line(const std::string& name, const std::string& value) {
  return cat("  ", name, std::string(name.size() < 30 ? 30 - name.size() : 1, ' '), value, '\n');
}

const char* verdict(double ratio, double goal) {
  return ratio <= goal ? "reached" : ratio <= 2 * goal ? "missed, within the limit" : "ABOVE THE LIMIT";
}

// ", 61 % of the copy", nothing where the copy was not measured.
std::string share(double bytes_per_second, const std::optional<double>& copy_bytes_per_second) {
  return copy_bytes_per_second ? cat(", ", fixed(100.0 * bytes_per_second / *copy_bytes_per_second, 0), " % of the copy") : "";
}

std::string layout_table(const LayoutFigures& figures, const BenchReport& report) {
  std::string table = cat(figures.name, ": ", figures.title, "; ", figures.num_modalities, " modalities, ", figures.num_slots,
                          " slots, ", figures.bytes_written_per_sample, " bytes written per sample\n");
  for (const ChecksumFigure& f : figures.checksums) {
    table += line(cat("checksum ", f.backend), f.is_equal ? cat(f.checksum, ", equal to the oracle's")
                                                          : cat(f.checksum, ", DIFFERENT: the oracle's is ", figures.expected_checksum));
  }
  if (figures.ratio_to_sort) {
    table += line("ratio to the sort, one core", cat(fixed(*figures.ratio_to_sort, 2), " (of medians ", fixed(*figures.median_ratio_to_sort, 2),
                                                      "); goal ", fixed(figures.ratio_goal, 1), " ", verdict(*figures.ratio_to_sort, figures.ratio_goal)));
  }
  double sum = 0;
  for (const StageFigure& f : figures.stages) {
    sum += f.us_per_sample;
    table += line(cat("  ", f.stage), cat(padded(fixed(f.us_per_sample, 2), 8), " us  ", padded(rounded(1e6 / f.us_per_sample), 9), " samples/s"));
  }
  if (const auto whole = figures.us_per_sample("cpu1", 256); whole && figures.stages.size() > 1) {
    table += line("  the rest, of batches of 256", cat(padded(fixed(*whole - sum, 2), 8), " us"));
  }
  for (const BatchFigure& f : figures.batches) {
    const double gigabytes = static_cast<double>(figures.bytes_written_per_sample) / f.us_per_sample * 1e-3;
    table += line(cat("all stages, ", f.backend, ", batch ", f.batch_size),
                  cat(padded(fixed(f.us_per_sample, 2), 8), " us  ", padded(rounded(1e6 / f.us_per_sample), 9), " samples/s  ", fixed(gigabytes, 2), " GB/s written"));
  }
  if (const auto one = figures.us_per_sample("cpu1", 4096), all = figures.us_per_sample("cpu", 4096); one && all) {
    table += line("speed-up by all threads", fixed(*one / *all, 2));
  }
  for (const GatherFigure& f : figures.gather) {
    table += line(cat(f.stage, ", one core"), cat(padded(fixed(f.us_per_sample, 2), 8), " us  ", padded(rounded(1e6 / f.us_per_sample), 9), " samples/s  ",
                                                   fixed(f.bytes_per_second * 1e-9, 2), " GB/s written", share(f.bytes_per_second, report.copy_bytes_per_second)));
  }
  for (const DeviceFigure& f : figures.device) {
    table += line(cat("GPU ", f.stage, ", batch ", f.batch_size),
                  cat(padded(fixed(f.us_per_sample, 4), 8), " us  ", padded(rounded(1e6 / f.us_per_sample), 9), " samples/s  ",
                      fixed(f.bytes_per_second * 1e-9, 0), " GB/s", share(f.bytes_per_second, report.device_copy_bytes_per_second)));
  }
  for (const std::string& sentence : figures.not_run) table += cat("  ", sentence, '\n');
  return table;
}

}  // namespace

std::optional<double> LayoutFigures::us_per_sample(const std::string& backend, int batch_size) const {
  for (const BatchFigure& f : batches) {
    if (f.backend == backend && f.batch_size == batch_size) return f.us_per_sample;
  }
  return std::nullopt;
}

bool BenchReport::checksums_are_equal() const {
  std::size_t num_equal = 0, num_compared = 0;
  for (const LayoutFigures& figures : layouts) {
    for (const ChecksumFigure& f : figures.checksums) {
      ++num_compared;
      num_equal += f.is_equal;
    }
  }
  return num_compared > 0 && num_equal == num_compared;
}

std::string to_table(const BenchReport& report) {
  std::string table = cat("maskscope ", report.version, " on ", report.cpu, ", ", report.hardware_threads, " threads\n");
  for (const BackendFigure& f : report.backends) table += line(f.name, f.description);
  table += line("CUDA", report.cuda);
  if (report.sort_us) table += line("sort of 196 u64", cat(fixed(*report.sort_us, 2), " us"));
  if (report.copy_bytes_per_second) table += line("copy, one core", cat(fixed(*report.copy_bytes_per_second * 1e-9, 1), " GB/s, read plus written"));
  if (report.device_copy_bytes_per_second) {
    table += line("copy on the GPU", cat(fixed(*report.device_copy_bytes_per_second * 1e-9, 0), " GB/s, read plus written"));
  }
  if (report.memory) {
    table += line("memory", cat(report.memory->bytes_before >> 10, " KiB, after ", report.memory->draws, " further samples ",
                                report.memory->bytes_after >> 10, " KiB"));
  }
  for (const LayoutFigures& figures : report.layouts) table += layout_table(figures, report);
  return table;
}

}  // namespace maskscope
