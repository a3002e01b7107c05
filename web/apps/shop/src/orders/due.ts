import type { Order } from "@xinbo/api";

/** What is to be paid next, in minor units: of a pre-sale first the deposit, then the rest. */
export function dueOf(order: Pick<Order, "status" | "total" | "deposit">): number {
  if (!order.deposit) return order.total;
  return order.status === "awaiting_payment" ? order.deposit : order.total - order.deposit;
}

/** Whether the shopper can pay something now; a balance only once its time has come. */
export function payableNow(order: Pick<Order, "status" | "balanceFrom">, now: number): boolean {
  if (order.status === "awaiting_payment") return true;
  return order.status === "awaiting_balance" && (order.balanceFrom === null || new Date(order.balanceFrom).getTime() <= now);
}

/** Until when it has to be paid. */
export const payUntil = (order: Pick<Order, "status" | "payBy" | "dueAt">): string => (order.status === "awaiting_balance" ? (order.dueAt ?? order.payBy) : order.payBy);
