import { Problem, type Me } from "@xinbo/api";
import { VueQueryPlugin } from "@tanstack/vue-query";
import { flushPromises, mount } from "@vue/test-utils";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";

import * as calls from "@shop/calls";
import { queryClient } from "@shop/queries";
import { words } from "@shop/words";

import SignInForm from "./SignInForm.vue";

vi.mock("@shop/calls");
const server = vi.mocked(calls);
const me = { id: "m", nickname: "An" } as Me;

const show = () => mount(SignInForm, { global: { plugins: [words.i18n, [VueQueryPlugin, { queryClient }]] } });

async function withCode() {
  const form = show();
  await form.get("input[name=phone]").setValue("138 0013 8000");
  await form.get("form").trigger("submit");
  await flushPromises();
  return form;
}

beforeAll(() => words.setLocale("en", false));
beforeEach(() => {
  server.sendCode.mockResolvedValue({ phone: "138****8000", expiresAt: "2026-11-11T12:00:00Z", resendAfter: 60 });
  server.listDevCodes.mockResolvedValue([]);
  server.signIn.mockResolvedValue(me);
});

test("no code is asked for while the number cannot be one", async () => {
  const form = show();
  await form.get("input[name=phone]").setValue("12a");
  expect(form.get("button[type=submit]").attributes("disabled")).toBeDefined();
});

test("the code signs in", async () => {
  const form = await withCode();
  await form.get("input[name=code]").setValue("482913");
  await form.get("form").trigger("submit");
  await flushPromises();
  expect(server.signIn).toHaveBeenCalledWith("138 0013 8000", "482913");
  expect(form.emitted("done")).toEqual([[me]]);
});

test("another code may be asked for only after a while", async () => {
  const form = await withCode();
  expect(form.text()).toContain("Send again in 60 s");
});

test("a wrong code is said at its field", async () => {
  server.signIn.mockRejectedValueOnce(new Problem("CodeRefused", 403));
  const form = await withCode();
  await form.get("input[name=code]").setValue("000000");
  await form.get("form").trigger("submit");
  await flushPromises();
  expect(form.get("input[name=code]").attributes("aria-invalid")).toBe("true");
});

test("the sandbox's code is offered where the server shows it", async () => {
  server.listDevCodes.mockResolvedValue([{ phone: "+8613800138000", code: "482913", sentAt: "2026-11-11T12:00:00Z" }]);
  const form = await withCode();
  await form.get(".dev").trigger("click");
  await flushPromises();
  expect(server.signIn).toHaveBeenCalledWith("138 0013 8000", "482913");
});
