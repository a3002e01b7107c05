/** A template before it is applied: which product stands where, and what the plan will be. */
import type { ShowPlan } from "@console/types";

import type { Template } from "./calls";

/** Sensible goods for the slots: what stood there before, else the line-up's heroes, its other goods, then the shop's. */
export function slotsFor({ slots }: Pick<Template, "slots">, plan: Pick<ShowPlan, "lineUp">, shelf: readonly string[]): Record<string, string> {
  const heroes = plan.lineUp.filter(({ role }) => role === "hero").map(({ productId }) => productId);
  const listed = plan.lineUp.map(({ productId }) => productId);
  const before = new Map(slots.flatMap(({ key, productId }) => (productId && (shelf.includes(productId) || listed.includes(productId)) ? [[key, productId] as const] : [])));
  const free = [...new Set([...heroes, ...listed, ...shelf])].filter((id) => ![...before.values()].includes(id));
  return Object.fromEntries(slots.map(({ key }) => [key, before.get(key) ?? free.shift() ?? ""]));
}

export interface Place {
  begin: number;
  minutes: number;
  title: string;
}

/** The cues that would be written, with the goods' names in them. */
export function previewOf({ slots, cues }: Pick<Template, "slots" | "cues">, chosen: Readonly<Record<string, string>>, names: ReadonlyMap<string, string>): Place[] {
  const said = new Map(slots.map(({ key, title }) => [key, names.get(chosen[key] ?? "") ?? title] as const));
  let free = 0;
  return cues.map(({ startsMinute, minutes, title }) => {
    const begin = startsMinute ?? free;
    free = begin + minutes;
    return { begin, minutes, title: title.replace(/\{([a-z0-9_]{1,20})\}/g, (all, key: string) => said.get(key) ?? all) };
  });
}
