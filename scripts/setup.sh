# Sourced by ./run, ./test and ./hapax: goes to the root, installs what is missing, puts Node 24 first in the path, compiles the kernels.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2

if ! command -v npm >/dev/null; then
  echo "Hapax needs Node.js 20 or later with npm; Node 24 itself is then installed inside this folder." >&2
  echo "On Debian or Ubuntu: sudo apt-get install nodejs npm" >&2
  exit 2
fi
if [ ! -x node_modules/.bin/node ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "Installing packages (about a minute, once)" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2 || exit 2
  touch node_modules/.package-lock.json
fi
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
if [ -n "$(find packages/kernels/assembly packages/kernels/scripts package-lock.json -newer packages/kernels/wasm/hapax.wasm -type f -print -quit 2>/dev/null || echo none)" ]; then
  npm run --silent kernels >&2 || exit 2
fi
