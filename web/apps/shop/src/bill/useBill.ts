import type { AskCheckout, Checkout } from "@xinbo/api";
import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from "vue";

import * as calls from "@shop/calls";
import { queryClient } from "@shop/queries";

/** What is to be bought: lines, where, and the way that was chosen, if one was. */
export type Wish = Pick<AskCheckout, "lines" | "addressId" | "showId" | "chosen">;

type Calls = Pick<typeof calls, "checkout">;

const PATIENCE_MS = 200;
/** A bill that was asked for this long ago is still the one on screen. */
const FRESH_MS = 30_000;

/** Everything of a wish but how many. */
const otherwise = (ask: AskCheckout) => JSON.stringify({ ...ask, lines: ask.lines.map(({ skuId }) => skuId) });

/**
 * What a wish costs, as the server bills it: asked again whenever the wish changes, a little after
 * the last change, and an answer that is no longer wanted is let go. `null` asks nothing.
 */
export function useBill(wish: MaybeRefOrGetter<Wish | null>, through: Calls = calls) {
  /** `undefined`: the best one; `null`: none. */
  const coupon = ref<string | null | undefined>(undefined);
  const withPoints = ref(false);
  const balance = ref(0);
  const asked = computed<AskCheckout | null>(() => {
    const wanted = toValue(wish);
    if (!wanted || wanted.lines.length === 0) return null;
    return { ...wanted, couponId: coupon.value ?? null, noCoupon: coupon.value === null, points: withPoints.value ? balance.value : 0 };
  });

  const settled = shallowRef(asked.value);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(() => JSON.stringify(asked.value), () => {
    clearTimeout(timer);
    // A stepper that is held down asks when it is let go; everything else is one decision, asked at once.
    if (settled.value && asked.value && otherwise(settled.value) === otherwise(asked.value)) timer = setTimeout(() => (settled.value = asked.value), PATIENCE_MS);
    else settled.value = asked.value;
  });
  onScopeDispose(() => clearTimeout(timer));

  const options = (ask: AskCheckout | null) => ({
    queryKey: ["checkout", ask],
    queryFn: ({ signal }: { signal?: AbortSignal }) => through.checkout(ask as AskCheckout, signal),
  });
  const query = useQuery(
    computed(() => ({ ...options(settled.value), enabled: settled.value !== null, placeholderData: keepPreviousData, staleTime: FRESH_MS, gcTime: FRESH_MS })),
    queryClient,
  );
  const bill = computed<Checkout | null>(() => (asked.value ? (query.data.value ?? null) : null));
  /** What is on screen is about to be replaced. */
  const stale = computed(() => asked.value !== null && (query.isPlaceholderData.value || query.isPending.value || JSON.stringify(settled.value) !== JSON.stringify(asked.value)));
  watch(bill, (now) => now && (balance.value = now.pointsBalance), { immediate: true });

  /** The bill of the wish as it stands now; waits for it where it is still on its way. */
  async function now(): Promise<Checkout | null> {
    return asked.value ? queryClient.fetchQuery({ ...options(asked.value), staleTime: FRESH_MS }) : null;
  }
  /** Have it billed anew, because the one on screen no longer holds. */
  async function again(): Promise<Checkout | null> {
    clearTimeout(timer);
    settled.value = asked.value;
    return asked.value ? queryClient.fetchQuery({ ...options(asked.value), staleTime: 0 }) : null;
  }

  return { bill, stale, error: query.error, coupon, withPoints, asked, now, again };
}

export type Billing = ReturnType<typeof useBill>;
