/** A show's plan while it is edited: three parts, each changed, saved and compared by itself. */
import type { Cue, CueKind, LineUpItem, ShowPlan } from "@console/types";
import { fromFen, toFen, toPieces } from "@console/amounts";
import { fromLocal, toLocal } from "@console/time";

export type Part = "particulars" | "lineUp" | "cues";
export const parts: readonly Part[] = ["particulars", "lineUp", "cues"];

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
  skus: SkuDraft[];
}
export interface CueDraft {
  /** Only to tell rows apart while they are moved. */
  key: string;
  kind: CueKind;
  title: string;
  minutes: string;
  productId: string;
  notes: string;
}
export interface PlanDraft {
  particulars: { title: string; summary: string; coverUrl: string; hostName: string; hostAvatarUrl: string; startsAt: string; plannedMinutes: string };
  lineUp: ItemDraft[];
  cues: CueDraft[];
}

const itemDraft = ({ productId, talkingPoints, skus }: LineUpItem): ItemDraft => ({
  productId,
  talkingPoints,
  skus: skus.map(({ skuId, price, stock }) => ({ skuId, price: fromFen(price), stock: stock === null ? "" : String(stock) })),
});
const cueDraft = ({ id, kind, title, minutes, productId, notes }: Cue): CueDraft => ({ key: id, kind, title, minutes: String(minutes), productId: productId ?? "", notes });

export function draftOf({ show, lineUp, cues }: ShowPlan): PlanDraft {
  return {
    particulars: {
      title: show.title,
      summary: show.summary,
      coverUrl: show.coverUrl ?? "",
      hostName: show.hostName,
      hostAvatarUrl: show.hostAvatarUrl ?? "",
      startsAt: toLocal(show.startsAt),
      plannedMinutes: String(show.plannedMinutes),
    },
    lineUp: lineUp.map(itemDraft),
    cues: cues.map(cueDraft),
  };
}

/** What of a part matters: keys of rows do not, the server makes new ones at each save. */
function essence(draft: PlanDraft, part: Part): string {
  return JSON.stringify(part === "cues" ? draft.cues.map(({ key: _, ...cue }) => cue) : draft[part]);
}

/** Which parts differ between two drafts. */
export function changedParts(a: PlanDraft, b: PlanDraft): Part[] {
  return parts.filter((part) => essence(a, part) !== essence(b, part));
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
  draft.lineUp.forEach((item, at) => {
    if (item.skus.length === 0) fault("lineUp", at, "skus", "skuNone");
    for (const sku of item.skus) {
      const price = toFen(sku.price);
      if (price === null) fault("lineUp", at, `price:${sku.skuId}`, "price");
      else if (price > (listPrices.get(sku.skuId) ?? Infinity)) fault("lineUp", at, `price:${sku.skuId}`, "priceAboveList");
      if (sku.stock.trim() !== "" && toPieces(sku.stock) === null) fault("lineUp", at, `stock:${sku.skuId}`, "stock");
    }
  });
  const listed = new Set(draft.lineUp.map(({ productId }) => productId));
  draft.cues.forEach((cue, at) => {
    if (!cue.title.trim()) fault("cues", at, "title", "titleMissing");
    const length = toPieces(cue.minutes);
    if (length === null || length < 1 || length > 600) fault("cues", at, "minutes", "cueMinutes");
    if (cue.productId && !listed.has(cue.productId)) fault("cues", at, "productId", "notOnLineUp");
  });
  return faults;
}

/** The minutes of all cues together; what is no number counts as none. */
export function totalMinutes(cues: readonly CueDraft[]): number {
  return cues.reduce((sum, { minutes }) => sum + (toPieces(minutes) ?? 0), 0);
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
    version,
  };
}
export const putItemsOf = ({ lineUp }: PlanDraft) =>
  lineUp.map(({ productId, talkingPoints, skus }) => ({ productId, talkingPoints, skus: skus.map(({ skuId, price, stock }) => ({ skuId, price: toFen(price) ?? 0, stock: toPieces(stock) })) }));
export const putCuesOf = ({ cues }: PlanDraft) =>
  cues.map(({ kind, title, minutes, productId, notes }) => ({ kind, title: title.trim(), minutes: toPieces(minutes) ?? 0, productId: productId || null, notes }));
