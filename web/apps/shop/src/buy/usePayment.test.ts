import { Problem, type Order, type Payment } from "@xinbo/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { effectScope } from "vue";

import { usePayment } from "./usePayment";

const order = { id: "o", status: "awaiting_payment" } as Order;
const payment = (status: Payment["status"]) => ({ id: "p", status, action: { kind: "sandbox", url: null, params: {} } }) as Payment;

function paying(...news: Payment["status"][]) {
  const through = {
    openPayment: vi.fn((_: string, _key: string) => Promise.resolve(payment("pending"))),
    confirmSandbox: vi.fn(() => Promise.resolve(payment("pending"))),
    getPayment: vi.fn(() => Promise.resolve(payment(news.length > 1 ? (news.shift() ?? "pending") : (news[0] ?? "pending")))),
    getOrder: vi.fn(() => Promise.resolve(order)),
  };
  const scope = effectScope();
  const pay = scope.run(() => usePayment(through));
  if (!pay) throw new Error("no scope");
  return { ...pay, through, scope };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("one press pays, and a second press while it is under way is no second payment", async () => {
  const { pay, step, through } = paying("pending", "succeeded");
  void pay(order);
  void pay(order);
  await vi.advanceTimersByTimeAsync(1000);
  expect(step.value).toBe("paid");
  expect(through.openPayment).toHaveBeenCalledTimes(1);
});

test("a provider that is slow to answer leaves the payment pending, then paid", async () => {
  const { pay, step } = paying("pending", "pending", "pending", "pending", "pending", "pending", "pending", "succeeded");
  void pay(order);
  await vi.advanceTimersByTimeAsync(4200);
  expect(step.value).toBe("pending");
  await vi.advanceTimersByTimeAsync(6000);
  expect(step.value).toBe("paid");
});

test("after a failure the next try is a new payment", async () => {
  const { pay, step, through } = paying("failed");
  await pay(order);
  expect(step.value).toBe("failed");
  await pay(order);
  const [first, second] = through.openPayment.mock.calls;
  expect(first?.[1]).not.toBe(second?.[1]);
});

test("a retry after no answer is the same payment", async () => {
  const { pay, step, error, through } = paying("succeeded");
  through.openPayment.mockRejectedValueOnce(new Problem("Offline", 0));
  await pay(order);
  expect([step.value, (error.value as Problem).type]).toEqual(["ready", "Offline"]);
  await pay(order);
  const [first, second] = through.openPayment.mock.calls;
  expect(first?.[1]).toBe(second?.[1]);
  expect(step.value).toBe("paid");
});

test("an order that expired while its payment hung says so", async () => {
  const { pay, step, through } = paying("pending");
  through.getOrder.mockResolvedValue({ ...order, status: "cancelled" });
  void pay(order);
  await vi.advanceTimersByTimeAsync(3000);
  expect(step.value).toBe("expired");
});

test("leaving the page stops the polling", async () => {
  const { pay, through, scope } = paying("pending");
  void pay(order);
  await vi.advanceTimersByTimeAsync(500);
  scope.stop();
  await vi.advanceTimersByTimeAsync(2000);
  const asked = through.getPayment.mock.calls.length;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(through.getPayment.mock.calls.length).toBe(asked);
});
