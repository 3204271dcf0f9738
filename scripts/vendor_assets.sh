#!/usr/bin/env bash
# Fetch the third-party style, font and icons again and write them to static/.
#
# Needs npm and node, and a Python with fonttools[woff] (PYTHON, by default the one of .venv). Run it only to
# raise a version or to add an icon: what it writes is committed.
#
# What is changed on the way, and why:
# - Bootstrap is compiled from its own Sass with the parts that the pages use. Its "data:" images become files
#   of ours under static/img/, since the content security policy allows no "data:".
# - Inter's latin-ext file is cut to Latin Extended-A, and both files to the weights 400 to 600, so that a first
#   visit stays small even where a page shows a name such as "Łukasz".
# - The icons become one sprite, static/img/icons.svg, with the shapes of static/img/shapes.svg in front.
set -euo pipefail

BOOTSTRAP=5.3.9
ICONS=1.13.2
INTER=5.3.0
SASS=1.77.8

SPRITE="
  alarm archive arrow-clockwise arrow-down-right arrow-left arrow-repeat arrow-return-right arrow-right arrow-up-right
  arrows-angle-expand asterisk bar-chart bell book bookmark box-arrow-right building buildings
  calendar3 calendar3-range calendar-x chat check-circle check-circle-fill check-lg check2-square chevron-down
  chevron-expand chevron-left chevron-right chevron-up circle-half clipboard-check clock-history collection copy
  diagram-3 download envelope exclamation-circle eye file-earmark-text filetype-pdf flag folder funnel gear graph-up-arrow
  grid-3x3-gap hash hourglass-split house info-circle kanban key layers lightbulb link-45deg list
  list-columns-reverse list-ul lock moon-stars paperclip pencil people person person-dash person-plus play-circle-fill
  plus-lg question-circle search send shield-check shield-lock signpost-split sliders speedometer2 square sun table
  tag three-dots trash ui-checks-grid upload x-lg
"

root="$(cd "$(dirname "$0")/.." && pwd)"
python="${PYTHON:-$root/.venv/bin/python}"
vendor="$root/static/vendor"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

cd "$work"
for package in "bootstrap@$BOOTSTRAP" "bootstrap-icons@$ICONS" "@fontsource-variable/inter@$INTER"; do
  archive="$(npm pack --silent "$package")"
  folder="$(printf '%s' "$archive" | sed -E 's/-[0-9][0-9.]*\.tgz$//')"
  mkdir "$folder"
  tar xzf "$archive" -C "$folder" --strip-components=1
done
npm install --silent --no-save --no-audit --no-fund --prefix "$work/sass" "sass@$SASS" >/dev/null
mkdir -p "$vendor/bootstrap" "$vendor/bootstrap-icons" "$vendor/inter"

cat > bootstrap.scss <<'SCSS'
$form-check-input-checked-bg-image: url("../../img/check.svg");
$form-check-input-indeterminate-bg-image: url("../../img/check-some.svg");
$form-check-radio-checked-bg-image: url("../../img/radio.svg");
$form-switch-bg-image: url("../../img/switch.svg");
$form-switch-bg-image-dark: url("../../img/switch.svg");
$form-switch-focus-bg-image: url("../../img/switch.svg");
$form-switch-checked-bg-image: url("../../img/switch-on.svg");
$form-select-indicator: url("../../img/select.svg");
$form-select-indicator-dark: url("../../img/select.svg");
$form-feedback-icon-valid: none;
$form-feedback-icon-invalid: none;
$btn-close-bg: url("../../img/close.svg");
$enable-rfs: false;
$enable-smooth-scroll: false;
$enable-validation-icons: false;
@import "functions";
@import "variables";
@import "variables-dark";
@import "maps";
@import "mixins";
@import "utilities";
$theme-colors: map-remove($theme-colors, "info", "light", "dark");
$utilities: map-remove(
  $utilities, "float", "object-fit", "opacity", "position", "top", "bottom", "start", "end", "translate-middle",
  "rotate", "border-width", "border-opacity", "text-opacity", "bg-opacity", "subtle-background-color",
  "subtle-text-color", "border-color", "subtle-border-color", "link-opacity", "link-offset", "link-underline",
  "link-underline-opacity", "font-size", "font-style", "line-height", "text-decoration", "background-color",
  "gradient", "user-select", "pointer-events", "rounded-top", "rounded-end", "rounded-bottom", "rounded-start",
  "visibility", "z-index", "vertical-align", "shadow", "focus-ring", "viewport-height", "min-viewport-height",
  "viewport-width", "min-viewport-width", "font-family", "negative-margin", "column-gap", "row-gap", "text-transform"
);
@import "root";
@import "reboot";
@import "type";
@import "containers";
@import "grid";
@import "tables";
@import "forms";
@import "buttons";
@import "pagination";
@import "alert";
@import "close";
@import "helpers/clearfix";
@import "helpers/visually-hidden";
@import "helpers/stretched-link";
@import "helpers/text-truncation";
@import "helpers/stacks";
@import "utilities/api";
SCSS
node sass/node_modules/sass/sass.js --quiet --quiet-deps --style=compressed --no-source-map --no-charset \
  --load-path=bootstrap/scss bootstrap.scss "$vendor/bootstrap/bootstrap.min.css"
