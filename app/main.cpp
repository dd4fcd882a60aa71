#include "app/commands/commands.h"

int main(int argc, char** argv) { return maskscope::commands::run({argv + 1, argv + argc}); }
