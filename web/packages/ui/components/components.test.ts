import { Problem } from "@xinbo/api";
import { mount } from "@vue/test-utils";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { nextTick } from "vue";

import { createWords } from "../i18n";
import { setServerOffset } from "../time";
import UiButton from "./UiButton.vue";
import UiCountdown from "./UiCountdown.vue";
import UiError from "./UiError.vue";
import UiInput from "./UiInput.vue";
import UiStepper from "./UiStepper.vue";

const words = createWords({});
beforeAll(() => words.setLocale("zh-Hans", false));
afterEach(() => {
  vi.useRealTimers();
  setServerOffset(0);
});
const global = { plugins: [words.i18n] };

test("a busy button cannot be pressed again", () => {
  const button = mount(UiButton, { props: { busy: true }, slots: { default: "ok" }, global });
  expect(button.attributes("disabled")).toBeDefined();
  expect(button.attributes("aria-busy")).toBe("true");
});

test("a stepper stays within its bounds", async () => {
  const stepper = mount(UiStepper, { props: { modelValue: 2, label: "n", max: 3 }, global });
  await stepper.get("input").setValue("9");
  expect(stepper.emitted("update:modelValue")).toEqual([[3]]);
  await stepper.setProps({ modelValue: 1 });
  expect(stepper.findAll("button")[0]?.attributes("disabled")).toBeDefined();
});

test("an input and its error belong together for a screen reader", () => {
  const input = mount(UiInput, { props: { modelValue: "", label: "phone", error: "bad" }, global });
  const control = input.get("input");
  expect(control.attributes("aria-invalid")).toBe("true");
  expect(input.get(`#${control.attributes("aria-describedby")}`).text()).toBe("bad");
  expect(input.get("label").attributes("for")).toBe(control.attributes("id"));
});

test("an error says what happened, why, and what to do", async () => {
  const error = mount(UiError, { props: { error: new Problem("Offline", 0) }, global });
  expect(error.text()).toContain("没有连上网络");
  await error.get("button").trigger("click");
  expect(error.emitted("retry")).toHaveLength(1);
});

test("a refusal without words of its own falls back on its status", () => {
  const error = mount(UiError, { props: { error: new Problem("NeverHeardOf", 404) }, global });
  expect(error.text()).toContain("没有找到");
});

test("a countdown runs on the server's clock and says when it is done", async () => {
  vi.useFakeTimers({ now: new Date("2026-11-11T12:00:00Z") });
  setServerOffset(58_000);
  const countdown = mount(UiCountdown, { props: { until: "2026-11-11T12:01:00Z" }, global });
  expect(countdown.text()).toBe("00:02");
  await vi.advanceTimersByTimeAsync(2000);
  await nextTick();
  expect(countdown.text()).toBe("00:00");
  expect(countdown.emitted("done")).toHaveLength(1);
});
