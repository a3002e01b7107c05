import type { OffersHere, PriceHere, Product, Special } from "@xinbo/api";
import { expect, test } from "vitest";

import { chosenOf, fromOffers, fromSpecials, payable } from "@shop/buy/buyable";

import { leadPrice, spanOf, waysOf } from "./ways";

const price = (skuId: string, amount: number, left = 5, more: Partial<PriceHere> = {}): PriceHere => ({
  skuId, price: amount, listPrice: 9900, currency: "CNY", kind: "retail", offerId: null, endsAt: null, perPerson: null, taken: 0, left, was: null, members: null, ...more,
});
const special = (id: string, skuId: string, terms: Special["terms"], more: Partial<Special> = {}): Special => ({
  id, sourceId: "promotion", skuId, kind: "group_buy", price: 6900, listPrice: 9900, startsAt: null, endsAt: null, perPerson: null, left: 3, terms, ...more,
});
const group = { type: "group", size: 2, hours: 24 } as Special["terms"];
const presale = { type: "presale", deposit: 1000, worth: 2000, balanceFrom: "", balanceUntil: "", shipsBy: "" } as Special["terms"];
const here = (prices: PriceHere[], specials: Special[] = []): OffersHere => ({ at: "2026-11-11T12:00:00Z", prices, specials });
const product = {
  id: "p", title: "Cream", subtitle: "", unit: "x", optionNames: ["size"], pictures: [],
  skus: [{ id: "s1", options: ["30"], price: 9900, pictureUrl: null }, { id: "s2", options: ["50"], price: 12900, pictureUrl: null }],
} as unknown as Product;

test("a product leads with the lowest price that can be had", () => {
  expect(leadPrice(here([price("s1", 5000, 0), price("s2", 7000), price("s3", 8000)]))).toMatchObject({ lead: { skuId: "s2" }, more: true });
  expect(leadPrice(here([price("s1", 5000, 0)]))).toMatchObject({ lead: { skuId: "s1" }, more: false });
  expect(leadPrice(here([]))).toEqual({ lead: undefined, more: false });
});

test("each way of buying is found by its terms, what is sold out last", () => {
  const ways = waysOf(here([], [special("gone", "s1", group, { left: 0, price: 1 }), special("there", "s2", group), special("early", "s1", presale, { kind: "presale" })]));
  expect(ways.groups.map(({ id }) => id)).toEqual(["there", "gone"]);
  expect([ways.presales.length, ways.bargains.length]).toEqual([1, 0]);
});

test("a deposit that counts for more than itself makes the whole cheaper", () => {
  expect(payable(special("early", "s1", presale, { price: 9900 }))).toBe(8900);
});

test("a reader who has taken some of a limited price can take the rest", () => {
  const item = fromOffers(product, here([price("s1", 5000, 9, { perPerson: 2, taken: 1 })]));
  expect(item.skus.map(({ price: now, left, most }) => [now, left, most])).toEqual([[5000, 9, 1], [12900, 0, undefined]]);
  expect(chosenOf(item, item.skus[0] ?? {})).toBeNull();
});

test("bought in a group, only what the group offers is there, and the order says which", () => {
  const item = fromSpecials(product, [special("offer", "s2", group, { perPerson: 1 })], { kind: "group_buy", groupId: "g" });
  expect(item.skus.map(({ id, price: now, most }) => [id, now, most])).toEqual([["s2", 6900, 1]]);
  expect(chosenOf(item, item.skus[0] ?? {})).toEqual({ offerId: "offer", groupId: "g", bargainId: null });
});

test("a bargain buys one piece at its owner's price", () => {
  const terms = { type: "bargain", floor: 100, helpers: 3, hours: 24 } as Special["terms"];
  const item = fromSpecials(product, [special("offer", "s1", terms, { kind: "bargain" })], { kind: "bargain", bargainId: "b" }, 4200);
  expect(item.skus.map(({ price: now, most }) => [now, most])).toEqual([[4200, 1]]);
});

test("days are said as days where they are whole", () => {
  expect([spanOf(24), spanOf(36), spanOf(72)]).toEqual([{ unit: "hours", n: 24 }, { unit: "hours", n: 36 }, { unit: "days", n: 3 }]);
});
