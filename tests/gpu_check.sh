#!/usr/bin/env bash
# Checks the core on a machine with a GPU that may lack everything but nvcc, a C++ compiler and CMake:
#   tests/gpu_check.sh --pack    on a Debian or Ubuntu machine with the build packages: collects the libraries that the
#                                core's tests and bench need into build/gpu_carry, to travel along with the tree
#   tests/gpu_check.sh [FOLDER]  on the GPU machine: builds core, kernels, their tests and the bench, runs the tests, the
#                                sanitizers and the bench, and writes logs and report.md to FOLDER (build/gpu_check)
# Exits with 0 when everything passed. Without a GPU that is a failure, unless MASKSCOPE_REQUIRE_CUDA=0 is set.
# Takes less than 8 minutes (MASKSCOPE_GPU_CHECK_SECONDS sets another limit): a step that would take longer is stopped,
# and the report says so.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
carry="$root/build/gpu_carry"
limit_s=${MASKSCOPE_GPU_CHECK_SECONDS-470}

say() { printf '%s\n' "gpu_check: $*"; }
die() { say "$*" >&2; exit 1; }

# Every file that PACKAGE puts below /usr/include, /usr/lib and /usr/share/cmake, without links, at the same place below
# the carry folder.
pack_package() {
  local file
  while IFS= read -r file; do
    [[ -f $file && $file =~ ^/usr/(include|lib|share/cmake)/ ]] || continue
    [[ $file != */libz.so* ]] || continue  # the static one will do
    install -D -m 644 "$file" "$carry/${file#/usr/}"
  done < <(dpkg -L "$1")
}

pack() {
  command -v dpkg > /dev/null || die "packing needs Debian's or Ubuntu's packages; there is no dpkg here."
  rm -rf "$carry"
  mkdir -p "$carry"
  local package runtime
  for package in catch2 nlohmann-json3-dev zlib1g-dev libbenchmark-dev; do
    dpkg -L "$package" > /dev/null 2>&1 || die "the package $package is missing: apt-get install $package"
    pack_package "$package"
  done
  runtime=$(dpkg-query -W -f '${Depends}' libbenchmark-dev | grep -oE 'libbenchmark[0-9][a-z0-9.]*' | head -n 1 || true)
  [[ -z $runtime ]] || pack_package "$runtime"
  uname -m > "$carry/processor"
  say "packed $(du -sm "$carry" | cut -f1) MiB into ${carry#"$root/"} for $(cat "$carry/processor") machines"
}

report() { printf '%s\n' "$@" >> "$out/report.md"; }

failures=0
# step NAME LOG COMMAND…: runs the command within what is left of the time. Sets step_rc; a failure is counted.
step() {
  local name=$1 log=$2 start=$SECONDS
  shift 2
  step_rc=0
  timeout $((limit_s > SECONDS ? limit_s - SECONDS : 1)) "$@" > "$out/$log" 2>&1 < /dev/null || step_rc=$?
  local verdict=passed
  ((step_rc == 0)) || { verdict="FAILED (exit code $step_rc)"; failures=$((failures + 1)); }
  ((step_rc != 124)) || verdict="STOPPED: the 8 minutes were over"
  say "$name: $verdict, $((SECONDS - start)) s"
  report "| $name | $verdict | $((SECONDS - start)) s |"
}

# sanitize TOOL: compute-sanitizer over the masks of all bench layouts. That it does not start is told, not counted.
sanitize() {
  local tool=$1 start=$SECONDS log="$out/$1.log" verdict rc=0 seconds=$((limit_s - SECONDS))
  seconds=$((seconds > 90 ? 90 : seconds < 1 ? 1 : seconds))
  if ! command -v compute-sanitizer > /dev/null; then
    echo "compute-sanitizer is not installed" > "$log"
    verdict="not run: compute-sanitizer is not installed"
  else
    timeout "$seconds" compute-sanitizer --tool "$tool" --error-exitcode 9 \
      "$bench" --checksums > "$log" 2>&1 < /dev/null || rc=$?
    if ((rc == 124)); then
      verdict="not finished in $seconds s"
    elif ! grep -q SUMMARY "$log" || grep -q 'not supported' "$log"; then
      verdict="did not start: $(grep -v '^ *$' "$log" | tail -n 1)"
    elif ((rc == 0)) && grep -qE 'SUMMARY: 0 (errors|hazards)' "$log" && grep -q 'checksum cuda' "$log"; then
      verdict=passed
    else
      verdict="FAILED (exit code $rc): $(grep SUMMARY "$log" | tail -n 1)"
      failures=$((failures + 1))
    fi
  fi
  say "compute-sanitizer $tool: $verdict"
  report "| compute-sanitizer $tool | $verdict | $((SECONDS - start)) s |"
}

