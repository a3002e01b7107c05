/** A promotion while it is written: everything as typed, one shape for all kinds. */
import { fromFen, toFen, toPieces } from "@console/amounts";
import { fromLocal, toLocal } from "@console/time";
import type { Promotion, PromotionKind, PromotionRule, PutItem, PutPromotion } from "@console/types";

export const kinds = ["full_reduction", "coupon", "flash_sale", "timed_discount", "group_buy", "presale", "bargain", "member_price", "gift", "bundle", "free_freight"] as const satisfies readonly PromotionKind[];
/** Kinds that put single SKUs up at a price of their own. */
export const unitKinds: ReadonlySet<PromotionKind> = new Set(["flash_sale", "timed_discount", "member_price", "group_buy", "presale", "bargain"]);
export const everywhere = "00000000-0000-0000-0000-000000000000";

export interface PresentDraft { skuId: string; quantity: string }
export interface StepDraft { threshold: string; off: string; rate: string; gifts: PresentDraft[] }
export interface ItemDraft { skuId: string; price: string; stock: string; perPerson: string; deposit: string; worth: string; floor: string }
export interface Draft {
  kind: PromotionKind;
  name: string;
  venueId: string;
  startsAt: string;
  endsAt: string;
  products: string[];
  categories: string[];
  skus: string[];
  by: "amount" | "pieces";
  give: "off" | "rate";
  steps: StepDraft[];
  repeat: boolean;
  most: string;
  parts: PresentDraft[];
  price: string;
  threshold: string;
  off: string;
  rate: string;
  total: string;
  perPerson: string;
  audience: "all" | "new" | "members";
  level: string;
  useBy: "days" | "window";
  useDays: string;
  useFrom: string;
  useUntil: string;
  size: string;
  hours: string;
  helpers: string;
  balanceFrom: string;
  balanceUntil: string;
  shipsBy: string;
  items: ItemDraft[];
}
/** What is wrong, by the field where it is: `items.0.price`. */
export type Faults = ReadonlyMap<string, { why: string; facts: Readonly<Record<string, unknown>> }>;

export const newStep = (): StepDraft => ({ threshold: "", off: "", rate: "", gifts: [] });
export const newItem = (skuId: string): ItemDraft => ({ skuId, price: "", stock: "", perPerson: "", deposit: "", worth: "", floor: "" });

export function newDraft(kind: PromotionKind): Draft {
  return {
    kind, name: "", venueId: everywhere, startsAt: "", endsAt: "", products: [], categories: [], skus: [], by: "amount", give: "off", steps: [newStep()], repeat: false, most: "", parts: [], price: "",
    threshold: "", off: "", rate: "", total: "100", perPerson: "1", audience: "all", level: "1", useBy: "days", useDays: "7", useFrom: "", useUntil: "", size: "3", hours: "24", helpers: "10",
    balanceFrom: "", balanceUntil: "", shipsBy: "", items: [],
  };
}

const fen = (minor: number | null | undefined) => (minor === null || minor === undefined ? "" : fromFen(minor));
const count = (value: number | null | undefined) => (value === null || value === undefined ? "" : String(value));
/** 8500 of 10,000 kept is typed as 85. */
const percent = (rate: number | null) => (rate === null ? "" : String(rate / 100));

