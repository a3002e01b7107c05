import type { DrawRecord } from "@xinbo/api";
import { describe, expect, it } from "vitest";

import samples from "./draws.sample.json";
import type { Noted } from "./noted";
import { verdict, verify } from "./verify";

type Kind = keyof typeof samples;
const kinds = Object.keys(samples) as Kind[];
const record = (kind: Kind) => structuredClone(samples[kind].record) as DrawRecord;
const receipt = (kind: Kind) => ({ ...samples[kind].receipt, at: "", salt: "" }) as NonNullable<Noted["receipt"]>;

describe("the verifier in the browser", () => {
  it.each(kinds)("agrees with the server's on a genuine %s, receipt and all", async (kind) => {
    const results = await verify(record(kind), { receipt: receipt(kind), commitment: record(kind).commitment });
    expect(results).toMatchObject({ terms: "ok", commitment: "ok", list: "ok", winners: "ok", packets: "ok", receipt: "ok", notedCommitment: "ok" });
    expect(verdict(results)).toBe("checked");
  });
  it("sees another winner", async () => {
    const bent = record("lottery");
    bent.winners.reverse();
    expect((await verify(bent)).winners).toBe("wrong");
  });
  it("sees a dropped and an added entry", async () => {
    const fewer = record("lottery");
    fewer.entries.splice(3, 1);
    const more = record("lottery");
    more.entries.push(`${"f".repeat(64)}  `);
    expect((await verify(fewer)).list).toBe("wrong");
    expect((await verify(more)).list).toBe("wrong");
  });
  it("sees a redraw with another seed, and terms that were changed", async () => {
    expect((await verify({ ...record("lottery"), seed: "ab".repeat(32) })).commitment).toBe("wrong");
    const terms = record("lottery").terms.replace("19900", "100");
    expect((await verify({ ...record("lottery"), terms })).terms).toBe("wrong");
  });
  it("sees that the right answer was changed afterwards", async () => {
    expect(verdict(await verify({ ...record("quiz"), answer: "0,0" }))).toBe("wrong");
  });
  it("sees a list that is not the one this device noted", async () => {
    expect((await verify(record("lottery"), { listHash: "0".repeat(64) })).notedList).toBe("wrong");
  });
  it("sees that an entry with a receipt was dropped before the close", async () => {
    const missing = { ...receipt("lottery"), entry: "0".repeat(64) };
    expect((await verify(record("lottery"), { receipt: missing })).receipt).toBe("wrong");
  });
  it("says what cannot be checked before the result", async () => {
    const early = { ...record("lottery"), seed: null, answer: null, winners: [] };
    expect(verdict(await verify(early))).toBe("notYet");
  });
  it("takes rubbish for what it is", async () => {
    const broken = { ...record("lottery"), terms: "{", entries: ["x"], seed: "zz" };
    expect(verdict(await verify(broken))).toBe("wrong");
  });
});
