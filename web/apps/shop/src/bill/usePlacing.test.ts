import { Problem, type AskCheckout, type Order, type PlaceOrder } from "@xinbo/api";
import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { effectScope, ref } from "vue";

import { queryClient } from "@shop/queries";

import { checkoutOf } from "./fixtures";
import { useBill, type Wish } from "./useBill";
import { usePlacing } from "./usePlacing";

const wish = ref<Wish | null>(null);
let total = 20000;
const checkout = vi.fn((ask: AskCheckout) => Promise.resolve(checkoutOf(ask, { s: 10000 }, { total, pointsBalance: 900, pointsMost: 500 })));

let scope = effectScope();
afterEach(() => scope.stop());
beforeEach(() => {
  scope = effectScope();
  queryClient.clear();
  total = 20000;
  wish.value = { lines: [{ skuId: "s", quantity: 2 }], addressId: "a", showId: null, chosen: null };
});

async function placing(placeOrder: (order: PlaceOrder, key: string) => Promise<Order>) {
  const made = scope.run(() => {
    const billing = useBill(wish, { checkout });
    return { billing, placing: usePlacing(billing, () => wish.value, () => Promise.resolve(), { placeOrder }) };
  });
  if (!made) throw new Error("no scope");
  await flushPromises();
  return made;
}
const shown = { addressId: "a", note: "", total: 20000 };

test("a total that moved is shown beside the old one, and the new one is placed when it is pressed again", async () => {
  const placeOrder = vi.fn<(order: PlaceOrder, key: string) => Promise<Order>>();
  placeOrder.mockImplementationOnce(() => {
    total = 21000;
    return Promise.reject(new Problem("TotalChanged", 409, { expected: 20000, total }));
  });
  placeOrder.mockResolvedValueOnce({ id: "o" } as Order);
  const made = await placing(placeOrder);
  expect(await made.placing.place(shown)).toBe(false);
  expect(made.placing.moved.value).toEqual({ of: "total", was: 20000, now: 21000 });
  expect(made.placing.error.value).toBeNull();
  expect(await made.placing.place({ ...shown, total: 21000 })).toBe(true);
  expect(placeOrder.mock.calls[1]?.[0].expectedTotal).toBe(21000);
  expect(placeOrder.mock.calls[1]?.[1]).not.toBe(placeOrder.mock.calls[0]?.[1]);
});

test("a coupon that was refused is let go, and says so", async () => {
  const made = await placing(() => {
    total = 20500;
    return Promise.reject(new Problem("CouponRefused", 409, {}));
  });
  made.billing.coupon.value = "c";
  await flushPromises();
  expect(await made.placing.place(shown)).toBe(false);
  expect(made.billing.coupon.value).toBeUndefined();
  expect(made.placing.error.value).toMatchObject({ type: "CouponRefused" });
});

test("too few points: none are used, and the new total stands beside the old one", async () => {
  const made = await placing(() => {
    total = 20400;
    return Promise.reject(new Problem("TooFewPoints", 409, {}));
  });
  made.billing.withPoints.value = true;
  expect(await made.placing.place(shown)).toBe(false);
  expect(made.billing.withPoints.value).toBe(false);
  expect(made.placing.moved.value).toEqual({ of: "total", was: 20000, now: 20400 });
});

test("all the points that there are are offered; the server spends as many as may be", async () => {
  const made = await placing(vi.fn());
  made.billing.withPoints.value = true;
  await made.billing.now();
  expect(checkout.mock.calls.at(-1)?.[0].points).toBe(900);
});

test("a refusal that no new bill answers keeps its key for the next press", async () => {
  const keys: string[] = [];
  const made = await placing((_, key) => {
    keys.push(key);
    return Promise.reject(new Problem("HeldTooMuch", 429, { most: 5 }));
  });
  await made.placing.place(shown);
  await made.placing.place(shown);
  expect(keys[0]).toBe(keys[1]);
});

test("the first wish is billed at once, quick changes only when they are over", async () => {
  vi.useFakeTimers();
  const before = checkout.mock.calls.length;
  const made = placing(vi.fn());
  await vi.advanceTimersByTimeAsync(0);
  await made;
  expect(checkout.mock.calls.length - before).toBe(1);
  for (const quantity of [3, 4, 5]) {
    wish.value = { lines: [{ skuId: "s", quantity }], addressId: "a", showId: null, chosen: null };
    await vi.advanceTimersByTimeAsync(50);
  }
  await vi.advanceTimersByTimeAsync(300);
  expect(checkout.mock.calls.length - before).toBe(2);
  expect(checkout.mock.calls.at(-1)?.[0].lines[0]?.quantity).toBe(5);
  vi.useRealTimers();
});
