/** Everything that the shop asks of the server, each call with its types, in one place. */
import type { Way } from "@shop/buy/methods";
import { ask, createApi, idempotent, type AskCheckout, type CouponState, type Outcome, type PlaceOrder, type PutAddress, type OrderStatus, type RequestInvoice, type Running, type ShowStatus, type Sort } from "@xinbo/api";

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

/** What somebody looks for; what is not given does not count. */
export interface Wanted {
  q?: string;
  category?: string;
  brand?: string;
  attribute?: string[];
  priceFrom?: number;
  priceTo?: number;
  inStock?: boolean;
  sort?: Sort;
}
export const listProducts = (wanted: Wanted = {}, cursor?: string) =>
  ask(api.GET("/api/v1/products", { params: { query: { ...wanted, ...(cursor && { cursor }) } } }));
export const countFacets = ({ sort: _, ...wanted }: Wanted) => ask(api.GET("/api/v1/products/facets", { params: { query: wanted } }));
export const suggest = (q: string) => ask(api.GET("/api/v1/products/suggest", { params: { query: { q } } }));
export const listCategories = () => ask(api.GET("/api/v1/categories"));
export const getProduct = (id: string) => ask(api.GET("/api/v1/products/{product_id}", { params: { path: { product_id: id } } }));
export const listStock = (skus: string[]) => ask(api.GET("/api/v1/stock", { params: { query: { sku: skus } } }));

/** How the price of a variant moved, at a show or (null) in the shop. */
export const getPriceHistory = (skuId: string, venueId: string | null) =>
  ask(api.GET("/api/v1/prices/{sku_id}", { params: { path: { sku_id: skuId }, query: { days: 90, ...(venueId && { venue: venueId }) } } }));

export const getCart = () => ask(api.GET("/api/v1/cart"));
export const putCartLine = (skuId: string, quantity: number, showId: string | null) =>
  ask(api.PUT("/api/v1/cart/lines/{sku_id}", { params: { path: { sku_id: skuId } }, body: { quantity, showId } }));
export const removeCartLine = (skuId: string) => ask(api.DELETE("/api/v1/cart/lines/{sku_id}", { params: { path: { sku_id: skuId } } }));

/** What an order would cost, and why; asking changes nothing. */
export const checkout = (asked: AskCheckout, signal?: AbortSignal) => ask(api.POST("/api/v1/checkout", { body: asked, ...(signal && { signal }) }));
export const placeOrder = (order: PlaceOrder, key: string) => ask(api.POST("/api/v1/orders", { body: order, headers: idempotent(key) }));
export const listOrders = (status?: OrderStatus, cursor?: string) =>
  ask(api.GET("/api/v1/orders", { params: { query: { ...(status && { status }), ...(cursor && { cursor }) } } }));
export const getOrder = (id: string) => ask(api.GET("/api/v1/orders/{order_id}", { params: { path: { order_id: id } } }));
export const cancelOrder = (id: string) => ask(api.POST("/api/v1/orders/{order_id}/cancel", { params: { path: { order_id: id } } }));
export const countOrders = () => ask(api.GET("/api/v1/orders/counts"));
export const confirmReceipt = (id: string) => ask(api.POST("/api/v1/orders/{order_id}/receipt", { params: { path: { order_id: id } } }));
export const getTimeline = (id: string) => ask(api.GET("/api/v1/orders/{order_id}/timeline", { params: { path: { order_id: id } } }));
export const listParcels = (id: string) => ask(api.GET("/api/v1/orders/{order_id}/shipments", { params: { path: { order_id: id } } }));
export const listInvoices = (id: string) => ask(api.GET("/api/v1/orders/{order_id}/invoices", { params: { path: { order_id: id } } }));
export const requestInvoice = (id: string, invoice: RequestInvoice) =>
  ask(api.POST("/api/v1/orders/{order_id}/invoices", { params: { path: { order_id: id } }, body: invoice }));
export const withdrawInvoice = (id: string) => ask(api.POST("/api/v1/invoices/{invoice_id}/withdraw", { params: { path: { invoice_id: id } } }));
export const getInvoiceFile = (id: string) => ask(api.GET("/api/v1/invoices/{invoice_id}/file.pdf", { params: { path: { invoice_id: id } }, parseAs: "blob" }));
export const listMethods = () => ask(api.GET("/api/v1/payments/methods"));
export const openPayment = (orderId: string, key: string, provider: string, way: Way) =>
  ask(api.POST("/api/v1/orders/{order_id}/payments", { params: { path: { order_id: orderId } }, body: { provider, how: { way, openId: "" } }, headers: idempotent(key) }));
