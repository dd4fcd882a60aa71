#!/usr/bin/env bash
# The include rule, tried on small trees: every wrong file must be reported by name, every right one let through.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/{core/data,kernels/stages,kernels/bench,app/panels,app/render,app/commands}
for header in core/view.h core/data/image.h kernels/plan.h kernels/block_group.cuh app/session.h app/panels/panel.h \
  app/render/{texture,picture,theme}.h app/commands/mask.h; do
  echo '#pragma once' > "$tree/$header"
done
# texture.h shows OpenGL openly, picture.h through texture.h; theme.h is free of it.
echo '#include <epoxy/gl.h>' >> "$tree/app/render/texture.h"
echo '#include "app/render/texture.h"' >> "$tree/app/render/picture.h"
tried=0

# expect right|wrong FILE INCLUDE
expect() {
  local verdict=right output
  printf '#pragma once\n  #  include %s\n' "$3" > "$tree/$2"
  output=$("$here/check_includes.sh" "$tree") || verdict=wrong
  if [[ $verdict != "$1" ]] || { [[ $1 == wrong ]] && ! grep -qF "$2:2: $3: " <<< "$output"; }; then
    echo "expected '$1' for $2 including $3; the check said: $output"
    exit 1
  fi
  rm "$tree/$2"
  tried=$((tried + 1))
}

expect right core/new.h '<vector>'
expect right core/new.h '"core/view.h"'
expect wrong core/new.h '<thread>'
expect wrong core/new.h '<nlohmann/json.hpp>'
expect wrong core/new.h '<GL/gl.h>'
expect wrong core/new.cpp '"core/data/image.h"'
expect wrong core/new.cpp '"kernels/plan.h"'
expect wrong core/new.cpp '"view.h"'
expect wrong core/new.cpp '<core/view.h>'
expect wrong core/new.h '<cuda_runtime.h>'
expect right core/data/new.cpp '<nlohmann/json.hpp>'
expect right core/data/new.cpp '"core/view.h"'
expect wrong core/data/new.cpp '<imgui.h>'
expect wrong core/data/new.cpp '"app/session.h"'
expect right kernels/stages/new.h '"core/view.h"'
expect right kernels/new.cpp '<thread>'
expect right kernels/new.cu '<cuda_runtime.h>'
expect right kernels/new.cuh '<cub/block/block_scan.cuh>'
expect right kernels/new.cu '"kernels/block_group.cuh"'
expect right kernels/new.cpp '<immintrin.h>'
expect right kernels/bench/new.cpp '<benchmark/benchmark.h>'
expect right kernels/bench/new.cpp '"kernels/plan.h"'
expect wrong kernels/bench/new.cpp '<nlohmann/json.hpp>'
expect wrong kernels/bench/new.cpp '"app/session.h"'
expect wrong kernels/new.cpp '<benchmark/benchmark.h>'
expect wrong app/new.cpp '<benchmark/benchmark.h>'
expect wrong kernels/new.cpp '<cuda_runtime.h>'
expect wrong kernels/new.cpp '"kernels/block_group.cuh"'
expect wrong kernels/new.cu '<GL/gl.h>'
expect wrong kernels/new.h '"core/data/image.h"'
expect wrong kernels/new.cu '"app/session.h"'
expect right app/panels/new.cpp '<imgui.h>'
expect right app/panels/new.cpp '"app/session.h"'
expect wrong app/panels/new.cpp '<epoxy/gl.h>'
expect wrong app/panels/new.cpp '<GLFW/glfw3.h>'
expect wrong app/panels/new.cpp '<imgui_impl_opengl3.h>'
expect right app/panels/new.cpp '"app/render/theme.h"'
expect wrong app/panels/new.cpp '"app/render/texture.h"'
expect wrong app/panels/new.cpp '"app/render/picture.h"'
expect wrong app/panels/new.cpp '"kernels/plan.h"'
expect wrong app/panels/new.cpp '<cuda_runtime.h>'
expect right app/render/new.cpp '<epoxy/gl.h>'
expect wrong app/render/new.cu '<cuda_gl_interop.h>'
expect wrong kernels/new.cu '<cuda_gl_interop.h>'
expect right kernels/cuda_map_sharing.cu '<cuda_gl_interop.h>'
expect wrong kernels/cuda_map_sharing.cu '<GL/gl.h>'
expect right app/render/new.cpp '<cairo-pdf.h>'
expect wrong app/panels/new.cpp '<cairo.h>'
expect wrong app/commands/new.cpp '<cairo-svg.h>'
expect wrong core/data/new.cpp '<cairo.h>'
expect right core/data/new.cpp '<gif_lib.h>'
expect wrong app/render/new.cpp '"app/panels/panel.h"'
expect wrong app/render/new.cpp '"app/session.h"'
expect wrong app/new.cpp '<cuda_gl_interop.h>'
expect right app/new.cpp '"app/panels/panel.h"'

empty=$(mktemp -d -p "$tree")
mkdir -p "$empty"/{core,kernels,app}
! "$here/check_includes.sh" "$empty" > /dev/null || { echo "a tree without sources was let through"; exit 1; }
echo "$tried includes judged as expected"
