import { isProblem, newKey, type Checkout, type Order, type PlaceOrder } from "@xinbo/api";
import { readonly, ref, shallowRef } from "vue";

import * as calls from "@shop/calls";
import { queryClient, refresh } from "@shop/queries";

import type { Billing, Wish } from "./useBill";

type Calls = Pick<typeof calls, "placeOrder">;

/** What was shown and what it is now: of one piece, or of everything. The shopper decides. */
export interface Move {
  of: "price" | "total";
  was: number;
  now: number;
}

/** What stood on the screen when the shopper pressed. */
export interface Shown {
  addressId: string;
  note: string;
  /** The amount on the button. */
  total: number;
  /** What a piece cost there, by SKU, where the bill was not there yet. */
  prices?: Readonly<Record<string, number>>;
}

/** Refusals that a new bill may answer. */
const REBILLED = ["PriceChanged", "TotalChanged", "OutOfStock", "NotOnSale", "OfferGone", "CouponRefused", "CouponNotUsable", "TooFewPoints", "NotDelivered", "PerPersonLimit"];

/**
 * Place an order at the bill that is on screen. What costs more than it said there is not bought:
 * the new bill is shown with the old amount beside it, and the shopper presses again or does not.
 */
export function usePlacing(billing: Billing, wish: () => Wish | null, reload: () => Promise<unknown>, through: Calls = calls) {
  const placing = ref(false);
  const error = ref<unknown>(null);
  const moved = ref<Move | null>(null);
  const order = shallowRef<Order | null>(null);
  let kept = { body: "", key: "" };

  function clear(): void {
    error.value = null;
    moved.value = null;
  }

  function bodyOf(wanted: Wish, bill: Checkout, shown: Shown): PlaceOrder {
    const price = new Map(bill.lines.filter(({ gift }) => !gift).map((line) => [line.skuId, line.price]));
    return {
      lines: wanted.lines.map(({ skuId, quantity }) => ({ skuId, quantity, expectedPrice: price.get(skuId) ?? 0 })),
      addressId: shown.addressId,
      showId: wanted.showId ?? null,
      note: shown.note,
      chosen: wanted.chosen ?? null,
      couponId: bill.bill.couponId ? bill.couponId : null,
      points: billing.asked.value?.points ?? 0,
      expectedTotal: bill.total,
    };
  }

  /** Place it; true when there is an order. A retry of the same wish carries the same key. */
  async function place(shown: Shown): Promise<boolean> {
    if (placing.value) return false;
    placing.value = true;
    clear();
    try {
      const wanted = wish();
      const bill = await billing.now();
      if (!wanted || !bill) return false;
      if ((moved.value = dearer(bill, shown))) return false;
      const body = bodyOf(wanted, bill, shown);
      if (JSON.stringify(body) !== kept.body) kept = { body: JSON.stringify(body), key: newKey() };
      order.value = await through.placeOrder(body, kept.key);
      kept = { body: "", key: "" };
      refresh("orders", "stock", "cart", "coupons");
      // Asked again when it is wanted again: what was just ordered needs no further bill.
      void queryClient.invalidateQueries({ queryKey: ["checkout"], refetchType: "none" });
      return true;
    } catch (caught) {
      await refused(caught, shown);
      return false;
    } finally {
      placing.value = false;
    }
  }

  /** Where the bill says more than the button did, nothing is bought before it was seen. */
  function dearer(bill: Checkout, shown: Shown): Move | null {
    for (const line of bill.lines) {
      const was = shown.prices?.[line.skuId];
      if (!line.gift && was !== undefined && line.price > was) return { of: "price", was, now: line.price };
    }
    return bill.total > shown.total ? { of: "total", was: shown.total, now: bill.total } : null;
  }

  async function refused(caught: unknown, shown: Shown): Promise<void> {
    if (!isProblem(caught, ...REBILLED)) {
      error.value = caught;
      return;
    }
    // This wish is answered; asking again is a new one.
    kept = { body: "", key: "" };
    if (isProblem(caught, "CouponRefused", "CouponNotUsable")) billing.coupon.value = undefined;
    if (isProblem(caught, "TooFewPoints")) billing.withPoints.value = false;
    const [bill] = await Promise.all([billing.again().catch(() => null), reload().catch(() => undefined)]);
    moved.value = moveOf(caught, bill, shown);
    if (!moved.value || !isProblem(caught, "PriceChanged", "TotalChanged")) error.value = caught;
  }

  function moveOf(caught: unknown, bill: Checkout | null, shown: Shown): Move | null {
    const { expected, price, total, skuId } = isProblem(caught) ? (caught.facts as Record<string, unknown>) : {};
    const line = bill?.lines.find((each) => each.skuId === skuId && !each.gift);
    if (isProblem(caught, "PriceChanged") && typeof expected === "number" && typeof price === "number") return { of: "price", was: expected, now: line?.price ?? price };
    const now = bill?.total ?? (typeof total === "number" ? total : shown.total);
    return now === shown.total ? null : { of: "total", was: shown.total, now };
  }

  return { placing: readonly(placing), error: readonly(error), moved: readonly(moved), order, place, clear };
}