cp bootstrap/LICENSE "$vendor/bootstrap/LICENSE"
cp bootstrap-icons/LICENSE "$vendor/bootstrap-icons/LICENSE"
cp fontsource-variable-inter/LICENSE "$vendor/inter/LICENSE"

cut_font() { # source, target, code points
  "$python" -m fontTools.varLib.instancer --quiet "$1" wght=400:600 --output "$work/cut.ttf"
  "$python" -m fontTools.subset "$work/cut.ttf" --unicodes="$3" --flavor=woff2 --output-file="$2" \
    --layout-features=kern,liga,calt,ccmp,locl,mark,mkmk,tnum,cv05,cv08,ss03
}
fonts=fontsource-variable-inter/files
cut_font "$fonts/inter-latin-wght-normal.woff2" "$vendor/inter/inter-latin.woff2" '*'
cut_font "$fonts/inter-latin-ext-wght-normal.woff2" "$vendor/inter/inter-latin-ext.woff2" 'U+0100-017F,U+0218-021B,U+1E9E'

{
  echo '<svg xmlns="http://www.w3.org/2000/svg">'
  grep '^<symbol' "$root/static/img/shapes.svg"
  for name in $SPRITE; do
    body="$(tr -d '\n' < "bootstrap-icons/icons/$name.svg" | sed -E 's/^<svg[^>]*>//; s#</svg>.*$##; s/> +</></g; s/^ +//')"
    printf '<symbol id="i-%s" viewBox="0 0 16 16">%s</symbol>\n' "$name" "$body"
  done
  echo '</svg>'
} > "$root/static/img/icons.svg"

"$python" - "$vendor" "$BOOTSTRAP" "$ICONS" "$INTER" "$SASS" <<'PY'
import hashlib
import json
import pathlib
import sys

vendor = pathlib.Path(sys.argv[1])
bootstrap, icons, inter, sass = sys.argv[2:6]
packages = [
    {
        "name": "bootstrap",
        "version": bootstrap,
        "licence": "MIT",
        "changed": f"parts compiled with sass {sass} by scripts/vendor_assets.sh; data: images replaced by static/img/",
        "files": ["bootstrap/bootstrap.min.css", "bootstrap/LICENSE"],
    },
    {
        "name": "bootstrap-icons",
        "version": icons,
        "licence": "MIT",
        "changed": "the icons named in scripts/vendor_assets.sh as one sprite, after our own shapes",
        "files": ["../img/icons.svg", "bootstrap-icons/LICENSE"],
    },
    {
        "name": "@fontsource-variable/inter",
        "version": inter,
        "licence": "OFL-1.1",
        "changed": "weights 400 to 600; latin-ext cut to Latin Extended-A",
        "files": ["inter/inter-latin.woff2", "inter/inter-latin-ext.woff2", "inter/LICENSE"],
    },
]
for package in packages:
    package["files"] = {
        name: hashlib.sha256((vendor / name).resolve().read_bytes()).hexdigest() for name in package["files"]
    }
(vendor / "VERSIONS.json").write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")
PY
if grep -l 'data:' "$vendor"/*/*.css; then
  echo "A served style sheet still holds a data: address" >&2
  exit 1
fi
echo "Written: static/vendor and static/img/icons.svg"
