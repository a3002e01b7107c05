import type { Composer } from "vue-i18n";

import { moneyText } from "@xinbo/ui";

/** What a coupon is worth, wherever it comes from. */
export interface CouponTerms {
  threshold: number;
  off: number | null;
  rate: number | null;
  most?: number | null;
  goods?: { categories: readonly string[]; products: readonly string[]; skus: readonly string[] };
}

/** An amount without cents where it has none: coupons are named by round sums. */
export const roundText = (amount: number, locale: string): string => moneyText(amount, locale).replace(/[.]00$/, "");

type Words = Pick<Composer, "t"> & { locale: { value: string } };

/** A rate as readers say it: 8500 is 8.5 in Chinese (of ten kept) and 15 in English (percent off). */
export function rateText(rate: number, locale: string): string {
  return String(locale.startsWith("zh") ? rate / 1000 : 100 - rate / 100);
}

/** From how much it counts, what it never exceeds, and what it is for. */
export function conditionText(terms: CouponTerms, { t, locale }: Words): string {
  const money = (amount: number) => roundText(amount, locale.value);
  const parts = [terms.threshold > 0 ? t("coupon.from", { amount: money(terms.threshold) }) : t("coupon.fromNothing")];
  if (terms.rate !== null && terms.most) parts.push(t("coupon.most", { amount: money(terms.most) }));
  const { categories = [], products = [], skus = [] } = terms.goods ?? {};
  parts.push(categories.length + products.length + skus.length > 0 ? t("coupon.someGoods") : t("coupon.allGoods"));
  return parts.join(" · ");
}

/** What it takes off, in a few characters. */
export function valueText(terms: CouponTerms, { t, locale }: Words): string {
  if (terms.rate !== null) return t("coupon.rate", { n: rateText(terms.rate, locale.value) });
  return t("coupon.off", { amount: roundText(terms.off ?? 0, locale.value) });
}
