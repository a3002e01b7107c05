// How much JavaScript the live room loads before it can show itself, gzipped, without the
// player (that loads when there is a picture). Fails above the limit.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 200 * 1024;
const root = fileURLToPath(new URL("../dist/shop/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}.vite/manifest.json`, "utf8"));

const wanted = new Set();
function take(key) {
  if (wanted.has(key)) return;
  wanted.add(key);
  for (const each of manifest[key]?.imports ?? []) take(each);
}

const keys = Object.keys(manifest);
const find = (end) => {
  const key = keys.find((name) => name.endsWith(end));
  if (!key) throw new Error(`no ${end} in the manifest: build first`);
  return key;
};
take(find("index.html"));
take(find("pages/LivePage.vue"));
// The words of one language come before the first view: the larger of the three counts.
for (const folder of ["apps/shop/src/messages/", "packages/ui/messages/"].map((path) => path.replace("apps/shop/", ""))) {
  const files = keys.filter((name) => name.includes(folder) && name.endsWith(".json"));
  const largest = files.sort((a, b) => sizeOf(manifest[b].file) - sizeOf(manifest[a].file))[0];
  if (largest) take(largest);
}

function sizeOf(file) {
  return gzipSync(readFileSync(root + file)).length;
}

let total = 0;
for (const file of new Set([...wanted].map((key) => manifest[key].file).filter((name) => name.endsWith(".js")))) {
  const size = sizeOf(file);
  total += size;
  console.log(`${(size / 1024).toFixed(1).padStart(7)} KB  ${file}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(7)} KB  in all, gzipped; at most ${LIMIT / 1024} KB`);
if (total > LIMIT) process.exit(1);
