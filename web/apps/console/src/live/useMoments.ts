/** The show's timeline in words: each fact of the event log that has words is a line. */
import { useInfiniteQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { useI18n } from "vue-i18n";

import * as calls from "@console/calls";
import { useHouseWords } from "@console/contingency/words";
import type { Moment } from "@console/types";

/** What a line is about, for its colour. */
export type Tone = "stage" | "sale" | "warn" | "bad" | "plain";

const TONES: readonly [prefix: string, tone: Tone][] = [
  ["incidents.", "bad"],
  ["contingency.", "plain"],
  ["readiness.", "warn"],
  ["rehearsals.drill", "warn"],
  ["broadcasts.", "warn"],
  ["chat.", "warn"],
  ["games.", "sale"],
  ["promotions.", "sale"],
  ["shows.", "stage"],
  ["cast.", "stage"],
];
export const toneOf = (kind: string): Tone => TONES.find(([prefix]) => kind.startsWith(prefix))?.[1] ?? "plain";

/** The key of a fact's words: its name, and the one of its facts that decides what is said. */
export function wordsOf({ kind, facts }: Pick<Moment, "kind" | "facts">): string[] {
  const name = kind.replace(/\./g, "_");
  const decides = ["what", "state", "status", "action", "outcome", "kind", "soldOut", "textRoom"].filter((key) => facts[key] !== undefined && facts[key] !== null && facts[key] !== "");
  const nothing = "productId" in facts && facts["productId"] === null ? ["none"] : "cueId" in facts && facts["cueId"] === null ? ["none"] : [];
  return [...nothing, ...decides.map((key) => String(facts[key]))].map((variant) => `timeline.fact.${name}_${variant}`).concat(`timeline.fact.${name}`);
}

export function useMoments(showId: string, onAir: Ref<boolean>) {
  const { t, te } = useI18n();
  const house = useHouseWords();
  /** What the house's own playbooks say, in the reader's language. */
  const known = ({ word, text, title }: Moment["facts"]) => (typeof word === "string" ? { ...(typeof text === "string" && { text: house.step({ word, text }) }), ...(typeof title === "string" && { title: house.title({ word, title }) }) } : {});
  const query = useInfiniteQuery({
    queryKey: ["timeline", showId],
    queryFn: ({ pageParam }) => calls.listMoments(showId, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: () => (onAir.value ? 4000 : false),
  });
  const moments = computed(() =>
    (query.data.value?.pages.flatMap(({ items }) => items) ?? []).map((moment) => {
      const key = wordsOf(moment).find((candidate) => te(candidate));
      const text = key ? t(key, { ...named(moment.facts), ...known(moment.facts) }) : "";
      return { ...moment, text, by: moment.by ?? (moment.role === "system" ? t("timeline.system") : ""), tone: toneOf(moment.kind) };
    }),
  );
  return { query, moments };
}

/** Facts as a sentence may name them: what is null or a list has nothing to say in words. */
function named(facts: Moment["facts"]): Record<string, string | number> {
  return Object.fromEntries(Object.entries(facts).flatMap(([key, value]) => (typeof value === "string" || typeof value === "number" ? [[key, value]] : [])));
}
