/** What a cue may name: goods of the line-up, promotions for this show or the shop, games of this show. */
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

import { listPromotions } from "@console/calls";
import type { ShowPlan } from "@console/types";

import { useGoods } from "../useGoods";
import { listGames } from "./calls";

const NIL = "00000000-0000-0000-0000-000000000000";
const label = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });

export function useChoices(plan: MaybeRefOrGetter<ShowPlan>) {
  const id = () => toValue(plan).show.id;
  const lineUp = computed(() => toValue(plan).lineUp.map(({ productId }) => productId));
  const { products } = useGoods(lineUp);
  const goods = computed(() => lineUp.value.map((value) => ({ value, label: products.value.get(value)?.title ?? "…" })));
  const own = useQuery({ queryKey: ["promotions", "of", id], queryFn: () => listPromotions({ show: id() }) });
  const shop = useQuery({ queryKey: ["promotions", "of", NIL], queryFn: () => listPromotions({ show: NIL }) });
  const promotions = computed(() => [...(own.data.value?.items ?? []), ...(shop.data.value?.items ?? [])].filter(({ state }) => state !== "ended").map(label));
  const played = useQuery({ queryKey: ["games", "of", id], queryFn: () => listGames(id()) });
  const games = computed(() => (played.data.value?.items ?? []).map(({ id: value, title }) => ({ value, label: title })));
  const refetch = () => Promise.all([own.refetch(), played.refetch()]);
  return { products, goods, promotions, games, refetch };
}
