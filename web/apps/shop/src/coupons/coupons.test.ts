import type { CouponOffer, Drop } from "@xinbo/api";
import { VueQueryPlugin } from "@tanstack/vue-query";
import { enableAutoUnmount, flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import * as calls from "@shop/calls";
import { queryClient } from "@shop/queries";
import DropCard from "@shop/room/DropCard.vue";
import { words } from "@shop/words";

import CouponOfferCard from "./CouponOfferCard.vue";
import { conditionText, rateText } from "./couponText";

vi.mock("@shop/calls");
const server = vi.mocked(calls);
enableAutoUnmount(afterEach);
const plugins = [words.i18n, [VueQueryPlugin, { queryClient }]] as never[];
const NIL = "00000000-0000-0000-0000-000000000000";
const offer = {
  id: "t", name: "20 off", venueId: NIL, goods: { categories: [], products: [], skus: [] }, threshold: 20000, off: 2000, rate: null, most: null,
  audience: "all", level: 0, perPerson: 1, mine: 0, left: 9, state: "claimable", endsAt: null, useFrom: null, useUntil: null, useDays: 7, at: "2026-11-11T00:00:00Z",
} as CouponOffer;
const drop = (changes: Partial<Drop> = {}): Drop => ({ id: "d", name: "Quick", off: 1000, rate: null, threshold: 5000, endsAt: new Date(Date.now() + 60_000).toISOString(), left: 5, ...changes });

beforeEach(async () => {
  await words.setLocale("en", false);
  queryClient.clear();
  server.getMe.mockResolvedValue({ id: "m" } as never);
  server.listCouponOffers.mockResolvedValue({ items: [], next: null } as never);
});

test("a rate is what is kept of ten in Chinese, and what comes off in English", () => {
  expect([rateText(8500, "zh-Hans"), rateText(8500, "en")]).toEqual(["8.5", "15"]);
});

test("the terms say from how much, up to what and for which goods", () => {
  const t = words.i18n.global.t as never;
  const terms = conditionText({ ...offer, off: null, rate: 8500, most: 5000, goods: { categories: ["c"], products: [], skus: [] } }, { t, locale: { value: "en" } });
  expect(terms).toBe("From ¥200 · up to ¥50 · some goods");
});

test("a coupon that cannot be claimed says why and has no button", () => {
  const card = mount(CouponOfferCard, { props: { offer: { ...offer, state: "not_for_you", audience: "new" } }, global: { plugins } });
  expect(card.text()).toContain("New customers");
  expect(card.text()).toContain("Not for your account");
  expect(card.find("button").exists()).toBe(false);
});

test("a dropped coupon is claimed in the room, once for one press", async () => {
  server.claimDrop.mockResolvedValue({ id: "c" } as never);
  const card = mount(DropCard, { props: { showId: "show", drops: [drop()] }, global: { plugins } });
  await flushPromises();
  await card.get(".btn-primary").trigger("click");
  await flushPromises();
  expect(server.claimDrop).toHaveBeenCalledTimes(1);
  expect(server.claimDrop.mock.calls[0]?.slice(0, 2)).toEqual(["show", "d"]);
  expect(card.text()).toContain("Claimed");
});

test("a dropped coupon that others took says that it is gone", async () => {
  const card = mount(DropCard, { props: { showId: "show", drops: [drop()] }, global: { plugins } });
  await flushPromises();
  await card.setProps({ drops: [] });
  await flushPromises();
  expect(card.text()).toContain("All gone, or over");
});

test("one that was claimed before is not offered again", async () => {
  server.listCouponOffers.mockResolvedValue({ items: [{ ...offer, id: "d", state: "claimed" }], next: null } as never);
  const card = mount(DropCard, { props: { showId: "show", drops: [drop()] }, global: { plugins } });
  await flushPromises();
  expect(card.find(".drop").exists()).toBe(false);
});
