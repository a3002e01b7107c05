import type { OrderStatus } from "@xinbo/api";

/** The soft colour of each state; words stand beside it always. */
export const orderTones: Record<OrderStatus, "plain" | "jade" | "amber"> = { awaiting_payment: "amber", awaiting_balance: "amber", awaiting_group: "amber", awaiting_shipment: "jade", partly_shipped: "jade", shipped: "jade", completed: "plain", cancelled: "plain" };

/** Whether pieces of it can be sent now. */
export const shippable = (status: OrderStatus) => status === "awaiting_shipment" || status === "partly_shipped";
