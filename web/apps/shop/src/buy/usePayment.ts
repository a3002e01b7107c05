import { isProblem, newKey, type Order, type Outcome, type Payment } from "@xinbo/api";
import { onScopeDispose, readonly, ref } from "vue";

import * as calls from "@shop/calls";

import type { Choice } from "./methods";

/** Where paying stands. `pending`: the provider has not said yet, which is nobody's fault. */
export type PayStep = "ready" | "paying" | "pending" | "paid" | "failed" | "refunded" | "expired";

type Calls = Pick<typeof calls, "openPayment" | "confirmSandbox" | "getPayment" | "getOrder">;

const SANDBOX: Choice = { provider: "sandbox", way: "here", sandbox: true };
const POLL_MS = [300, 500, 700, 1000, 1500];
const PENDING_AFTER_MS = 2500;

/**
 * Pay for one order. A second press while the first is under way is the same payment (one key
 * a wish); after a failure the next press is a new one. Polls until the provider has said.
 */
export function usePayment(through: Calls = calls) {
  const step = ref<PayStep>("ready");
  const error = ref<unknown>(null);
  /** What to scan with the provider's app, while that is awaited. */
  const code = ref("");
  let key = newKey();
  let alive = true;
  onScopeDispose(() => (alive = false));

  async function pay(order: Order, outcome: Outcome = "succeed", by: Choice = SANDBOX): Promise<void> {
    if (step.value === "paying" || step.value === "pending") return;
    step.value = "paying";
    error.value = null;
    try {
      const payment = await through.openPayment(order.id, key, by.provider, by.way);
      if (payment.status === "pending" && (await begin(payment, outcome))) return;
      await watch(payment, order);
    } catch (caught) {
      await refused(caught, order);
    }
  }

  /** Do what the payment says comes next; tell whether the page is left for that. */
  async function begin(payment: Payment, outcome: Outcome): Promise<boolean> {
    const { kind, url } = payment.action;
    if (kind === "sandbox") await confirm(payment, outcome);
    if (kind === "qr") {
      code.value = url ?? "";
      step.value = "pending";
    }
    if (kind === "redirect" && url) location.assign(url);
    return kind === "redirect";
  }

  async function confirm(payment: Payment, outcome: Outcome): Promise<void> {
    try {
      await through.confirmSandbox(payment.id, outcome);
    } catch (caught) {
      // Settled meanwhile (a repeated press, a second tab): the polling below finds out how.
      if (!isProblem(caught, "PaymentSettled")) throw caught;
    }
  }

  async function watch(payment: Payment, order: Order): Promise<void> {
    let waited = 0;
    for (let turn = 0; alive; turn++) {
      const now = await through.getPayment(payment.id).catch((caught: unknown) => {
        if (isProblem(caught) && caught.passing) return payment;
        throw caught;
      });
      if (settle(now)) return;
      if (turn % 4 === 3 && (await gone(order))) return;
      if (waited >= PENDING_AFTER_MS) step.value = "pending";
      const ms = POLL_MS[Math.min(turn, POLL_MS.length - 1)] ?? 1500;
      waited += ms;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }

  function settle({ status }: Payment): boolean {
    if (status === "pending") return false;
    key = newKey();
    code.value = "";
    step.value = status === "succeeded" || status === "partly_refunded" ? "paid" : status === "failed" ? "failed" : "refunded";
    return true;
  }

  /** Whether the order ended while its payment hung. */
  async function gone(order: Order): Promise<boolean> {
    const now = await through.getOrder(order.id).catch(() => order);
    if (now.status === order.status) return false;
    step.value = now.status === "cancelled" ? "expired" : "paid";
    return true;
  }

  async function refused(caught: unknown, order: Order): Promise<void> {
    if (isProblem(caught, "IllegalTransition") && (await gone(order))) return;
    error.value = caught;
    code.value = "";
    step.value = "ready";
  }

  /** Make ready for another try, or another order. */
  function reset(): void {
    key = newKey();
    step.value = "ready";
    error.value = null;
  }

  /** The order's time to pay has passed. */
  function expire(): void {
    if (step.value === "ready" || step.value === "failed") step.value = "expired";
  }

  return { step: readonly(step), error: readonly(error), code: readonly(code), pay, reset, expire };
}
