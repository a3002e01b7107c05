import type { OrderStatus } from "@xinbo/api";

/** The soft colour of each state; words stand beside it always. */
export const orderTones: Record<OrderStatus, "plain" | "jade" | "amber"> = { awaiting_payment: "amber", awaiting_shipment: "jade", shipped: "jade", completed: "plain", cancelled: "plain" };
