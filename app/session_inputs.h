// The inputs of a session file, to and from JSON.
#pragma once

#include "app/inputs.h"
#include "app/session_fields.h"

namespace maskscope::session_json {

Json to_json(const InputSpec& spec);
// What is wrong: losses says whether it is refused, by an Error naming file and field, or left out.
InputSpec inputs_from(const Fields& fields, Losses& losses);

}  // namespace maskscope::session_json