describe_machine() {
  local commit
  commit=$(git -C "$root" describe --always --dirty --abbrev=12 2> /dev/null || echo "not known: no git here")
  report "# The core on a GPU, $(date -u +%Y-%m-%d)" ""
  report "| | |"
  report "|---|---|"
  report "| commit | $commit |"
  report "| GPU | ${gpu:-none} |"
  report "| driver | ${driver:-none} |"
  report "| nvcc | $("$nvcc" --version | sed -n 's/.*release \([^,]*\),.*/\1/p') |"
  report "| compiler | $(c++ --version | head -n 1) |"
  report "| processor | $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) threads |"
  report "" "| step | verdict | time |" "|---|---|---|"
}

check() {
  mkdir -p "$out"
  : > "$out/report.md"
  local build="$root/build/gpu" nvcc gpu="" driver="" architecture=90
  bench="$build/kernels/bench/maskscope_core_bench"
  nvcc=$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)
  [[ -x $nvcc ]] || die "there is no nvcc here. Install the CUDA toolkit."
  export MASKSCOPE_REQUIRE_CUDA=${MASKSCOPE_REQUIRE_CUDA-1} PATH="$PATH:${nvcc%/*}"
  if gpu=$(nvidia-smi --query-gpu=name --format=csv,noheader -i 0 2> /dev/null); then
    driver=$(nvidia-smi --query-gpu=driver_version --format=csv,noheader -i 0)
    architecture=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader -i 0 | tr -d .)
  else
    gpu=""
    say "there is no GPU here; the build is for compute capability 9.0"
  fi
  describe_machine

  local found=() generator="Unix Makefiles"
  if [[ -d $carry ]]; then
    [[ $(cat "$carry/processor") == "$(uname -m)" ]] || die "build/gpu_carry was packed on a $(cat "$carry/processor") machine."
    found=(-DCMAKE_PREFIX_PATH="$carry")
  fi
  ! command -v ninja > /dev/null || generator=Ninja
  step configure configure.log cmake -S "$root" -B "$build" -G "$generator" --fresh "${found[@]}" \
    -DMASKSCOPE_CORE_ONLY=ON -DMASKSCOPE_CUDA=ON -DMASKSCOPE_TESTS=ON -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CUDA_COMPILER="$nvcc" -DCMAKE_CUDA_ARCHITECTURES="$architecture"
  ((step_rc == 0)) && step build build.log cmake --build "$build" --parallel "$(nproc)"
  if ((step_rc == 0)); then
    step tests tests.log ctest --test-dir "$build" --output-on-failure --no-tests=error --parallel "$(nproc)" \
      --timeout 180 --exclude-regex '^rules\.'
    step bench bench.txt "$bench" --json-file "$out/bench.json"
    [[ -z $gpu ]] || { sanitize memcheck; sanitize racecheck; }
    report "" "Tests: $(grep -E '^[0-9]+% tests passed' "$out/tests.log" || echo "no summary")." ""
    report '```' "$(cat "$out/bench.txt")" '```'
  fi
  say "report: $out/report.md"
  ((failures == 0)) || die "$failures steps failed${gpu:+ on $gpu}; see the logs beside the report."
}

case ${1-} in
  --pack) pack ;;
  -h | --help) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" ;;
  -*) die "there is no option $1; see tests/gpu_check.sh --help" ;;
  *)
    mkdir -p "${1:-$root/build/gpu_check}"
    out=$(cd "${1:-$root/build/gpu_check}" && pwd -P)
    check
    ;;
esac
