import type { Order } from "@xinbo/api";
import { flushPromises, mount } from "@vue/test-utils";
import { expect, test, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";

import { words } from "@shop/words";

import PayPanel from "./PayPanel.vue";

const server = vi.hoisted(() => ({ listMethods: vi.fn(() => Promise.resolve([{ name: "sandbox", sandbox: true, ways: ["here"] }])), openPayment: vi.fn(), confirmSandbox: vi.fn(), getPayment: vi.fn(), getOrder: vi.fn() }));
vi.mock("@shop/calls", () => server);

const order = { id: "o", number: "1", status: "awaiting_payment", total: 100, currency: "CNY", lines: [], payBy: new Date(Date.now() + 900_000).toISOString() } as unknown as Order;

test("after a payment that was made to fail, the next press is to succeed", async () => {
  await words.setLocale("en", false);
  server.openPayment.mockResolvedValue({ id: "p", status: "pending", action: { kind: "sandbox", url: null, params: {} } });
  server.getPayment.mockResolvedValue({ id: "p", status: "failed" });
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: { template: "" } }] });
  const panel = mount(PayPanel, { props: { order, goOn: "on" }, global: { plugins: [words.i18n, router] } });
  await flushPromises();
  const details = () => panel.get("details").element as HTMLDetailsElement;
  details().open = true;
  await panel.get("details").trigger("toggle");
  await panel.get("select").setValue("fail");
  await panel.get("button.btn-buy").trigger("click");
  await flushPromises();
  expect(server.confirmSandbox).toHaveBeenLastCalledWith("p", "fail");
  expect([(panel.get("select").element as HTMLSelectElement).value, details().open]).toEqual(["succeed", true]);
});
