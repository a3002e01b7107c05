import type { Checkout, Order } from "@xinbo/api";
import { computed, ref, watch, type Ref } from "vue";

import { useBill, type Wish } from "@shop/bill/useBill";
import { usePlacing } from "@shop/bill/usePlacing";
import * as calls from "@shop/calls";

import { chosenOf, firstChoice, optionChoices, skuWith, type Buyable } from "./buyable";

type Calls = Pick<typeof calls, "placeOrder" | "checkout">;

/** Where something is bought, for whom and how. */
export interface Buying {
  showId: string | null;
  /** Whose wish it is decides what it costs: nothing is billed for a guest. */
  signedIn: () => boolean;
  addressId: () => string | null;
  /** Ask for the product's price and stock again. */
  reload: () => Promise<unknown>;
}

/**
 * Choose a variant and a number of pieces, see what they cost, and place the order. What is sent is
 * what is on screen; when the server's differs, nothing is bought until the shopper agrees.
 */
export function usePurchase(item: Ref<Buyable>, at: Buying, through: Calls = calls) {
  const skuId = ref(firstChoice(item.value.skus)?.id ?? "");
  const quantity = ref(1);

  const found = computed(() => item.value.skus.find(({ id }) => id === skuId.value) ?? firstChoice(item.value.skus));
  const wish = computed<Wish | null>(() => {
    if (!found.value || !at.signedIn()) return null;
    return { lines: [{ skuId: found.value.id, quantity: quantity.value }], showId: at.showId, addressId: at.addressId(), chosen: chosenOf(item.value, found.value) };
  });
  const billing = useBill(wish, through);
  const placing = usePlacing(billing, () => wish.value, at.reload, through);

  /** The line that is billed, where the bill is of the variant on screen. */
  const line = computed(() => billing.bill.value?.lines.find((each) => !each.gift && each.skuId === found.value?.id));
  const sku = computed(() => found.value && { ...found.value, price: line.value?.price ?? found.value.price });
  const choices = computed(() => optionChoices(item.value, sku.value?.options ?? []));
  const most = computed(() => Math.max(1, Math.min(99, sku.value?.left ?? 1, sku.value?.most ?? line.value?.perPerson ?? 99)));
  /** What it costs in all, as the button says it. */
  const total = computed(() => (billing.bill.value && !billing.stale.value && line.value ? billing.bill.value.total : (sku.value?.price ?? 0) * quantity.value));
  const soldOut = computed(() => (sku.value?.left ?? 0) <= 0);

  watch(most, (limit) => (quantity.value = Math.min(quantity.value, limit)));
  watch([skuId, quantity, billing.coupon, billing.withPoints], () => {
    if (!placing.placing.value) placing.clear();
  });

  function choose(option: number, value: string): void {
    skuId.value = skuWith(item.value, sku.value?.options ?? [], option, value)?.id ?? skuId.value;
  }

  /** Place the order; true when there is one. */
  function place(addressId: string, note = ""): Promise<boolean> {
    const prices = sku.value ? { [sku.value.id]: sku.value.price } : {};
    return placing.place({ addressId, note, total: total.value, prices });
  }

  /** Begin anew, as after an order expired. */
  function again(): void {
    placing.order.value = null;
    placing.clear();
  }

  return {
    sku, skuId, quantity, choices, most, total, soldOut, choose, place, again, billing,
    bill: billing.bill as Ref<Checkout | null>, placing: placing.placing, error: placing.error, moved: placing.moved, order: placing.order as Ref<Order | null>,
  };
}
