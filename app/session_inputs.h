// The inputs of a session file, to and from JSON.
#pragma once

#include "app/inputs.h"
#include "app/session_fields.h"

namespace maskscope::session_json {

Json to_json(const InputSpec& spec);
// Throws Error naming file and field.
InputSpec inputs_from(const Fields& fields);

}  // namespace maskscope::session_json
