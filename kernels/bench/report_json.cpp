#include <charconv>
#include <cmath>

#include "core/error.h"
#include "kernels/bench/report.h"

namespace maskscope {
namespace {

std::string text(std::string_view value) {
  std::string json = "\"";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (byte < 0x20) {
      json += "\\u00";
      json += "0123456789abcdef"[byte >> 4];
      json += "0123456789abcdef"[byte & 15];
    } else {
      json += c;
    }
  }
  return json + '"';
}

std::string number(double value) {
  if (!std::isfinite(value)) return "null";
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, 6).ptr;
  return {digits, end};
}
std::string number(const std::optional<double>& value) { return value ? number(*value) : "null"; }

struct Field {
  std::string name, json;
};

std::string object(const std::vector<Field>& fields) {
  std::string json = "{";
  for (const Field& field : fields) json += cat(json.size() > 1 ? ", " : "", text(field.name), ": ", field.json);
  return json + "}";
}

template <class T, class ToJson>
std::string array(const std::vector<T>& values, ToJson to_json, const char* separator = ", ") {
  std::string json = "[";
  for (const T& value : values) json += cat(json.size() > 1 ? separator : "", to_json(value));
  return json + "]";
}

std::string layout_json(const LayoutFigures& figures) {
  const auto checksum = [](const ChecksumFigure& f) {
    return object({{"backend", text(f.backend)}, {"checksum", text(f.checksum)}, {"is_equal", f.is_equal ? "true" : "false"}});
  };
  const auto stage = [](const StageFigure& f) {
    return object({{"stage", text(f.stage)}, {"us_per_sample", number(f.us_per_sample)}, {"samples_per_s", number(1e6 / f.us_per_sample)}});
  };
  const auto bytes = static_cast<double>(figures.bytes_written_per_sample);
  const auto batch = [bytes](const BatchFigure& f) {
    return object({{"backend", text(f.backend)},
                   {"batch_size", cat(f.batch_size)},
                   {"us_per_sample", number(f.us_per_sample)},
                   {"samples_per_s", number(1e6 / f.us_per_sample)},
                   {"written_gb_per_s", number(bytes / f.us_per_sample * 1e-3)}});
  };
  const auto gather = [](const GatherFigure& f) {
    return object({{"stage", text(f.stage)}, {"us_per_sample", number(f.us_per_sample)}, {"written_gb_per_s", number(f.bytes_per_second * 1e-9)}});
  };
  const auto device = [](const DeviceFigure& f) {
    return object({{"stage", text(f.stage)},
                   {"batch_size", cat(f.batch_size)},
                   {"us_per_sample", number(f.us_per_sample)},
                   {"samples_per_s", number(1e6 / f.us_per_sample)},
                   {"gb_per_s", number(f.bytes_per_second * 1e-9)}});
  };
  std::vector<Field> fields = {{"name", text(figures.name)},
                               {"title", text(figures.title)},
                               {"num_modalities", cat(figures.num_modalities)},
                               {"num_slots", cat(figures.num_slots)},
                               {"bytes_written_per_sample", cat(figures.bytes_written_per_sample)},
                               {"expected_checksum", text(figures.expected_checksum)},
                               {"checksums", array(figures.checksums, checksum)},
                               {"ratio_to_sort", number(figures.ratio_to_sort)},
                               {"median_ratio_to_sort", number(figures.median_ratio_to_sort)},
                               {"ratio_goal", number(figures.ratio_goal)},
                               {"ratio_limit", number(2 * figures.ratio_goal)}};
  fields.push_back({"stages_cpu1", array(figures.stages, stage, ",\n    ")});
  fields.push_back({"batches", array(figures.batches, batch, ",\n    ")});
  fields.push_back({"gather_cpu1", array(figures.gather, gather, ",\n    ")});
  fields.push_back({"device", array(figures.device, device, ",\n    ")});
  fields.push_back({"not_run", array(figures.not_run, text)});
  return object(fields);
}

}  // namespace

std::string to_json(const BenchReport& report) {
  const auto gigabytes = [](const std::optional<double>& bytes) { return bytes ? number(*bytes * 1e-9) : "null"; };
  const std::string machine = object({{"cpu", text(report.cpu)},
                                      {"hardware_threads", cat(report.hardware_threads)},
                                      {"cuda", text(report.cuda)},
                                      {"backends", array(report.backends, [](const BackendFigure& f) {
                                         return object({{"name", text(f.name)}, {"description", text(f.description)}});
                                       })}});
  const std::string yardsticks = object({{"sort_196_u64_us", number(report.sort_us)},
                                         {"copy_gb_per_s", gigabytes(report.copy_bytes_per_second)},
                                         {"device_copy_gb_per_s", gigabytes(report.device_copy_bytes_per_second)}});
  const std::string memory = report.memory ? object({{"draws", cat(report.memory->draws)},
                                                     {"resident_bytes_before", cat(report.memory->bytes_before)},
                                                     {"resident_bytes_after", cat(report.memory->bytes_after)}})
                                           : "null";
  return cat("{\"maskscope\": ", text(report.version), ",\n \"machine\": ", machine, ",\n \"yardsticks\": ", yardsticks,
             ",\n \"memory\": ", memory, ",\n \"layouts\": ", array(report.layouts, layout_json, ",\n  "), "}\n");
}

}  // namespace maskscope