export function draftOf(promotion: Promotion): Draft {
  const { rule } = promotion;
  const draft: Draft = { ...newDraft(promotion.kind), name: promotion.name, venueId: promotion.venueId, startsAt: toLocal(promotion.startsAt), endsAt: toLocal(promotion.endsAt) };
  draft.items = promotion.items.map(({ skuId, price, stock, perPerson, deposit, worth, floor }) => ({ skuId, price: fen(price), stock: count(stock), perPerson: count(perPerson), deposit: fen(deposit), worth: fen(worth), floor: fen(floor) }));
  if ("goods" in rule) Object.assign(draft, { products: [...rule.goods.products], categories: [...rule.goods.categories], skus: [...rule.goods.skus] });
  switch (rule.kind) {
    case "full_reduction":
      draft.by = rule.steps[0]?.atLeastPieces == null ? "amount" : "pieces";
      draft.give = rule.steps[0]?.off == null ? "rate" : "off";
      draft.steps = rule.steps.map((step) => ({ ...newStep(), threshold: step.atLeastAmount == null ? count(step.atLeastPieces) : fen(step.atLeastAmount), off: fen(step.off), rate: percent(step.rate) }));
      Object.assign(draft, { repeat: rule.repeat, most: fen(rule.most) });
      break;
    case "gift":
      draft.steps = rule.steps.map((step) => ({ ...newStep(), threshold: fen(step.atLeastAmount), gifts: step.gifts.map(({ skuId, quantity }) => ({ skuId, quantity: String(quantity) })) }));
      break;
    case "bundle":
      Object.assign(draft, { parts: rule.parts.map(({ skuId, quantity }) => ({ skuId, quantity: String(quantity) })), price: fen(rule.price) });
      break;
    case "coupon":
      Object.assign(draft, {
        threshold: fen(rule.threshold), give: rule.off === null ? "rate" : "off", off: fen(rule.off), rate: percent(rule.rate), most: fen(rule.most), total: String(rule.total), perPerson: String(rule.perPerson), audience: rule.audience,
        level: String(Math.max(1, rule.level)), useBy: rule.useDays === null ? "window" : "days", useDays: count(rule.useDays), useFrom: toLocal(rule.useFrom), useUntil: toLocal(rule.useUntil),
      });
      break;
    case "free_freight":
      draft.threshold = fen(rule.atLeastAmount);
      break;
    case "member_price":
      draft.level = String(rule.level);
      break;
    case "group_buy":
      Object.assign(draft, { size: String(rule.size), hours: String(rule.hours) });
      break;
    case "bargain":
      Object.assign(draft, { helpers: String(rule.helpers), hours: String(rule.hours) });
      break;
    case "presale":
      Object.assign(draft, { balanceFrom: toLocal(rule.balanceFrom), balanceUntil: toLocal(rule.balanceUntil), shipsBy: toLocal(rule.shipsBy) });
      break;
  }
  return draft;
}

