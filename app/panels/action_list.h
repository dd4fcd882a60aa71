// What actions() is made of; only for actions.cpp.
#pragma once

#include <vector>

#include "app/panels/actions.h"

namespace maskscope {

std::vector<Action> make_actions();

}  // namespace maskscope
