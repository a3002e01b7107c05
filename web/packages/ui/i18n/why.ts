/** The reason for a step of a bill, in the reader's language. The server sends facts, never prose. */
import type { Bill } from "@xinbo/api";
import { useI18n } from "vue-i18n";

import { moneyText } from "./format";

export type BillStep = Bill["steps"][number];

/** A function that puts the reason for a step into words, such as `满¥299.00 · 减¥40.00 × 2`. */
export function useWhyWords(): (step: BillStep, currency?: string) => string {
  const { t, locale } = useI18n();

  return ({ kind, why }, currency = "CNY") => {
    const money = (minor: number) => moneyText(minor, locale.value, currency);
    const one = why.measure === "pieces" ? "Pieces" : "Amount";
    const count = (n: number) => (why.measure === "pieces" ? String(n) : money(n));

    /** Chinese says what is kept (8.5 折), other languages what is taken off (15 %). */
    const kept = (rate: number) => (locale.value.startsWith("zh") ? rate / 1000 : (10_000 - rate) / 100);

    const brings = (): string[] => {
      const said: string[] = [];
      if (why.off > 0) said.push(t(why.times > 1 ? "why.offTimes" : "why.off", { off: money(why.off), n: why.times }));
      else if (why.rate < 10_000) said.push(t("why.rate", { n: kept(why.rate) }));
      if (why.most !== null) said.push(t("why.most", { most: money(why.most) }));
      return said;
    };
    const except = why.blockedBy.length ? [t("why.except", { rules: why.blockedBy.join(t("why.and")) })] : [];

    switch (why.code) {
      case "reached": {
        const threshold = why.atLeast > 0 ? t(`why.reached${one}`, { atLeast: count(why.atLeast), has: count(why.has) }) : t("why.always");
        return [threshold, ...brings(), ...except].join(" · ");
      }
      case "held":
        return [t("why.held", { n: why.times }), ...brings()].join(" · ");
      case "short":
        return [t(`why.short${one}`, { missing: count(why.atLeast - why.has) }), ...brings()].join(" · ");
      case "blocked":
        return t("why.blocked", { rules: why.blockedBy.join(t("why.and")) });
      case "spent":
        return t("why.spent", { n: why.times });
      case "nothing":
        return t(kind === "free_freight" ? "why.notNeeded" : "why.nothing");
      default:
        return t(`why.${why.code}`);
    }
  };
}