/** What is sent, and what cannot be: fields that are empty or no number, by where they are. */
export function commandOf(draft: Draft, version: number | null): { body: PutPromotion; faults: Faults } {
  const faults = new Map<string, { why: string; facts: Record<string, unknown> }>();
  const wrong = (at: string) => (faults.set(at, { why: "number", facts: {} }), 0);
  const money = (text: string, at: string) => toFen(text) ?? wrong(at);
  const pieces = (text: string, at: string, least = 1) => {
    const value = toPieces(text);
    return value !== null && value >= least ? value : wrong(at);
  };
  const maybe = <T>(text: string, read: (text: string) => T) => (text.trim() === "" ? null : read(text));
  const kept = (text: string, at: string) => {
    const value = Math.round(Number(text.normalize("NFKC")) * 100);
    return Number.isFinite(value) && value >= 100 && value <= 9900 ? value : wrong(at);
  };
  const moment = (text: string, at: string) => fromLocal(text) ?? (faults.set(at, { why: "moment", facts: {} }), new Date(0).toISOString());
  const presents = (list: PresentDraft[], at: string) => {
    if (list.length === 0) faults.set(at, { why: "items_needed", facts: {} });
    return list.map(({ skuId, quantity }, n) => ({ skuId, quantity: pieces(quantity, `${at}.${n}.skuId`) }));
  };
  const goods = { products: draft.products, categories: draft.categories, skus: draft.skus };

  const rule = (): PromotionRule => {
    switch (draft.kind) {
      case "full_reduction":
        return {
          kind: "full_reduction", goods, repeat: draft.repeat, most: maybe(draft.most, (text) => money(text, "rule.most")),
          steps: draft.steps.map((step, n) => {
            const at = `rule.steps.${n}`;
            return {
              atLeastAmount: draft.by === "amount" ? money(step.threshold, `${at}.threshold`) : null, atLeastPieces: draft.by === "pieces" ? pieces(step.threshold, `${at}.threshold`) : null,
              off: draft.give === "off" ? money(step.off, `${at}.off`) : null, rate: draft.give === "rate" ? kept(step.rate, `${at}.off`) : null,
            };
          }),
        };
      case "gift":
        return { kind: "gift", goods, steps: draft.steps.map((step, n) => ({ atLeastAmount: money(step.threshold, `rule.steps.${n}.threshold`), gifts: presents(step.gifts, `rule.steps.${n}.gifts`) })) };
      case "bundle":
        return { kind: "bundle", parts: presents(draft.parts, "rule.parts"), price: money(draft.price, "rule.price") };
      case "coupon":
        return {
          kind: "coupon", goods, threshold: money(draft.threshold, "rule.threshold"), off: draft.give === "off" ? money(draft.off, "rule.off") : null, rate: draft.give === "rate" ? kept(draft.rate, "rule.off") : null,
          most: draft.give === "rate" ? maybe(draft.most, (text) => money(text, "rule.most")) : null, total: pieces(draft.total, "rule.total"), perPerson: pieces(draft.perPerson, "rule.perPerson"),
          audience: draft.audience, level: draft.audience === "members" ? pieces(draft.level, "rule.level") : 0,
          useDays: draft.useBy === "days" ? pieces(draft.useDays, "rule.useDays") : null, useFrom: draft.useBy === "window" ? fromLocal(draft.useFrom) : null, useUntil: draft.useBy === "window" ? moment(draft.useUntil, "rule.useUntil") : null,
        };
      case "free_freight":
        return { kind: "free_freight", goods, atLeastAmount: money(draft.threshold, "rule.threshold") };
      case "member_price":
        return { kind: "member_price", level: pieces(draft.level, "rule.level") };
      case "group_buy":
        return { kind: "group_buy", size: pieces(draft.size, "rule.size", 2), hours: pieces(draft.hours, "rule.hours") };
      case "bargain":
        return { kind: "bargain", helpers: pieces(draft.helpers, "rule.helpers"), hours: pieces(draft.hours, "rule.hours") };
      case "presale":
        return { kind: "presale", balanceFrom: moment(draft.balanceFrom, "rule.balanceFrom"), balanceUntil: moment(draft.balanceUntil, "rule.balanceUntil"), shipsBy: moment(draft.shipsBy, "rule.shipsBy") };
      default:
        return { kind: draft.kind };
    }
  };
  const item = (each: ItemDraft, n: number): PutItem => {
    const at = `items.${n}`;
    const presale = draft.kind === "presale";
    return {
      skuId: each.skuId, price: money(each.price, `${at}.price`), stock: maybe(each.stock, (text) => pieces(text, `${at}.stock`)), perPerson: maybe(each.perPerson, (text) => pieces(text, `${at}.perPerson`)),
      deposit: presale ? money(each.deposit, `${at}.deposit`) : null, worth: presale ? maybe(each.worth, (text) => money(text, `${at}.worth`)) : null, floor: draft.kind === "bargain" ? money(each.floor, `${at}.floor`) : null,
    };
  };
  if (draft.name.trim() === "") faults.set("name", { why: "name", facts: {} });
  const body: PutPromotion = {
    name: draft.name.trim(), venueId: draft.venueId, startsAt: draft.startsAt === "" ? new Date().toISOString() : moment(draft.startsAt, "startsAt"), endsAt: draft.endsAt === "" ? null : moment(draft.endsAt, "endsAt"),
    rule: rule(), items: unitKinds.has(draft.kind) ? draft.items.map(item) : [], version,
  };
  return { body, faults };
}
