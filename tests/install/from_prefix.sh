#!/usr/bin/env bash
# from_prefix.sh CMAKE BUILD SOURCE BINDIR DATADIR: installs into a folder of its own, moves that folder, and runs
# the program there. That its files come from there is shown twice: with the source's shaders and assets hidden
# (where the system allows a mount namespace), and by a damaged installed shader that must be complained about.
set -euo pipefail
cmake=$1 build=$2 source=$3 bindir=$4 datadir=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

"$cmake" --install "$build" --prefix "$work/first" > "$work/install.log" || fail "install: $(tail -n 5 "$work/install.log")"
mv "$work/first" "$work/a moved prefix"
prefix="$work/a moved prefix"
program="$prefix/$bindir/maskscope" data="$prefix/$datadir/maskscope"
for file in "$program" "$data/shaders" "$data/assets/tokenizer.json"; do
  [[ -e $file ]] || fail "not installed: ${file#"$prefix"/}"
done

# Runs the program away from the source, without a display, with a home of its own.
alone=(env -u DISPLAY -u WAYLAND_DISPLAY -u MASKSCOPE_RESOURCES HOME="$work" LIBGL_ALWAYS_SOFTWARE=1)
cd "$work"
"${alone[@]}" "$program" info > info.txt || fail "maskscope info: exit code $?"
"${alone[@]}" "$program" render -o picture.png || fail "maskscope render: exit code $?"
[[ $(head -c 8 picture.png | od -An -tx1 | tr -d ' \n') == 89504e470d0a1a0a ]] || fail "render wrote no PNG"

mkdir nothing
hidden='mount --bind "$1/nothing" "$2/shaders" && mount --bind "$1/nothing" "$2/assets" && shift 2 && exec "$@"'
if unshare --mount --map-root-user true 2> /dev/null; then
  unshare --mount --map-root-user bash -c "$hidden" hidden "$work" "$source" \
    "${alone[@]}" "$program" render -o alone.png || fail "maskscope render needs files of the source: exit code $?"
else
  echo "no mount namespaces here: the source's files were not hidden"
fi

for shader in "$data"/shaders/*; do
  echo '#error damaged' > "$shader"
done
if "${alone[@]}" "$program" render -o damaged.png 2> damaged.txt; then
  fail "render does not use the installed shaders"
fi
grep -qF "$data/shaders" damaged.txt || fail "the message does not name the damaged shader: $(cat damaged.txt)"
