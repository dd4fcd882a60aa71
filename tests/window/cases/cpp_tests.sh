# The C++ tests of app/window, on a display of their own.
start_display 1600x900
"$MASKSCOPE_TOOLS/test_window"
