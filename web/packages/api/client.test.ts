import { expect, test } from "vitest";

import { ask, createApi, idempotent, newKey } from "./client";
import { isProblem, Problem } from "./problem";

const answering = (body: unknown, status = 200) => {
  const seen: Request[] = [];
  const api = createApi({
    merchant: () => "qinghe",
    baseUrl: "http://shop.test",
    fetch: (request) => {
      seen.push(request);
      return Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } }));
    },
  });
  // The paths are the generated ones; a test of the plumbing needs only one that answers.
  const get = () => ask((api.GET as (path: string) => Promise<{ data?: unknown; error?: unknown; response: Response }>)("/api/v1/me"));
  return { get, seen };
};

test("every request names the merchant and that it comes from our page", async () => {
  const { get, seen } = answering({ nickname: "小满" });
  expect(await get()).toEqual({ nickname: "小满" });
  expect(seen[0]?.headers.get("X-Merchant")).toBe("qinghe");
  expect(seen[0]?.headers.get("X-Requested-With")).toBe("xinbo");
});

test("a refusal becomes a problem with its name and its facts", async () => {
  const { get } = answering({ type: "OutOfStock", status: 409, left: 3 }, 409);
  const problem = await get().catch((error: unknown) => error);
  expect(isProblem(problem, "OutOfStock")).toBe(true);
  expect((problem as Problem).facts).toEqual({ left: 3 });
});

test("an answer that is no problem document still has a name", async () => {
  const { get } = answering("Bad gateway", 502);
  const problem = (await get().catch((error: unknown) => error)) as Problem;
  expect([problem.type, problem.passing]).toEqual(["ServerTrouble", true]);
});

test("no answer at all reads as offline", async () => {
  const api = createApi({ baseUrl: "http://shop.test", fetch: () => Promise.reject(new TypeError("failed")) });
  const get = api.GET as (path: string) => Promise<{ response: Response }>;
  const problem = (await ask(get("/api/v1/me")).catch((error: unknown) => error)) as Problem;
  expect([problem.type, problem.status]).toEqual(["Offline", 0]);
});

test("keys are UUIDs and differ", () => {
  const key = newKey();
  expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(idempotent(key)["Idempotency-Key"]).toBe(key);
  expect(newKey()).not.toBe(key);
});
