import { Problem, type Address, type Me, type Order, type Payment } from "@xinbo/api";
import { VueQueryPlugin } from "@tanstack/vue-query";
import { enableAutoUnmount, flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { checkoutOf } from "@shop/bill/fixtures";
import * as calls from "@shop/calls";
import { queryClient } from "@shop/queries";
import { asks } from "@shop/session/asks";
import { words } from "@shop/words";

import type { Buyable } from "./buyable";
import BuySheet from "./BuySheet.vue";

vi.mock("@shop/calls");
vi.mock("@shop/track");
const server = vi.mocked(calls);
enableAutoUnmount(afterEach);

const item: Buyable = {
  productId: "p", title: "Serum", subtitle: "", unit: "pc", optionNames: [], pictures: [],
  skus: [{ id: "s", options: [], price: 12900, listPrice: 14900, left: 5, pictureUrl: null }],
};
const address: Address = { id: "home", name: "An", phone: "1", region: ["A"], street: "B", isDefault: true };
const me = { id: "m", nickname: "An", phone: "138****0000", avatarUrl: null, defaultAddress: null } as Me;
const order = { id: "o", number: "26", status: "awaiting_payment", total: 12900, currency: "CNY", lines: [{ quantity: 1 }], payBy: new Date(Date.now() + 900_000).toISOString() } as Order;
const payment = (status: Payment["status"]) => ({ id: "pay", orderId: "o", status, action: { kind: "sandbox", url: null, params: {} } }) as unknown as Payment;

let price = 12900;

async function open(reload = () => Promise.resolve()) {
  const sheet = mount(BuySheet, {
    props: { open: true, item, showId: "show", reload, goOn: "Keep watching" },
    global: { plugins: [words.i18n, [VueQueryPlugin, { queryClient }]], stubs: { RouterLink: true } },
    attachTo: document.body,
  });
  await flushPromises();
  return sheet;
}
async function press(label: RegExp): Promise<void> {
  const button = [...document.querySelectorAll("button")].find((each) => label.test(each.textContent ?? ""));
  if (!button) throw new Error(`no button ${label}: ${document.body.textContent}`);
  button.click();
  await flushPromises();
}

beforeAll(() => words.setLocale("en", false));
beforeEach(() => {
  queryClient.clear();
  server.getMe.mockResolvedValue(me);
  server.listAddresses.mockResolvedValue([address]);
  price = 12900;
  server.checkout.mockImplementation((ask) => Promise.resolve(checkoutOf(ask, { s: price })));
  server.placeOrder.mockResolvedValue(order);
  server.listMethods.mockResolvedValue([{ name: "sandbox", sandbox: true, ways: ["here"] }]);
  server.openPayment.mockResolvedValue(payment("pending"));
  server.confirmSandbox.mockResolvedValue(payment("succeeded"));
  server.getPayment.mockResolvedValue(payment("succeeded"));
});

test("a returning shopper is three presses from paid, the opening one being the fourth", async () => {
  const sheet = await open();
  await press(/Buy now/);
  await press(/Confirm payment/);
  expect(document.body.textContent).toContain("Paid");
  expect(server.placeOrder).toHaveBeenCalledTimes(1);
  expect(server.placeOrder.mock.calls[0]?.[0]).toMatchObject({ addressId: "home", showId: "show" });
  await press(/Keep watching/);
  expect(sheet.emitted("update:open")).toEqual([[false]]);
});

test("a guest is asked to sign in first, and nothing is ordered when they decline", async () => {
  server.getMe.mockRejectedValue(new Problem("SignInRequired", 401));
  await open();
  await press(/Buy now/);
  expect(asks.value.map(({ kind }) => kind)).toEqual(["sign-in"]);
  asks.value[0]?.answer(null);
  await flushPromises();
  expect(server.placeOrder).not.toHaveBeenCalled();
});

test("someone without an address is asked for one, and the order goes there", async () => {
  server.listAddresses.mockResolvedValue([]);
  await open();
  await press(/Buy now/);
  const [ask] = asks.value;
  if (ask?.kind !== "address") throw new Error("not asked");
  ask.answer({ ...address, id: "new" });
  await flushPromises();
  expect(server.placeOrder.mock.calls[0]?.[0].addressId).toBe("new");
});

test("a changed price asks again and does not buy by itself", async () => {
  server.placeOrder.mockImplementationOnce(() => {
    price = 13900;
    return Promise.reject(new Problem("PriceChanged", 409, { skuId: "s", expected: 12900, price }));
  });
  await open();
  await press(/Buy now/);
  expect(document.body.textContent).toContain("The price has just changed");
  expect(server.placeOrder).toHaveBeenCalledTimes(1);
  await press(/Buy at new price/);
  expect(server.placeOrder.mock.calls[1]?.[0].lines[0]?.expectedPrice).toBe(13900);
});

test("a payment that failed can be tried again", async () => {
  server.getPayment.mockResolvedValueOnce(payment("failed"));
  await open();
  await press(/Buy now/);
  await press(/Confirm payment/);
  expect(document.body.textContent).toContain("did not go through");
  await press(/Pay again/);
  expect(document.body.textContent).toContain("Paid");
});

test("what is sold out says so in words and cannot be bought", async () => {
  server.placeOrder.mockRejectedValueOnce(new Problem("OutOfStock", 409, { left: 0 }));
  await open();
  await press(/Buy now/);
  expect(document.body.textContent).toContain("There is not enough left");
});

test("a coupon that the server counts in is what is paid, and can be put aside", async () => {
  const coupon = { id: "c", name: "10 off", off: 1000, usable: true, why: null, short: 0, endsAt: null };
  server.checkout.mockImplementation((ask) => {
    const used = !ask.noCoupon;
    const bill = checkoutOf(ask, { s: price }, { coupons: [coupon], couponId: used ? "c" : null, total: used ? 11900 : 12900 });
    return Promise.resolve({ ...bill, bill: { ...bill.bill, couponId: used ? "c" : null } });
  });
  await open();
  expect(document.body.textContent).toContain("10 off");
  await press(/Buy now ¥119/);
  expect(server.placeOrder.mock.calls[0]?.[0]).toMatchObject({ couponId: "c", expectedTotal: 11900 });
});

test("an order that is not delivered to the address cannot be placed", async () => {
  server.checkout.mockImplementation((ask) => Promise.resolve(checkoutOf(ask, { s: price }, { notDelivered: ["s"] })));
  await open();
  expect(document.body.textContent).toContain("Cannot be delivered to this address");
  await press(/Buy now/);
  expect(server.placeOrder).not.toHaveBeenCalled();
});

test("who holds too many unpaid orders is shown the way to them (#3)", async () => {
  server.placeOrder.mockRejectedValueOnce(new Problem("HeldTooMuch", 429, { by: "person", most: 5 }));
  await open();
  await press(/Buy now/);
  expect(document.body.textContent).toContain("At most 5 may wait at once");
  expect(document.querySelector('[to="/orders?status=awaiting_payment"]')).not.toBeNull();
});
