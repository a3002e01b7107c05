// @vitest-environment node
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const skipped = new Set(["node_modules", "dist", "public"]);

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return skipped.has(name) ? [] : filesUnder(path);
    return [path];
  });
}

const files = ["packages", "apps"].flatMap((folder) => filesUnder(join(root, folder)));
const named = (pattern: RegExp) => files.filter((path) => pattern.test(path)).map((path) => ({ path, name: relative(root, path), text: readFileSync(path, "utf8") }));
const components = named(/\.vue$/);
const sources = named(/\.(vue|ts)$/).filter(({ name }) => !/\.test\.ts$|schema\.ts$|fixtures/.test(name));

const keysOf = (tree: object, prefix = ""): string[] =>
  Object.entries(tree).flatMap(([key, value]) => (typeof value === "object" && value !== null ? keysOf(value as object, `${prefix}${key}.`) : [prefix + key]));
const holesOf = (tree: object, prefix = ""): string[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [...new Set(value.match(/\{\w+\}/g))].sort().map((hole) => `${prefix}${key} ${hole}`) : holesOf(value as object, `${prefix}${key}.`),
  );

const messageFolders = [...new Set(files.filter((path) => /messages\/[\w-]+\.json$/.test(path)).map((path) => path.replace(/[\w-]+\.json$/, "")))];

describe.each(messageFolders.map((folder) => ({ folder, name: relative(root, folder) })))("the messages in $name", ({ folder }) => {
  const read = (locale: string) => JSON.parse(readFileSync(join(folder, `${locale}.json`), "utf8")) as object;

  test.each(["zh-Hant", "en"])("%s has the keys of zh-Hans", (locale) => {
    expect(keysOf(read(locale)).sort()).toEqual(keysOf(read("zh-Hans")).sort());
  });

  test.each(["zh-Hant", "en"])("%s mentions no fact that zh-Hans does not have", (locale) => {
    const known = new Set(holesOf(read("zh-Hans")));
    expect(holesOf(read(locale)).filter((hole) => !known.has(hole))).toEqual([]);
  });
});

test("components are at most 250 lines", () => {
  const long = components.filter(({ text }) => text.split("\n").length > 250).map(({ name }) => name);
  expect(long).toEqual([]);
});

test("sources are at most 400 lines", () => {
  const long = sources.filter(({ text }) => text.split("\n").length > 400).map(({ name }) => name);
  expect(long).toEqual([]);
});

test("colours are written in tokens.css only", () => {
  const hex = /#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|oklch)\(/i;
  const styles = [
    ...components.map(({ name, text }) => ({ name, css: [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map((match) => match[1]).join("\n") + [...text.matchAll(/style="([^"]*)"/g)].map((match) => match[1]).join("\n") })),
    ...named(/\.css$/).filter(({ name }) => !name.endsWith("tokens.css")).map(({ name, text }) => ({ name, css: text })),
  ];
  expect(styles.filter(({ css }) => hex.test(css)).map(({ name }) => name)).toEqual([]);
});

test("durations and type sizes are written in tokens.css only", () => {
  const own = /font-size:\s*[\d.]+(px|rem)|\b\d[\d.]*m?s\b(?=[^{}]*[;}])/;
  const styles = components.map(({ name, text }) => ({ name, css: [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map((match) => match[1]).join("\n") }));
  expect(styles.filter(({ css }) => own.test(css)).map(({ name }) => name)).toEqual([]);
});

test("every word that people read comes from the message files", () => {
  const han = /[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]/;
  const withHan = sources.filter(({ text }) => han.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|<!--[\s\S]*?-->/g, ""))).map(({ name }) => name);
  expect(withHan).toEqual([]);
});

test("templates hold no bare English", () => {
  const bare = components.flatMap(({ name, text }) => {
    const template = /<template>([\s\S]*)<\/template>/.exec(text)?.[1] ?? "";
    const words = template
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/\{\{[\s\S]*?\}\}/g, "")
      .replace(/<\/?[a-zA-Z](?:"[^"]*"|'[^']*'|[^'">])*>/g, "\n")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => /[A-Za-z]{2,}/.test(line) && !/^&\w+;$/.test(line));
    const attributes = [...template.matchAll(/(?<![:\w-])(?:aria-label|title|placeholder|alt|label)="([^"]*[A-Za-z]{2,}[^"]*)"/g)].map((match) => match[0]);
    return [...words, ...attributes].map((line) => `${name}: ${line}`);
  });
  expect(bare).toEqual([]);
});

test("whatever the shop may be refused has words", () => {
  interface Answer {
    content?: Record<string, { schema?: { $ref?: string; oneOf?: { $ref?: string }[] } }>;
  }
  const document = JSON.parse(readFileSync(join(root, "packages/api/openapi.json"), "utf8")) as { paths: Record<string, Record<string, { responses?: Record<string, Answer> }>> };
  const refusals = Object.entries(document.paths)
    .filter(([path]) => !/\/(console|hooks)\//.test(path))
    .flatMap(([, methods]) => Object.values(methods))
    .flatMap(({ responses = {} }) => Object.values(responses))
    .flatMap(({ content = {} }) => Object.values(content))
    .flatMap(({ schema }) => [schema, ...(schema?.oneOf ?? [])])
    .flatMap((schema) => /(\w+)Problem$/.exec(schema?.$ref ?? "")?.[1] ?? []);
  const words = JSON.parse(readFileSync(join(root, "packages/ui/messages/zh-Hans.json"), "utf8")) as { problems: object };
  // Only a page with a fault could meet these; they read as a plain refusal.
  const faults = new Set(["IdempotencyKeyRequired", "IdempotencyKeyReused", "KindRefused"]);
  expect(refusals.length).toBeGreaterThan(10);
  expect([...new Set(refusals)].filter((type) => !faults.has(type) && !(type in words.problems))).toEqual([]);
});

test("the lock file names no registry", () => {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, { resolved?: string }> };
  const resolved = Object.entries(lock.packages).filter(([, entry]) => /^https?:/.test(entry.resolved ?? ""));
  expect(resolved.map(([name]) => name)).toEqual([]);
});
