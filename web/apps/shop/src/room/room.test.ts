import type { Merchant, Show, StageItem } from "@xinbo/api";
import type { ChatMessage } from "@xinbo/live";
import { mount } from "@vue/test-utils";
import { beforeAll, expect, test } from "vitest";

import { words } from "@shop/words";

import PinnedCard from "./PinnedCard.vue";
import RoomBar from "./RoomBar.vue";
import RoomChat from "./RoomChat.vue";
import RoomTop from "./RoomTop.vue";

const global = { plugins: [words.i18n] };
/** The follow button asks the server: journeys press it. */
const beside = { ...global, stubs: { FollowButton: true } };
const sku = (id: string, left: number, price = 12900) => ({ id, options: [id], price, listPrice: 14900, currency: "CNY", left, pictureUrl: null });
const item = { productId: "p", position: 0, title: "Serum", subtitle: "", unit: "pc", optionNames: ["size"], pictureUrl: null, thumbUrl: null, skus: [sku("a", 3), sku("b", 2, 15900)] } as StageItem;
const said = (id: string, changes: Partial<ChatMessage> = {}): ChatMessage => ({ t: "chat", id, by: "x", name: "An", role: "shopper", text: `text ${id}`, at: 1, ...changes });
const show = { title: "Evening", hostName: "Su", hostAvatarUrl: null, simulated: false } as Show;
const merchant = { name: "Qinghe", avatarUrl: null, sellerName: "Qinghe Ltd" } as Merchant;

beforeAll(() => words.setLocale("en", false));

test("what the socket said of the stock stands above what the stage said", async () => {
  const card = mount(PinnedCard, { props: { item, left: {} }, global });
  expect(card.text()).toContain("5 left");
  await card.setProps({ left: { a: 0 } });
  expect(card.text()).toContain("2 left");
});

test("a pinned product that is sold out cannot be bought, and says so", () => {
  const card = mount(PinnedCard, { props: { item, left: { a: 0, b: 0 } }, global });
  expect(card.get(".go").text()).toBe("Sold out");
  expect(card.get(".go").attributes("disabled")).toBeDefined();
});

test("simulated people are marked wherever they speak or come", () => {
  const chat = mount(RoomChat, { props: { messages: [said("1", { simulated: true }), said("2")], notice: { text: "Bo joined", simulated: true } }, global });
  expect(chat.findAll("p").map((line) => line.text().includes("Simulated"))).toEqual([true, false, true]);
});

test("the host and the shop are marked, and one's own words stand out", () => {
  const chat = mount(RoomChat, { props: { messages: [said("1", { role: "host" }), said("2", { by: "me" })], by: "me", notice: null }, global });
  const lines = chat.findAll(".line");
  expect(lines[0]?.text()).toContain("Host");
  expect(lines[1]?.classes()).toContain("mine");
});

test("what is typed is sent once, without blanks around it, and the field is empty again", async () => {
  const bar = mount(RoomBar, { props: { likes: 0, shelf: 6, open: true, canChat: true }, global });
  await bar.get("input").setValue("  hello ");
  await bar.get("form").trigger("submit");
  await bar.get("form").trigger("submit");
  expect(bar.emitted("say")).toEqual([["hello"]]);
});

test("while the line is down nothing is sent and nothing typed is lost", async () => {
  const bar = mount(RoomBar, { props: { likes: 0, shelf: 6, open: false, canChat: true }, global });
  await bar.get("input").setValue("hello");
  await bar.get("form").trigger("submit");
  expect(bar.emitted("say")).toBeUndefined();
  expect(bar.get("input").element.value).toBe("hello");
});

test("a guest is invited to sign in where the others write", async () => {
  const bar = mount(RoomBar, { props: { likes: 0, shelf: 6, open: true, canChat: false }, global });
  expect(bar.find("input").exists()).toBe(false);
  await bar.get(".invite").trigger("click");
  expect(bar.emitted("signIn")).toHaveLength(1);
});

test("who sells is always said, and a lost line too", () => {
  const top = mount(RoomTop, { props: { show, merchant, online: null, status: "reconnecting" }, global: beside });
  expect(top.text()).toContain("Sold by Qinghe Ltd");
  expect(top.get("[role=status]").text()).toContain("Reconnecting");
});

test("simulated viewers are counted apart", () => {
  const top = mount(RoomTop, { props: { show, merchant, online: 15, simulated: 14, status: "open" }, global: beside });
  expect(top.text()).toContain("15");
  expect(top.text()).toContain("14 of them simulated");
});
