/** A promotion in the words of a shopper. */
import { moneyText } from "@xinbo/ui";

import { toFen } from "@console/amounts";

import type { Draft } from "./draft";
import type { Known } from "./known";

type Say = (key: string, facts?: Record<string, unknown>) => string;

export function linesOf(draft: Draft, known: Known, t: Say, locale: string): string[] {
  const money = (text: string) => moneyText(toFen(text) ?? 0, locale);
  const rate = (text: string) => t("promotions.say.rate", { percent: text || "—", fold: text ? Number((Number(text) / 10).toFixed(2)) : "—" });
  const name = (skuId: string) => known.skus.get(skuId)?.title ?? "—";
  switch (draft.kind) {
    case "full_reduction":
      return draft.steps.map(({ threshold, off, rate: kept }) => {
        const from = draft.by === "amount" ? t(draft.repeat ? "promotions.say.every" : "promotions.say.from", { amount: money(threshold) }) : t("promotions.say.pieces", { n: threshold || "—" });
        return `${from} ${draft.give === "off" ? t("promotions.say.off", { amount: money(off) }) : rate(kept)}`;
      });
    case "gift":
      return draft.steps.map(({ threshold, gifts }) => `${t("promotions.say.from", { amount: money(threshold) })} ${t("promotions.say.gift", { what: gifts.map(({ skuId, quantity }) => `${name(skuId)} × ${quantity}`).join(t("joined.between")) || "—" })}`);
    case "bundle":
      return [`${draft.parts.map(({ skuId, quantity }) => `${name(skuId)} × ${quantity}`).join(" + ") || "—"} = ${money(draft.price)}`];
    case "coupon":
      return [`${t("promotions.say.from", { amount: money(draft.threshold) })} ${draft.give === "off" ? t("promotions.say.off", { amount: money(draft.off) }) : rate(draft.rate)}`, t(`promotions.audience.${draft.audience}`)];
    case "free_freight":
      return [`${t("promotions.say.from", { amount: money(draft.threshold) })} ${t("promotions.kinds.free_freight")}`];
    case "group_buy":
      return [t("promotions.say.group", { n: draft.size || "—", hours: draft.hours || "—" })];
    case "bargain":
      return [t("promotions.say.bargain", { n: draft.helpers || "—", hours: draft.hours || "—" })];
    default:
      return [];
  }
}