export const getPayment = (id: string) => ask(api.GET("/api/v1/payments/{payment_id}", { params: { path: { payment_id: id } } }));
export const confirmSandbox = (id: string, outcome: Outcome) =>
  ask(api.POST("/api/v1/payments/{payment_id}/sandbox", { params: { path: { payment_id: id } }, body: { outcome } }));

export const listCouponOffers = (showId?: string, cursor?: string) =>
  ask(api.GET("/api/v1/coupons", { params: { query: { ...(showId && { show: showId }), ...(cursor && { cursor }) } } }));
export const claimCoupon = (templateId: string, key: string) =>
  ask(api.POST("/api/v1/coupons/{coupon_id}/claim", { params: { path: { coupon_id: templateId } }, headers: idempotent(key) }));
/** A coupon that was dropped in a room, while the room is on air. */
export const claimDrop = (showId: string, templateId: string, key: string) =>
  ask(api.POST("/api/v1/shows/{show_id}/drops/{coupon_id}/claim", { params: { path: { show_id: showId, coupon_id: templateId } }, headers: idempotent(key) }));
export const listMyCoupons = (status: CouponState, cursor?: string) =>
  ask(api.GET("/api/v1/me/coupons", { params: { query: { status, ...(cursor && { cursor }) } } }));

/** What goods cost here and now, and in which special ways they can be bought. At most 200 variants. */
export const listOffers = (skus: string[]) => ask(api.GET("/api/v1/offers", { params: { query: { sku: skus } } }));
export const listRunning = (kind: Running["kind"], hours = 0, cursor?: string) =>
  ask(api.GET("/api/v1/promotions", { params: { query: { kind, hours, ...(cursor && { cursor }) } } }));
export const listJoinable = (offerId: string) => ask(api.GET("/api/v1/groups", { params: { query: { offer: offerId } } }));
export const getGroup = (id: string) => ask(api.GET("/api/v1/groups/{group_id}", { params: { path: { group_id: id } } }));
export const listMyGroups = (cursor?: string) => ask(api.GET("/api/v1/groups/mine", { params: { query: cursor ? { cursor } : {} } }));
export const startBargain = (offerId: string) => ask(api.POST("/api/v1/bargains", { body: { offerId } }));
export const getBargain = (id: string) => ask(api.GET("/api/v1/bargains/{bargain_id}", { params: { path: { bargain_id: id } } }));
export const helpBargain = (id: string) => ask(api.POST("/api/v1/bargains/{bargain_id}/help", { params: { path: { bargain_id: id } } }));
export const listMyBargains = (cursor?: string) => ask(api.GET("/api/v1/me/bargains", { params: { query: cursor ? { cursor } : {} } }));

/** A play, its rules, and where one stands in it. */
export const getGame = (runId: string) => ask(api.GET("/api/v1/game-runs/{game_run_id}", { params: { path: { game_run_id: runId } } }));
export const enterGame = (runId: string, nonce: string, answer: string, key: string) =>
  ask(api.POST("/api/v1/game-runs/{game_run_id}/entries", { params: { path: { game_run_id: runId } }, body: { nonce, answer }, headers: idempotent(key) }));
export const catchPacket = (runId: string, key: string) => ask(api.POST("/api/v1/game-runs/{game_run_id}/packets", { params: { path: { game_run_id: runId } }, headers: idempotent(key) }));
export const getDraw = (runId: string) => ask(api.GET("/api/v1/draws/{game_run_id}", { params: { path: { game_run_id: runId } } }));
export const listPrizes = (cursor?: string) => ask(api.GET("/api/v1/me/prizes", { params: { query: cursor ? { cursor } : {} } }));
export const claimPrize = (id: string, addressId: string | null, key: string) =>
  ask(api.POST("/api/v1/me/prizes/{prize_id}/claim", { params: { path: { prize_id: id } }, body: { addressId }, headers: idempotent(key) }));
export const getFollowing = () => ask(api.GET("/api/v1/follow"));
export const follow = () => ask(api.PUT("/api/v1/follow"));
export const unfollow = () => ask(api.DELETE("/api/v1/follow"));

export const getClub = () => ask(api.GET("/api/v1/club"));
export const getMembership = () => ask(api.GET("/api/v1/me/membership"));
export const joinClub = () => ask(api.POST("/api/v1/me/membership"));
export const leaveClub = () => ask(api.DELETE("/api/v1/me/membership"));
export const listPoints = (cursor?: string) => ask(api.GET("/api/v1/me/points", { params: { query: cursor ? { cursor } : {} } }));

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
