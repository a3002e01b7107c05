/** Everything that the shop asks of the server, each call with its types, in one place. */
import { ask, createApi, idempotent, type Outcome, type PlaceOrder, type PutAddress, type OrderStatus, type ShowStatus } from "@xinbo/api";

import { merchant } from "./place";
import type { Behaviour } from "./track";

export const api = createApi({ merchant: () => merchant });

export const getMerchant = () => ask(api.GET("/api/v1/merchants/current"));

export const listShows = (status?: ShowStatus, cursor?: string) =>
  ask(api.GET("/api/v1/shows", { params: { query: { ...(status && { status }), ...(cursor && { cursor }) } } }));
export const getShow = (id: string) => ask(api.GET("/api/v1/shows/{show_id}", { params: { path: { show_id: id } } }));
export const getStage = (id: string) => ask(api.GET("/api/v1/shows/{show_id}/stage", { params: { path: { show_id: id } } }));
export const getTicket = (id: string) => ask(api.POST("/api/v1/shows/{show_id}/ticket", { params: { path: { show_id: id } } }));
export const getReplay = (id: string) => ask(api.GET("/api/v1/shows/{show_id}/replay", { params: { path: { show_id: id } } }));

export const listProducts = (cursor?: string) => ask(api.GET("/api/v1/products", { params: { query: cursor ? { cursor } : {} } }));
export const getProduct = (id: string) => ask(api.GET("/api/v1/products/{product_id}", { params: { path: { product_id: id } } }));
export const listStock = (skus: string[]) => ask(api.GET("/api/v1/stock", { params: { query: { sku: skus } } }));

export const getCart = () => ask(api.GET("/api/v1/cart"));
export const putCartLine = (skuId: string, quantity: number, showId: string | null) =>
  ask(api.PUT("/api/v1/cart/lines/{sku_id}", { params: { path: { sku_id: skuId } }, body: { quantity, showId } }));
export const removeCartLine = (skuId: string) => ask(api.DELETE("/api/v1/cart/lines/{sku_id}", { params: { path: { sku_id: skuId } } }));

export const placeOrder = (order: PlaceOrder, key: string) => ask(api.POST("/api/v1/orders", { body: order, headers: idempotent(key) }));
export const listOrders = (status?: OrderStatus, cursor?: string) =>
  ask(api.GET("/api/v1/orders", { params: { query: { ...(status && { status }), ...(cursor && { cursor }) } } }));
export const getOrder = (id: string) => ask(api.GET("/api/v1/orders/{order_id}", { params: { path: { order_id: id } } }));
export const cancelOrder = (id: string) => ask(api.POST("/api/v1/orders/{order_id}/cancel", { params: { path: { order_id: id } } }));
export const openPayment = (orderId: string, key: string) =>
  ask(api.POST("/api/v1/orders/{order_id}/payments", { params: { path: { order_id: orderId } }, body: { provider: "sandbox" }, headers: idempotent(key) }));
export const getPayment = (id: string) => ask(api.GET("/api/v1/payments/{payment_id}", { params: { path: { payment_id: id } } }));
export const confirmSandbox = (id: string, outcome: Outcome) =>
  ask(api.POST("/api/v1/payments/{payment_id}/sandbox", { params: { path: { payment_id: id } }, body: { outcome } }));

export const sendCode = (phone: string) => ask(api.POST("/api/v1/session/codes", { body: { phone } }));
export const signIn = (phone: string, code: string) => ask(api.POST("/api/v1/session", { body: { phone, code } }));
export const signOut = () => ask(api.DELETE("/api/v1/session"));
export const listDevCodes = () => ask(api.GET("/api/v1/dev/codes"));
export const getMe = () => ask(api.GET("/api/v1/me"));
export const editMe = (nickname: string) => ask(api.PATCH("/api/v1/me", { body: { nickname } }));
export const listAddresses = () => ask(api.GET("/api/v1/me/addresses"));
export const addAddress = (address: PutAddress) => ask(api.POST("/api/v1/me/addresses", { body: address }));
export const putAddress = (id: string, address: PutAddress) =>
  ask(api.PUT("/api/v1/me/addresses/{address_id}", { params: { path: { address_id: id } }, body: address }));
export const removeAddress = (id: string) => ask(api.DELETE("/api/v1/me/addresses/{address_id}", { params: { path: { address_id: id } } }));

/** Sent even while the page goes. */
export const collect = (events: Behaviour[]) => ask(api.POST("/api/v1/collect", { body: { events }, keepalive: true }));
