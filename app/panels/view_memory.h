// What of the view goes into a session file, and back.
#pragma once

#include "app/panels/panel_context.h"
#include "app/session_view.h"

namespace maskscope {

SessionView to_session_view(const ViewState& view);

// As a session file says; what the frame does not have is not pinned. What is no part of a session stays as it is.
void show_session_view(const SessionView& saved, const MaskedFrame& frame, ViewState& view);

}  // namespace maskscope
