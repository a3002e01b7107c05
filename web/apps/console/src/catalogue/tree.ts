/** The tree of categories, as lists show it and editors write it. */
import { newKey, type Attribute, type Category, type PutCategory } from "@xinbo/api";

export type Kind = Attribute["kind"];
export const kinds: Kind[] = ["text", "number", "choice", "bool"];
export const rules = ["seven_days", "unless_opened", "no_returns"] as const;
export const DEEPEST = 4;

/** The tree in reading order: each category before what is below it. */
export function inOrder(all: readonly Category[], parentId: string | null = null): Category[] {
  return all.filter((each) => each.parentId === parentId).flatMap((each) => [each, ...inOrder(all, each.id)]);
}

/** The way to a category in words: 美妆 › 面霜. */
export const wayText = (all: readonly Category[], { path }: Category): string =>
  [...path].reverse().map((id) => all.find((each) => each.id === id)?.name ?? "").join(" › ");

/** Where a category can go: not below itself, nor deeper than the tree may be. */
export function parentsFor(all: readonly Category[], id: string | null): Category[] {
  const own = all.find((each) => each.id === id);
  const height = own ? Math.max(...all.filter(({ path }) => path.includes(own.id)).map(({ path }) => path.length - own.path.length)) + 1 : 1;
  return inOrder(all).filter(({ path }) => path.length + height <= DEEPEST && !(id && path.includes(id)));
}

/** The attributes that hold in a category, the root's first. */
export const attributesOf = (all: readonly Category[], id: string): Attribute[] =>
  [...(all.find((each) => each.id === id)?.path ?? [])].reverse().flatMap((at) => all.find((each) => each.id === at)?.attributes ?? []);

export interface AttributeDraft {
  row: string;
  key: string;
  name: string;
  kind: Kind;
  unit: string;
  /** One a line. */
  options: string;
  required: boolean;
}
export interface CategoryDraft {
  name: string;
  parentId: string;
  position: string;
  returnRule: string;
  attributes: AttributeDraft[];
}

export const emptyAttribute = (): AttributeDraft => ({ row: newKey(), key: "", name: "", kind: "text", unit: "", options: "", required: false });

export function categoryDraft(category: Category | null, parentId: string | null): CategoryDraft {
  if (!category) return { name: "", parentId: parentId ?? "", position: "0", returnRule: "", attributes: [] };
  const { name, position, returnRule, attributes } = category;
  return {
    name, parentId: category.parentId ?? "", position: String(position), returnRule: returnRule ?? "",
    attributes: attributes.map((each) => ({ ...each, row: each.key, options: each.options.join("\n") })),
  };
}

const lines = (text: string) => [...new Set(text.split("\n").map((each) => each.trim()).filter(Boolean))];

/** What is wrong, by field: `name`, `position`, `attribute:0`; the value names its sentence. */
export function categoryFaults(draft: CategoryDraft): Map<string, string> {
  const faults = new Map<string, string>();
  if (!draft.name.trim()) faults.set("name", "nameMissing");
  if (!/^\d{1,4}$/.test(draft.position.trim())) faults.set("position", "position");
  draft.attributes.forEach((each, at) => {
    if (!each.name.trim()) faults.set(`attribute:${at}`, "nameMissing");
    else if (each.kind === "choice" && lines(each.options).length === 0) faults.set(`attribute:${at}`, "optionsMissing");
  });
  return faults;
}

/** A key that the category does not use yet: goods keep what was said under it when its name changes. */
function keyFor(taken: Set<string>): string {
  let number = 1;
  while (taken.has(`a${number}`)) number += 1;
  taken.add(`a${number}`);
  return `a${number}`;
}

export function putCategoryOf(draft: CategoryDraft, taken: readonly string[]): PutCategory {
  const known = new Set([...taken, ...draft.attributes.map(({ key }) => key)]);
  return {
    name: draft.name.trim(),
    parentId: draft.parentId || null,
    position: Number(draft.position),
    returnRule: (draft.returnRule || null) as PutCategory["returnRule"] & (string | null),
    attributes: draft.attributes.map(({ key, name, kind, unit, options, required }) => ({
      key: key || keyFor(known), name: name.trim(), kind, unit: kind === "number" ? unit.trim() : "", options: kind === "choice" ? lines(options) : [], required,
    })),
  };
}
