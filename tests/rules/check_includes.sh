#!/usr/bin/env bash
# check_includes.sh ROOT: who may include whom (docs/architecture.md). Prints every include that breaks the
# rule as FILE:LINE: reason and exits with 1; prints the number of files looked at and exits with 0.
set -euo pipefail
cd "${1:?usage: check_includes.sh ROOT}"

std='<[a-z_0-9]+>'
threads='<(thread|mutex|shared_mutex|condition_variable|future|barrier|latch|semaphore|stop_token)>'
format_libraries='<((stb/)?stb_image[a-z_0-9]*\.h|nlohmann/.+|utf8proc\.h|libexif/.+|zlib\.h|archive(_entry)?\.h|tiffio\.h|jpeglib\.h|webp/.+|openjpeg.*|yaml-cpp/.+|gif_lib\.h)>'
files='<(fcntl|locale|unistd|sys/(stat|types|mman))\.h>'
cuda='[<"](cuda.*\.h|cuda/.+|cub/.+|thrust/.+|cooperative_groups.*|device_launch_parameters\.h|math_constants\.h|nvrtc\.h|nv/.+|.+\.cuh)[>"]'
benchmark='<benchmark/.+>'
intrinsics='<(cpuid|[a-z]+intrin)\.h>'
cairo='<(cairo/.+|cairo[a-z-]*\.h)>'
windows_and_gl='<(GL/.+|GLES.+|KHR/.+|EGL/.+|epoxy/.+|GLFW/.+|X11/.+|.*imgui_impl.+)>'

includes_of() { sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*([<"][^>"]+[>"]).*/\1/p' "$1"; }

# brings_gl HEADER: sets brought[HEADER] to the first window, OpenGL or CUDA header that HEADER brings along, however
# indirectly, or to nothing.
declare -A brought
brings_gl() {
  [[ -z ${brought[$1]+known} ]] || return 0
  brought[$1]=""
  local include
  while IFS= read -r include; do
    if [[ $include =~ ^($windows_and_gl|$cuda)$ ]]; then
      brought[$1]=$include
    elif [[ $include == \"* && -e ${include:1:-1} ]]; then
      brings_gl "${include:1:-1}"
      brought[$1]=${brought[${include:1:-1}]}
    fi
    [[ -z ${brought[$1]} ]] || break
  done < <(includes_of "$1")
}

# reason FILE INCLUDE: sets $why to why FILE may not include INCLUDE, to nothing where it may.
reason() {
  why=""
  local file=$1 include=$2 path=${2:1:-1}
  if [[ $file != kernels/cuda_map_sharing.cu && $include == '<cuda_gl_interop.h>' ]]; then
    why="brings OpenGL along: for kernels/cuda_map_sharing.cu alone"
    return
  fi
  if [[ $file != *.cu && $file != *.cuh && $include =~ ^$cuda$ ]]; then
    why="CUDA headers belong in .cu and .cuh files only"
    return
  fi
  if [[ $file != app/render/* && $include =~ ^$cairo$ ]]; then
    why="cairo belongs in app/render only"
    return
  fi
  if [[ $file != kernels/bench/* && $include =~ ^$benchmark$ ]]; then
    why="Google Benchmark belongs in kernels/bench only"
    return
  fi
  if [[ $include == \"* && ! -e $path ]]; then
    why="is not a path from the root of the repository (system headers take angle brackets)"
    return
  fi
  if [[ $include == \<* && $path =~ ^(core|kernels|app)/ ]]; then
    why="the project's own headers take quotes"
    return
  fi
  case $file in
    core/data/*)
      [[ $include == \"core/* || $include =~ ^($std|$format_libraries|$files)$ ]] ||
        why="core/data sees std, format libraries and core only"
      ;;
    core/*)
      if [[ $include =~ ^$threads$ ]]; then
        why="core has no threads"
      elif [[ $include == \"core/data/* || ! $include =~ ^(\"core/.*|$std)$ ]]; then
        why="core sees std and core only (format libraries: core/data)"
      fi
      ;;
    kernels/*.cu | kernels/*.cuh)
      [[ $include != \"core/data/* && $include =~ ^(\"(core|kernels)/.*|$std|$cuda)$ ]] ||
        why="CUDA kernels see std, CUDA, core and kernels only"
      ;;
    kernels/bench/*)
      [[ $include != \"core/data/* && $include =~ ^(\"(core|kernels)/.*|$std|$benchmark)$ ]] ||
        why="the bench sees std, Google Benchmark, core and kernels only"
      ;;
    kernels/*)
      [[ $include != \"core/data/* && $include =~ ^(\"(core|kernels)/.*|$std|$intrinsics)$ ]] ||
        why="kernels see std, core and kernels only"
      ;;
    app/panels/*)
      if [[ $include =~ ^$windows_and_gl$ ]]; then
        why="panels never see OpenGL, EGL or the window library"
      elif [[ $include =~ ^\"(kernels|app/commands)/ ]]; then
        why="panels see the session, core and the OpenGL-free part of render"
      elif [[ $include == \"* ]]; then
        brings_gl "$path"
        [[ -z ${brought[$path]} ]] || why="brings ${brought[$path]} along, and panels never see OpenGL, CUDA or the window library"
      fi
      ;;
    app/render/*)
      [[ ! $include =~ ^\"(kernels/|app/panels/|app/commands/|app/session|app/engine) ]] ||
        why="render sees core only: no panels, no session"
      ;;
  esac
}

looked_at=0 broken=0
while IFS= read -r file; do
  looked_at=$((looked_at + 1))
  while IFS=: read -r line text; do
    [[ $text =~ ^[[:space:]]*\#[[:space:]]*include[[:space:]]*([\<\"][^\>\"]+[\>\"]) ]] || continue
    include=${BASH_REMATCH[1]}
    reason "$file" "$include"
    if [[ -n $why ]]; then
      echo "$file:$line: $include: $why"
      broken=$((broken + 1))
    fi
  done < <(grep -nE '^[[:space:]]*#[[:space:]]*include' "$file" || true)
done < <(find core kernels app -type f \( -name '*.h' -o -name '*.cpp' -o -name '*.cu' -o -name '*.cuh' \) | sort)

((looked_at > 0)) || { echo "no source file found under core, kernels and app"; exit 1; }
((broken == 0)) || { echo "$broken includes break the rule"; exit 1; }
echo "$looked_at files obey the include rule"
