import type { AskCheckout, CartLine, Checkout } from "@xinbo/api";
import { keepPreviousData, useQueries } from "@tanstack/vue-query";
import { computed, onScopeDispose, shallowRef, watch, type Ref } from "vue";

import * as calls from "@shop/calls";
import { queryClient } from "@shop/queries";

const PATIENCE_MS = 200;

/** What lines of a cart cost: one bill for each show whose prices they have, as they would be ordered. */
export function useCartBills(lines: Ref<readonly CartLine[]>) {
  const asks = computed<AskCheckout[]>(() => {
    const shows = [...new Set(lines.value.map(({ showId }) => showId))];
    return shows.map((showId) => ({
      showId, addressId: null, chosen: null, couponId: null, noCoupon: false, points: 0,
      lines: lines.value.filter((line) => line.showId === showId).map(({ skuId, quantity }) => ({ skuId, quantity })),
    }));
  });
  const settled = shallowRef(asks.value);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(() => JSON.stringify(asks.value), () => {
    clearTimeout(timer);
    if (settled.value.length === 0) settled.value = asks.value;
    else timer = setTimeout(() => (settled.value = asks.value), PATIENCE_MS);
  });
  onScopeDispose(() => clearTimeout(timer));

  const answers = useQueries(
    {
      queries: computed(() =>
        settled.value.map((ask) => ({
          queryKey: ["checkout", ask],
          queryFn: ({ signal }: { signal: AbortSignal }) => calls.checkout(ask, signal),
          placeholderData: keepPreviousData,
          staleTime: 10_000,
        })),
      ),
    },
    queryClient,
  );
  const bills = computed(() => (asks.value.length === 0 ? [] : answers.value.map(({ data }) => data).filter((each): each is Checkout => each !== undefined)));
  const waiting = computed(() => answers.value.some(({ isPending, isPlaceholderData }) => isPending || isPlaceholderData) || JSON.stringify(asks.value) !== JSON.stringify(settled.value));
  const error = computed(() => answers.value.find((each) => each.error)?.error ?? null);
  return { bills, waiting, error };
}
