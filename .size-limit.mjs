/** What a browser must load before it shows something, gzipped; read from the build's manifest, so that no file name is listed by hand. */
import { existsSync, readFileSync } from "node:fs";

const dist = "apps/web/dist";
const manifestFile = `${dist}/.vite/manifest.json`;
const manifest = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, "utf8")) : {};

/** The scripts of `keys` and of all they import statically. */
function scriptsOf(...keys) {
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key) || !manifest[key]) return;
    seen.add(key);
    for (const next of manifest[key].imports ?? []) visit(next);
  };
  for (const key of keys) visit(key);
  return Array.from(seen, (key) => `${dist}/${manifest[key].file}`);
}

const page = (name, limit, ...keys) => ({ name, limit, gzip: true, path: scriptsOf("index.html", ...keys) });

export default [
  page("first screen: sign-in", "180 kB", "src/pages/sign-in/SignInPage.tsx"),
  page("first page: list of machines", "180 kB", "src/shell/Shell.tsx", "src/pages/vms/VmListPage.tsx"),
];
