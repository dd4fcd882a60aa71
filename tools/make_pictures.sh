#!/usr/bin/env bash
# make_pictures.sh [PROGRAM]: draws the pictures of docs/images that show the bundled scene: the window, its views, and every page of
# the lessons, in both languages and themes. For whoever changes what is seen; needs ImageMagick besides the program.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
program=${1:-$root/build/release/app/maskscope}
images=$root/docs/images
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v montage > /dev/null || { echo "make_pictures.sh: ImageMagick is missing; install the package imagemagick" >&2; exit 2; }

draw() { "$program" render "$@" 2> "$work/log" || { cat "$work/log" >&2; exit 1; }; }
# sheet COLUMNS OUTPUT FILE…: side by side, in few colours.
sheet() {
  local columns=$1 output=$2
  shift 2
  montage "$@" -tile "${columns}x" -geometry +8+8 -background '#808080' -colors 192 -define png:compression-level=9 "PNG8:$output"
}

# window NAME OPTION…: the whole window.
window() {
  local name=$1
  shift
  draw "$@" -o "$work/$name.png"
  convert "$work/$name.png" -colors 255 -define png:compression-level=9 "PNG8:$images/$name.png"
}

mkdir -p "$images/views" "$images/lessons"
window window
window window-light --theme light
window window-zh --language zh
window window-1024x700 --width 1024 --height 700
window window-scale-2 --scale 2 --width 1600 --height 900
window window-lesson --lesson 5 --page 2
window window-lesson-zh-light --lesson 2 --page 2 --language zh --theme light
draw -o "$images/steps.gif"

for step in 1 2 3 4 5 6; do
  draw --step $step -o "$work/step-$step.png"
  draw --step $step --language zh --theme light -o "$work/step-$step-zh.png"
  convert "$work/step-$step.png" "$work/step-$step-zh.png" -crop 1000x590+266+44 +repage +append "$work/steps-$step.png"
done
sheet 1 "$images/views/steps.png" "$work"/steps-[1-6].png

for view in tokens packing inspector budgets attention embeddings distribution table problems; do
  parts=()
  for language in en zh; do
    for theme in dark light; do
      draw --view $view --language $language --theme $theme -o "$work/$view-$language-$theme.png"
      parts+=("$work/$view-$language-$theme.png")
    done
  done
  sheet 2 "$images/views/$view.png" "${parts[@]}"
done

# The left part of the window, where the lesson is; a row of pages.
for lesson in 1 2 3 4 5 6; do
  pages=$(grep -c '^---$' "$root/assets/lessons/en/$lesson-"*.md)
  for language in en zh; do
    for theme in dark light; do
      parts=()
      for ((page = 1; page <= pages + 1; ++page)); do
        draw --lesson $lesson --page $page --language $language --theme $theme -o "$work/page.png"
        convert "$work/page.png" -crop 376x820+0+44 +repage "$work/page-$page.png"
        parts+=("$work/page-$page.png")
      done
      sheet 7 "$images/lessons/lesson-$lesson-$language-$theme.png" "${parts[@]}"
    done
  done
done
echo "drew the pictures of ${images#"$root/"}"
