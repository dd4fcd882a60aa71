# Sourced by ./run and ./test: installs what is missing, configures and builds build/release.
# Everything it says goes to stderr, so that `./run mask … > masks.json` holds nothing but JSON.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build="$root/build/release"

# command:package, asked for only where the command is missing, whoever installed it.
build_tools=(cmake:cmake ninja:ninja-build pkg-config:pkg-config c++:g++ cc:gcc xdpyinfo:x11-utils)
test_tools=(Xvfb:xvfb xdotool:xdotool xrdb:x11-xserver-utils)
build_packages=(libglfw3-dev libimgui-dev libstb-dev libfreetype-dev libepoxy-dev libegl-dev libgl-dev libx11-dev
  libegl1 libgl1-mesa-dri nlohmann-json3-dev libutf8proc-dev libcli11-dev libexif-dev zlib1g-dev libarchive-dev libyaml-cpp-dev libjpeg-dev libtiff-dev
  libwebp-dev libopenjp2-7-dev libbenchmark-dev
  libcairo2-dev libgif-dev
  fonts-inter fonts-dejavu-core fonts-wqy-microhei)
test_packages=(catch2 python3 python3-numpy python3-pil)

say() { printf '%s\n' "maskscope: $*" >&2; }
die() { say "$*"; exit 1; }

# missing_packages ENTRY…: prints the packages still to be installed, one per line.
missing_packages() {
  local entry wanted=() present
  for entry in "$@"; do
    if [[ $entry == *:* ]]; then
      command -v "${entry%%:*}" > /dev/null || printf '%s\n' "${entry#*:}"
    else
      wanted+=("$entry")
    fi
  done
  present=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2> /dev/null || true)
  for entry in "${wanted[@]}"; do
    grep -qxF "installed $entry" <<< "$present" || printf '%s\n' "$entry"
  done
}

# logged LOG COMMAND…: runs the command silently; its output is shown only when it fails.
logged() {
  local log=$1
  shift
  "$@" > "$log" 2>&1 < /dev/null || { tail -n 20 "$log" >&2; return 1; }
}

install_missing() {
  if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
    [[ -e $build/CMakeCache.txt ]] || say "no apt-get here, so the build takes the libraries that it finds (README.md lists them)"
    return 0
  fi
  local packages
  mapfile -t packages < <(missing_packages "$@")
  ((${#packages[@]})) || return 0

  local manual="apt-get install ${packages[*]}" as_root=()
  if (($(id -u) != 0)); then
    command -v sudo > /dev/null || die "packages are missing; as root: $manual"
    if sudo -n true 2> /dev/null; then
      as_root=(sudo -n)
    elif [[ -t 0 && -t 2 ]]; then
      as_root=(sudo)
      say "packages are missing and sudo may ask for your password: ${packages[*]}"
      sudo -v || die "packages are missing; run: sudo $manual"
    else
      die "packages are missing; run: sudo $manual"
    fi
  fi

  local log="$root/build/packages.log"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
  local install=("${apt[@]}" install --no-install-recommends "${packages[@]}")
  say "installing ${packages[*]}"
  # The package lists are fetched only where they are absent or too old to be of use.
  "${install[@]}" > "$log" 2>&1 < /dev/null && return 0
  logged "$log" "${apt[@]}" update || die "apt-get update failed (log: $log); then needed: $manual"
  logged "$log" "${install[@]}" || die "could not install the packages (log: $log); needed: $manual"
}

generator() { command -v ninja > /dev/null && echo Ninja || echo "Unix Makefiles"; }

# cache_says LINE: whether the build folder was configured with this line in its cache.
cache_says() { grep -qxF "$1" "$build/CMakeCache.txt" 2> /dev/null; }

# False after a failed configure, in a checkout that was moved, and where the generator has changed.
is_configured() {
  cache_says "CMAKE_HOME_DIRECTORY:INTERNAL=$root" && cache_says "CMAKE_GENERATOR:INTERNAL=$(generator)" &&
    [[ -e $build/build.ninja || -e $build/Makefile ]]
}

configure() {
  local fresh=()
  is_configured || { fresh=(--fresh); rm -f "$build"/{build.ninja,Makefile}; }
  [[ -e $build/CMakeCache.txt ]] || say "configuring and building; the first time takes a few minutes"
  (cd "$root" && logged "$root/build/configure.log" cmake --preset release -G "$(generator)" "${fresh[@]}" "$@") ||
    die "CMake could not configure the build (log: $root/build/configure.log)"
}

# Compilers of templates and of seven GPU architectures are hungry: no more jobs than 1.5 GB each allow.
build_jobs() {
  local jobs memory_mb
  jobs=$(nproc 2> /dev/null || echo 2)
  memory_mb=$(awk '/^MemAvailable:/ {print int($2 / 1024)}' /proc/meminfo 2> /dev/null || true)
  if [[ $memory_mb =~ ^[0-9]+$ ]] && ((jobs > memory_mb / 1500)); then
    jobs=$((memory_mb / 1500))
  fi
  echo $((jobs < 1 ? 1 : jobs))
}

compile() {
  cmake --build "$build" --parallel "$(build_jobs)" "$@" 2>&1 |
    { grep --line-buffered -vE '^(\[[0-9]+/[?0-9]+\] Re-checking globbed directories\.\.\.|ninja: no work to do\.|ninja: Entering directory .*|\[ *[0-9]+%\] Built target .*|Consolidate compiler generated dependencies .*|gmake.*directory .*|make.*directory .*)$' || true; } >&2 ||
    die "the build failed; the first error is above"
}

# one_at_a_time COMMAND…: two builds in one folder would spoil each other.
one_at_a_time() {
  mkdir -p "$root/build"
  command -v flock > /dev/null || { "$@"; return; }
  (
    flock -n 9 || { say "waiting for another build of this checkout to finish"; flock 9; }
    "$@"
  ) 9> "$root/build/.lock"
}
