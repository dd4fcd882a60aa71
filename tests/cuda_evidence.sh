#!/usr/bin/env bash
# cuda_evidence.sh [NVCC]: what the compiler made of the CUDA kernels, without a GPU. Compiles every kernel for sm_90, prints
# a table in Markdown and how many of their warps a multiprocessor can hold, and exits with 1 when
#   a kernel has a stack frame, spills a register, or needs more registers than its launch bounds leave;
#   a kernel that gathers rows of tables loads or stores them in anything but 16 bytes at a time.
# Prints "SKIPPED:" and exits with 0 where there is no nvcc.
set -euo pipefail
cd "$(dirname "$0")/.."

nvcc=${1:-$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)}
[[ -x $nvcc ]] || { echo "SKIPPED: there is no nvcc to compile the kernels with"; exit 0; }
arch=sm_90
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# What a multiprocessor of compute capability 9.0 holds (CUDA C++ Programming Guide, technical specifications).
readonly sm_warps=64 sm_blocks=32 sm_shared_bytes=$((228 * 1024)) reserved_shared_bytes=1024
readonly quarter_registers=16384  # each of four schedulers has its own; a warp takes them in units of 256

# Shared memory that a launch adds to a block, in bytes: the scratch of its groups for 4M-21 with 256 + 256 tokens, the
# largest layout of the bench. A test of kernels/masking_launch.h keeps these numbers.
readonly budget_scratch=4568 content_mask_scratch=2448 selection_scratch=160
dynamic_shared() {
  case $1 in
    *_by_warps*Budget) echo $((2 * budget_scratch)) ;;
    *_by_warps*ContentMask) echo $((2 * content_mask_scratch)) ;;
    *_by_warps*) echo $((2 * selection_scratch)) ;;
    *Budget) echo $budget_scratch ;;
    *ContentMask) echo $content_mask_scratch ;;
    *Selection) echo $selection_scratch ;;
    *) echo 0 ;;
  esac
}

min() { echo $(($1 < $2 ? $1 : $2)); }

# warps_at_once REGISTERS THREADS SHARED_BYTES: how many warps of a kernel a multiprocessor holds.
warps_at_once() {
  local warps_per_block=$((($2 + 31) / 32)) registers_per_warp=$((($1 * 32 + 255) / 256 * 256))
  local blocks=$((4 * (quarter_registers / registers_per_warp) / warps_per_block))
  blocks=$(min "$blocks" $((sm_warps / warps_per_block)))
  blocks=$(min "$blocks" $((sm_shared_bytes / ($3 + reserved_shared_bytes))))
  blocks=$(min "$blocks" $sm_blocks)
  echo $((blocks * warps_per_block))
}

# The kernel's own name, and the type it is made for, of a mangled one.
short_name() {
  local name
  name=$(sed -E 's/.*[0-9]((mask|name|gather|fill|paint)_[a-z_]+).*/\1/' <<<"$1")
  case $1 in
    *Bfloat16*) name+=" bf16" ;;
    *IfE*) name+=" fp32" ;;
    *Step*) name+=" $(sed -E 's/.*[0-9]([A-Za-z]+)Step.*/\1/' <<<"$1")" ;;
  esac
  echo "$name"
}

failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

# accesses PTX ENTRY: the kernel's accesses to global memory, one a line: ld.global.v4.f32
accesses() {
  awk -v entry="$2" '/\.entry/ { is_wanted = index($0, entry) > 0 } is_wanted && match($0, /(ld|st)\.global[.a-z0-9]*/) {
    print substr($0, RSTART, RLENGTH) }' "$1"
}

"$nvcc" --version | tail -n 2 | head -n 1
echo
echo "| kernel | threads | registers | stack, spilled bytes | instructions | 16-byte loads, stores / all | warps at once |"
echo "|---|---|---|---|---|---|---|"
num_kernels=0
while IFS= read -r source; do
  base=$folder/$(basename "$source" .cu)
  "$nvcc" -I. -O3 -DNDEBUG -arch=$arch -std=c++20 -fmad=false --keep --keep-dir "$folder" -Xptxas -v -cubin \
    -o "$base.cubin" "$source" 2>"$base.log" || { cat "$base.log"; exit 1; }
  while read -r entry stack spilled registers shared; do
    num_kernels=$((num_kernels + 1))
    name=$(short_name "$entry")
    threads=$(awk -v entry="$entry" '/\.entry/ { is_wanted = index($0, entry) > 0 } is_wanted && /\.maxntid/ { print $2 + 0; exit }' "$base.ptx")
    threads=${threads:-256}
    bytes=$(readelf -SW "$base.cubin" 2>/dev/null | sed -nE "s/.* \.text\.$entry +PROGBITS +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) .*/\1/p")
    instructions=$((16#$bytes / 16))
    all=$(accesses "$base.ptx" "$entry" | wc -l)
    wide=$(accesses "$base.ptx" "$entry" | grep -cE '\.v4\.[a-z]?(32)$' || true)
    warps=$(warps_at_once "$registers" "$threads" $((shared + $(dynamic_shared "$name"))))
    echo "| $name | $threads | $registers | $stack, $spilled | $instructions | $wide / $all | $warps |"
    [[ $stack == 0 && $spilled == 0 ]] || fail "$name keeps $stack bytes in a stack frame and spills $spilled"
    if [[ $name == gather_rows* ]]; then
      # The slot's three row numbers are the only ones.
      narrow=$(accesses "$base.ptx" "$entry" | grep -vcE '\.v4\.[a-z]?32$' || true)
      ((narrow == 3 && wide > 0)) || fail "$name has $narrow accesses of less than 16 bytes instead of 3"
    fi
  done < <(awk '
    /Compiling entry function/ { split($0, part, "\047"); entry = part[2] }
    /bytes stack frame/ { stack = $1; spilled = $5 + $9 }
    /Used [0-9]+ registers/ {
      registers = $0; sub(/.*Used /, "", registers); sub(/ .*/, "", registers)
      shared = 0
      if (match($0, /[0-9]+ bytes smem/)) { shared = substr($0, RSTART, RLENGTH); sub(/ .*/, "", shared) }
      print entry, stack, spilled, registers, shared
    }' "$base.log")
done < <(grep -l '__global__' kernels/*.cu | sort)

echo
((num_kernels >= 12)) || fail "only $num_kernels kernels were found"
((failures == 0)) || exit 1
echo "$num_kernels kernels: no stack, no spilled register, rows of tables 16 bytes at a time"
