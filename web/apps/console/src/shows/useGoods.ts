/** The products that a plan names, and how many of each variant there are in general. */
import type { Product } from "@xinbo/api";
import { useQueries } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

import * as calls from "@console/calls";
import { useStock } from "@console/queries";

export function useGoods(ids: MaybeRefOrGetter<string[]>) {
  const found = useQueries({
    queries: computed(() => [...new Set(toValue(ids))].map((id) => ({ queryKey: ["product", id], queryFn: () => calls.getProduct(id), staleTime: 30_000 }))),
  });
  const products = computed(() => new Map(found.value.flatMap(({ data }) => (data ? [[data.id, data as Product] as const] : []))));
  const pending = computed(() => found.value.some(({ isPending }) => isPending));
  const listPrices = computed(() => new Map([...products.value.values()].flatMap(({ skus }) => skus.map(({ id, price }) => [id, price] as const))));
  const stock = useStock(() => [...listPrices.value.keys()]);
  const left = computed(() => new Map((stock.data.value ?? []).map((each) => [each.skuId, each.left] as const)));
  return { products, pending, listPrices, left };
}
