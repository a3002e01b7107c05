/** A check in words, and where it is mended. */
import { momentText } from "@xinbo/ui";
import { useI18n } from "vue-i18n";
import type { RouteLocationRaw } from "vue-router";

import type { Check } from "./calls";

export function useCheckWords(showId: () => string) {
  const { t, te, locale } = useI18n();

  function words(check: Check): string {
    const base = `readiness.checks.${check.kind}`;
    if (check.severity === "ok") return t(`${base}.ok`);
    const facts = Object.fromEntries(Object.entries(check.facts).map(([name, fact]) => [name, (name === "at" || name === "start" || name === "end") && typeof fact === "string" ? momentText(fact, locale.value) : (fact ?? "")]));
    const why = `${base}.${check.facts["why"] ?? "not"}`;
    return t(te(why) ? why : `${base}.not`, facts);
  }

  function place({ link, about }: Check): RouteLocationRaw {
    const show = { params: { id: showId() } };
    switch (link) {
      case "promotion":
        return about ? { name: "promotion", params: { id: about } } : { name: "promotions" };
      case "product":
        return about ? { name: "product", params: { id: about } } : { name: "goods" };
      case "stock":
        return { name: "stock" };
      case "kit":
      case "checklist":
        return { name: "readiness", ...show, hash: `#${link}` };
      default:
        return { name: link, ...show };
    }
  }
  return { words, place };
}
