/** A show's plan while it is edited: two parts, each changed, saved and compared by itself. The run-of-show has its own page. */
import type { LineUpItem, LineUpRole, ShowPlan } from "@console/types";
import { fromFen, toFen, toPieces } from "@console/amounts";
import { fromLocal, toLocal } from "@console/time";

export type Part = "particulars" | "lineUp" | "cues";
export const parts = ["particulars", "lineUp"] as const;
/** What a show can be measured against; money first. */
export const targetNames = ["gmv", "orders", "units", "viewers", "peak", "comments", "likes", "followers"] as const;
export type TargetName = (typeof targetNames)[number];

export interface SkuDraft {
  skuId: string;
  /** Yuan, as typed. */
  price: string;
  /** Pieces, as typed; empty sells from the general stock. */
  stock: string;
}
export interface ItemDraft {
  productId: string;
  talkingPoints: string;
  role: LineUpRole | "";
  skus: SkuDraft[];
}
export interface PlanDraft {
  particulars: { title: string; summary: string; coverUrl: string; hostName: string; hostAvatarUrl: string; startsAt: string; plannedMinutes: string; targets: Record<TargetName, string> };
  lineUp: ItemDraft[];
}

const itemDraft = ({ productId, talkingPoints, role, skus }: LineUpItem): ItemDraft => ({
  productId,
  talkingPoints,
  role: role ?? "",
  skus: skus.map(({ skuId, price, stock }) => ({ skuId, price: fromFen(price), stock: stock === null ? "" : String(stock) })),
});

const targetText = (name: TargetName, value: number | null | undefined) => (value === null || value === undefined ? "" : name === "gmv" ? fromFen(value) : String(value));
const targetOf = (name: TargetName, text: string) => (text.trim() === "" ? null : name === "gmv" ? toFen(text) : toPieces(text));

export function draftOf({ show, lineUp, targets }: ShowPlan): PlanDraft {
  return {
    particulars: {
      title: show.title,
      summary: show.summary,
      coverUrl: show.coverUrl ?? "",
      hostName: show.hostName,
      hostAvatarUrl: show.hostAvatarUrl ?? "",
      startsAt: toLocal(show.startsAt),
      plannedMinutes: String(show.plannedMinutes),
      targets: Object.fromEntries(targetNames.map((name) => [name, targetText(name, targets[name])])) as Record<TargetName, string>,
    },
    lineUp: lineUp.map(itemDraft),
  };
}

/** Which parts differ between two drafts. */
export function changedParts(a: PlanDraft, b: PlanDraft): Part[] {
  return parts.filter((part) => JSON.stringify(a[part]) !== JSON.stringify(b[part]));
}

/** What cannot be sent as it is: where, and which words say it. */
export interface Fault {
  part: Part;
  at: number;
  field: string;
  /** The key of its sentence under `show.faults`. */
  why: string;
}

export function faultsOf(draft: PlanDraft, listPrices: ReadonlyMap<string, number>): Fault[] {
  const faults: Fault[] = [];
  const fault = (part: Part, at: number, field: string, why: string) => faults.push({ part, at, field, why });
  const { particulars } = draft;
  if (!particulars.title.trim()) fault("particulars", 0, "title", "titleMissing");
  if (!particulars.hostName.trim()) fault("particulars", 0, "hostName", "hostMissing");
  const minutes = toPieces(particulars.plannedMinutes);
  if (minutes === null || minutes < 1 || minutes > 1440) fault("particulars", 0, "plannedMinutes", "minutesRange");
  if (particulars.coverUrl && !/^(\/|https?:\/\/)\S+$/.test(particulars.coverUrl)) fault("particulars", 0, "coverUrl", "address");
  for (const name of targetNames) if (particulars.targets[name].trim() !== "" && targetOf(name, particulars.targets[name]) === null) fault("particulars", 0, `targets.${name}`, "target");
  draft.lineUp.forEach((item, at) => {
    if (item.skus.length === 0) fault("lineUp", at, "skus", "skuNone");
    for (const sku of item.skus) {
      const price = toFen(sku.price);
      if (price === null) fault("lineUp", at, `price:${sku.skuId}`, "price");
      else if (price > (listPrices.get(sku.skuId) ?? Infinity)) fault("lineUp", at, `price:${sku.skuId}`, "priceAboveList");
      if (sku.stock.trim() !== "" && toPieces(sku.stock) === null) fault("lineUp", at, `stock:${sku.skuId}`, "stock");
    }
  });
  return faults;
}

export function putShowOf({ particulars: p }: PlanDraft, version: number) {
  return {
    title: p.title.trim(),
    summary: p.summary.trim(),
    coverUrl: p.coverUrl.trim() || null,
    hostName: p.hostName.trim(),
    hostAvatarUrl: p.hostAvatarUrl || null,
    startsAt: fromLocal(p.startsAt),
    plannedMinutes: toPieces(p.plannedMinutes) ?? 0,
    targets: Object.fromEntries(targetNames.map((name) => [name, targetOf(name, p.targets[name])])),
    version,
  };
}
export const putItemsOf = ({ lineUp }: PlanDraft) =>
  lineUp.map(({ productId, talkingPoints, role, skus }) => ({ productId, talkingPoints, role: role || null, skus: skus.map(({ skuId, price, stock }) => ({ skuId, price: toFen(price) ?? 0, stock: toPieces(stock) })) }));
