import { isProblem, newKey, type Order, type PlaceOrder } from "@xinbo/api";
import { computed, readonly, ref, shallowRef, watch, type Ref } from "vue";

import * as calls from "@shop/calls";
import { refresh } from "@shop/queries";

import { firstChoice, optionChoices, skuWith, type Buyable } from "./buyable";

type Calls = Pick<typeof calls, "placeOrder">;

/** A price that moved between showing and buying; the shopper decides. */
export interface PriceMove {
  was: number;
  now: number;
}

/**
 * Choose a variant and a number of pieces, and place the order. The price that is sent is the
 * one on screen; when the server's differs, nothing is bought until the shopper agrees.
 */
export function usePurchase(item: Ref<Buyable>, showId: string | null, reload: () => Promise<unknown>, through: Calls = calls) {
  const skuId = ref(firstChoice(item.value.skus)?.id ?? "");
  const quantity = ref(1);
  const placing = ref(false);
  const error = ref<unknown>(null);
  const moved = ref<PriceMove | null>(null);
  /** Prices that a refusal told before the shelf did, by variant. */
  const told = ref<Record<string, number>>({});
  const order = shallowRef<Order | null>(null);
  let wish = { body: "", key: "" };

  const sku = computed(() => {
    const found = item.value.skus.find(({ id }) => id === skuId.value) ?? firstChoice(item.value.skus);
    return found && { ...found, price: told.value[found.id] ?? found.price };
  });
  const choices = computed(() => optionChoices(item.value, sku.value?.options ?? []));
  const most = computed(() => Math.max(1, Math.min(99, sku.value?.left ?? 1)));
  const total = computed(() => (sku.value?.price ?? 0) * quantity.value);
  const soldOut = computed(() => (sku.value?.left ?? 0) <= 0);

  watch(() => item.value.skus.map(({ price }) => price).join(), () => (told.value = {}));
  watch(most, (limit) => (quantity.value = Math.min(quantity.value, limit)));
  watch([skuId, quantity], () => {
    error.value = null;
    moved.value = null;
  });

  function choose(at: number, value: string): void {
    skuId.value = skuWith(item.value, sku.value?.options ?? [], at, value)?.id ?? skuId.value;
  }

  /** Place the order; true when there is one. A retry of the same wish carries the same key. */
  async function place(addressId: string, note = ""): Promise<boolean> {
    const chosen = sku.value;
    if (!chosen || placing.value) return false;
    const body: PlaceOrder = { lines: [{ skuId: chosen.id, quantity: quantity.value, expectedPrice: chosen.price }], addressId, showId, note };
    if (JSON.stringify(body) !== wish.body) wish = { body: JSON.stringify(body), key: newKey() };
    placing.value = true;
    error.value = null;
    moved.value = null;
    try {
      order.value = await through.placeOrder(body, wish.key);
      wish = { body: "", key: "" };
      refresh("orders", "stock");
      return true;
    } catch (caught) {
      await refused(caught, chosen.price);
      return false;
    } finally {
      placing.value = false;
    }
  }

  async function refused(caught: unknown, was: number): Promise<void> {
    if (isProblem(caught, "PriceChanged", "OutOfStock", "NotOnSale")) {
      // This wish is answered; asking again is a new one.
      wish = { body: "", key: "" };
      await reload().catch(() => undefined);
    }
    if (isProblem(caught, "PriceChanged") && sku.value?.price === was && typeof caught.facts.price === "number") {
      told.value = { ...told.value, [sku.value.id]: caught.facts.price };
    }
    if (isProblem(caught, "PriceChanged") && sku.value && sku.value.price !== was) {
      moved.value = { was, now: sku.value.price };
      return;
    }
    error.value = caught;
  }

  /** Begin anew, as after an order expired. */
  function again(): void {
    order.value = null;
    error.value = null;
    moved.value = null;
  }

  return {
    sku, skuId, quantity, choices, most, total, soldOut, choose, place, again,
    placing: readonly(placing), error: readonly(error), moved: readonly(moved), order,
  };
}
