#!/usr/bin/env bash
# Fetch the third-party style, fonts and icons again and write them to static/ and common/pdf/fonts/.
#
# Needs npm and node, and a Python with fonttools[woff] (PYTHON, by default the one of .venv). Run it only to
# raise a version or to add an icon: what it writes is committed.
#
# What is changed on the way, and why:
# - Bootstrap is compiled from its own Sass with the parts that the pages use. Its "data:" images become files
#   of ours under static/img/, since the content security policy allows no "data:".
# - Inter's latin-ext file is cut to Latin Extended-A, and both files to the weights 400 to 600, so that a first
#   visit stays small even where a page shows a name such as "Łukasz".
# - The fonts of PDFs are whole files of TrueType (WeasyPrint knows no unicode-range, and takes half a second to unpack
#   a woff2), cut to the letters of Europe, signs and arrows. The licence of one reserves its name for the original
#   files, so that what is cut is called Doc Serif, Doc Sans and Doc Mono, also inside.
# - The icons become one sprite, static/img/icons.svg, with the shapes of static/img/shapes.svg in front.
set -euo pipefail

BOOTSTRAP=5.3.9
ICONS=1.13.2
INTER=5.3.0
PRINT_SERIF=0.4.1
PRINT_SANS=0.4.2
PRINT_MONO=0.4.1
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
for package in "bootstrap@$BOOTSTRAP" "bootstrap-icons@$ICONS" "@fontsource-variable/inter@$INTER" \
  "@expo-google-fonts/source-serif-4@$PRINT_SERIF" "@expo-google-fonts/inter@$PRINT_SANS" \
  "@expo-google-fonts/ibm-plex-mono@$PRINT_MONO"; do
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

print_fonts="$root/common/pdf/fonts"
mkdir -p "$print_fonts"
LETTERS=U+0020-024F,U+0259,U+02B0-036F,U+0370-03FF,U+0400-052F,U+1E00-1EFF,U+2000-206F,U+2070-20CF,U+2100-22FF,U+2460-24FF,U+25A0-2612,U+2713-2718,U+FB00-FB06,U+FFFD
print_font() { # source, target, family, style
  "$python" -m fontTools.subset "$1" --unicodes="$LETTERS" --output-file="$print_fonts/$2" --no-hinting \
    --name-IDs=1,2,3,4,5,6,13,14 --layout-features=kern,liga,calt,ccmp,locl,mark,mkmk,tnum,lnum,sups,subs
  "$python" - "$print_fonts/$2" "$3" "$4" <<'PY'
import sys

from fontTools.ttLib import TTFont

path, family, style = sys.argv[1:]
font = TTFont(path, recalcTimestamp=False)
full = f"{family} {style}"
for number, words in {1: full, 2: "Regular", 3: full, 4: full, 6: full.replace(" ", "-")}.items():
    for record in [record for record in font["name"].names if record.nameID == number]:
        record.string = words
font.save(path)
PY
}
serif=expo-google-fonts-source-serif-4 sans=expo-google-fonts-inter mono=expo-google-fonts-ibm-plex-mono
print_font "$serif/400Regular/SourceSerif4_400Regular.ttf" doc-serif-400.ttf "Doc Serif" Regular
print_font "$serif/400Regular_Italic/SourceSerif4_400Regular_Italic.ttf" doc-serif-400-italic.ttf "Doc Serif" Italic
print_font "$serif/600SemiBold/SourceSerif4_600SemiBold.ttf" doc-serif-600.ttf "Doc Serif" SemiBold
print_font "$sans/400Regular/Inter_400Regular.ttf" doc-sans-400.ttf "Doc Sans" Regular
print_font "$sans/500Medium/Inter_500Medium.ttf" doc-sans-500.ttf "Doc Sans" Medium
print_font "$sans/600SemiBold/Inter_600SemiBold.ttf" doc-sans-600.ttf "Doc Sans" SemiBold
print_font "$mono/400Regular/IBMPlexMono_400Regular.ttf" doc-mono-400.ttf "Doc Mono" Regular
# Pages that show a document read it in the same letters.
mkdir -p "$vendor/doc-serif"
for weight in 400 600; do
  "$python" -m fontTools.subset "$print_fonts/doc-serif-$weight.ttf" --unicodes='U+0020-017F,U+0218-021B,U+2010-2026,U+202F,U+20AC,U+2212,U+2264-2265' \
    --flavor=woff2 --output-file="$vendor/doc-serif/doc-serif-$weight.woff2"
done
tr -d '\r' < "$serif/LICENSE_FONT" > "$print_fonts/LICENSE-doc-serif"
tr -d '\r' < "$sans/LICENSE_FONT" > "$print_fonts/LICENSE-doc-sans"
tr -d '\r' < "$mono/LICENSE_FONT" > "$print_fonts/LICENSE-doc-mono"

{
  echo '<svg xmlns="http://www.w3.org/2000/svg">'
  grep '^<symbol' "$root/static/img/shapes.svg"
  for name in $SPRITE; do
    body="$(tr -d '\n' < "bootstrap-icons/icons/$name.svg" | sed -E 's/^<svg[^>]*>//; s#</svg>.*$##; s/> +</></g; s/^ +//')"
    printf '<symbol id="i-%s" viewBox="0 0 16 16">%s</symbol>\n' "$name" "$body"
  done
  echo '</svg>'
} > "$root/static/img/icons.svg"

"$python" - "$vendor" "$BOOTSTRAP" "$ICONS" "$INTER" "$SASS" "$PRINT_SERIF" "$PRINT_SANS" "$PRINT_MONO" <<'PY'
import hashlib
import json
import pathlib
import sys

vendor = pathlib.Path(sys.argv[1])
bootstrap, icons, inter, sass, serif, sans, mono = sys.argv[2:9]


def printed(name, version, family, weights, pages=()):
    """The record of one family of fonts for PDFs."""
    return {
        "name": f"@expo-google-fonts/{name}",
        "version": version,
        "licence": "OFL-1.1",
        "changed": f"for PDFs: cut to the letters of Europe, signs and arrows; called {family.replace('-', ' ').title()}",
        "files": [
            *(f"../../common/pdf/fonts/{family}-{weight}.ttf" for weight in weights),
            f"../../common/pdf/fonts/LICENSE-{family}",
            *(f"{family}/{family}-{weight}.woff2" for weight in pages),
        ],
    }


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
    printed("source-serif-4", serif, "doc-serif", ["400", "400-italic", "600"], ["400", "600"]),
    printed("inter", sans, "doc-sans", ["400", "500", "600"]),
    printed("ibm-plex-mono", mono, "doc-mono", ["400"]),
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
echo "Written: static/vendor, common/pdf/fonts and static/img/icons.svg"
