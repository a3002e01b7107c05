import { Problem, type AskCheckout, type Order, type PlaceOrder } from "@xinbo/api";
import { flushPromises } from "@vue/test-utils";
import { expect, test, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";

import { checkoutOf } from "@shop/bill/fixtures";
import { queryClient } from "@shop/queries";

import type { Buyable } from "./buyable";
import { firstChoice, optionChoices, priceFrom, skuWith } from "./buyable";
import { usePurchase } from "./usePurchase";

const sku = (id: string, options: string[], left: number, price = 12900) => ({ id, options, left, price, listPrice: 14900, pictureUrl: null });
const cream = (changes: Partial<Buyable> = {}): Buyable => ({
  productId: "p", title: "cream", subtitle: "", unit: "x", optionNames: ["size", "scent"], pictures: [],
  skus: [sku("s1", ["30", "rose"], 0), sku("s2", ["50", "rose"], 4), sku("s3", ["50", "plain"], 9, 15900)],
  ...changes,
});

const PRICES: Record<string, number> = { s1: 12900, s2: 12900, s3: 15900 };
type Place = (order: PlaceOrder, key: string) => Promise<Order>;

function buying(placeOrder: Place, reload = vi.fn(() => Promise.resolve()), checkout = (ask: AskCheckout) => Promise.resolve(checkoutOf(ask, PRICES))) {
  queryClient.clear();
  const item = ref(cream());
  const scope = effectScope();
  const purchase = scope.run(() => usePurchase(item, { showId: "show", signedIn: () => true, addressId: () => "a", reload }, { placeOrder, checkout }));
  if (!purchase) throw new Error("no scope");
  return { item, purchase, reload };
}

test("the first variant that can be bought is chosen to begin with", () => {
  expect(firstChoice(cream().skus)?.id).toBe("s2");
  expect(firstChoice([sku("only", [], 0)])?.id).toBe("only");
});

test("choosing one option keeps as many of the others as it can", () => {
  expect(skuWith(cream(), ["50", "plain"], 0, "30")?.id).toBe("s1");
  expect(skuWith(cream(), ["50", "rose"], 1, "plain")?.id).toBe("s3");
});

test("options that are sold out or do not exist say so", () => {
  const [size, scent] = optionChoices(cream(), ["30", "rose"]);
  expect(size?.values).toEqual([
    { value: "30", chosen: true, exists: true, soldOut: true },
    { value: "50", chosen: false, exists: true, soldOut: false },
  ]);
  expect(scent?.values.find(({ value }) => value === "plain")?.exists).toBe(false);
});

test("the price from which a product starts", () => {
  expect(priceFrom(cream().skus)).toEqual({ price: 12900, more: true });
});

test("the price on screen is the one that is sent", async () => {
  const placeOrder = vi.fn(() => Promise.resolve({ id: "o" } as Order));
  const { purchase } = buying(placeOrder);
  purchase.quantity.value = 2;
  expect(await purchase.place("a")).toBe(true);
  expect(placeOrder).toHaveBeenCalledWith(
    { lines: [{ skuId: "s2", quantity: 2, expectedPrice: 12900 }], addressId: "a", showId: "show", note: "", chosen: null, couponId: null, points: 0, expectedTotal: 25800 },
    expect.any(String),
  );
});

test("the same wish retried carries the same key, another wish another", async () => {
  const keys: string[] = [];
  const { purchase } = buying((_, key) => {
    keys.push(key);
    return Promise.reject(new Problem("Offline", 0));
  });
  await purchase.place("a");
  await purchase.place("a");
  purchase.quantity.value = 2;
  await purchase.place("a");
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[0]);
});

test("a changed price is shown beside the old one and buys nothing by itself", async () => {
  let price = 12900;
  const placeOrder = vi.fn<Place>(() => {
    price = 13900;
    return Promise.reject(new Problem("PriceChanged", 409, { skuId: "s2", expected: 12900, price }));
  });
  const { purchase } = buying(placeOrder, undefined, (ask) => Promise.resolve(checkoutOf(ask, { s2: price })));
  expect(await purchase.place("a")).toBe(false);
  expect(purchase.moved.value).toEqual({ of: "price", was: 12900, now: 13900 });
  expect(placeOrder).toHaveBeenCalledTimes(1);
  placeOrder.mockResolvedValueOnce({ id: "o" } as Order);
  expect(await purchase.place("a")).toBe(true);
  expect(placeOrder.mock.calls.at(-1)?.[0]).toMatchObject({ lines: [{ expectedPrice: 13900 }], expectedTotal: 13900 });
});

test("a bill that says more than the button did is shown before anything is bought", async () => {
  const placeOrder = vi.fn<Place>(() => Promise.resolve({ id: "o" } as Order));
  const { purchase } = buying(placeOrder, undefined, (ask) => Promise.resolve(checkoutOf(ask, PRICES, { total: 13900 })));
  expect(await purchase.place("a")).toBe(false);
  expect(purchase.moved.value).toEqual({ of: "total", was: 12900, now: 13900 });
  expect(placeOrder).not.toHaveBeenCalled();
  await flushPromises();
  expect(purchase.total.value).toBe(13900);
  expect(await purchase.place("a")).toBe(true);
});

test("nothing is billed for someone who is not signed in", async () => {
  const checkout = vi.fn();
  const item = ref(cream());
  effectScope().run(() => usePurchase(item, { showId: null, signedIn: () => false, addressId: () => null, reload: () => Promise.resolve() }, { placeOrder: vi.fn(), checkout }));
  await flushPromises();
  expect(checkout).not.toHaveBeenCalled();
});

test("when stock runs out the number of pieces falls to what is left", async () => {
  const { item, purchase, reload } = buying(() => Promise.reject(new Problem("OutOfStock", 409, { left: 1 })));
  purchase.quantity.value = 4;
  reload.mockImplementation(() => {
    item.value = cream({ skus: [sku("s2", ["50", "rose"], 1)] });
    return Promise.resolve();
  });
  await purchase.place("a");
  await nextTick();
  expect(purchase.quantity.value).toBe(1);
});
