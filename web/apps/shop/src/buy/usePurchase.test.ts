import { Problem, type Order, type PlaceOrder } from "@xinbo/api";
import { expect, test, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";

import type { Buyable } from "./buyable";
import { firstChoice, optionChoices, priceFrom, skuWith } from "./buyable";
import { usePurchase } from "./usePurchase";

const sku = (id: string, options: string[], left: number, price = 12900) => ({ id, options, left, price, listPrice: 14900, pictureUrl: null });
const cream = (changes: Partial<Buyable> = {}): Buyable => ({
  productId: "p", title: "cream", subtitle: "", unit: "x", optionNames: ["size", "scent"], pictures: [],
  skus: [sku("s1", ["30", "rose"], 0), sku("s2", ["50", "rose"], 4), sku("s3", ["50", "plain"], 9, 15900)],
  ...changes,
});

function buying(placeOrder: (order: PlaceOrder, key: string) => Promise<Order>, reload = vi.fn(() => Promise.resolve())) {
  const item = ref(cream());
  const scope = effectScope();
  const purchase = scope.run(() => usePurchase(item, "show", reload, { placeOrder }));
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
    { lines: [{ skuId: "s2", quantity: 2, expectedPrice: 12900 }], addressId: "a", showId: "show", note: "" },
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
  const placeOrder = vi.fn(() => Promise.reject(new Problem("PriceChanged", 409)));
  const { item, purchase, reload } = buying(placeOrder);
  reload.mockImplementation(() => {
    item.value = cream({ skus: [sku("s2", ["50", "rose"], 4, 13900)] });
    return Promise.resolve();
  });
  expect(await purchase.place("a")).toBe(false);
  expect(purchase.moved.value).toEqual({ was: 12900, now: 13900 });
  expect(placeOrder).toHaveBeenCalledTimes(1);
});

test("a new price that only the refusal told is shown, and is the one sent next", async () => {
  const placeOrder = vi.fn<(order: PlaceOrder, key: string) => Promise<Order>>(() => Promise.reject(new Problem("PriceChanged", 409, { price: 13900 })));
  const { purchase } = buying(placeOrder);
  await purchase.place("a");
  expect(purchase.moved.value).toEqual({ was: 12900, now: 13900 });
  placeOrder.mockResolvedValueOnce({ id: "o" } as Order);
  expect(await purchase.place("a")).toBe(true);
  expect(placeOrder.mock.calls.at(-1)?.[0].lines[0]?.expectedPrice).toBe(13900);
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
