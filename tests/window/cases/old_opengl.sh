# OpenGL 2.1 is too old: a sentence that says so, exit code 2.
start_display 1600x900
export MESA_GL_VERSION_OVERRIDE=2.1
launch
exit_code
((code == 2)) || fail "exit code $code, expected 2"
grep -q 'OpenGL 3\.3' "$work/stderr" || fail "no sentence about OpenGL 3.3"
