/** Check a draw in the browser, by its public record alone. The protocol: docs/decisions/0011. */
import type { DrawRecord } from "@xinbo/api";

import type { Noted } from "./noted";

export const VERSION = "xinbo-draw/1";
/** Most that one prize may be worth, in fen: 50,000 yuan. */
const DEAREST = 5_000_000;
const WORD = 1n << 64n;
const LINE = /^[0-9a-f]{64} ([0-9a-f]{32})? [0-9,]{0,40}$/;

export const checks = ["terms", "values", "commitment", "list", "winners", "packets", "notedCommitment", "notedList", "receipt"] as const;
export type Check = (typeof checks)[number];
/** `notYet`: the seed is not public; `cannot`: this browser lacks the means. */
export type Result = "ok" | "wrong" | "notYet" | "cannot" | "nothing";

interface Terms {
  version: string;
  runId: string;
  kind: string;
  prizes: { value: number; count: number }[];
  packets: number;
  points: number;
  perPerson: number;
  receiptKey: string;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const toHex = (data: ArrayBuffer) => Array.from(new Uint8Array(data), (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
export const sha256 = async (text: string) => toHex(await crypto.subtle.digest("SHA-256", bytes(text)));

/** Whether this page may hash: browsers allow it on https and on the machine itself. */
export const able = (): boolean => typeof crypto !== "undefined" && "subtle" in crypto && crypto.subtle !== undefined;

/** 64-bit words for ever: HMAC-SHA256(seed, hash ‖ counter), each block cut in four. */
async function* words(seed: string, hash: string): AsyncGenerator<bigint> {
  const key = await crypto.subtle.importKey("raw", fromHex(seed), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const message = new Uint8Array(40);
  message.set(fromHex(hash));
  const view = new DataView(message.buffer);
  for (let counter = 0n; ; counter += 1n) {
    view.setBigUint64(32, counter);
    const block = new DataView(await crypto.subtle.sign("HMAC", key, message));
    for (let at = 0; at < 32; at += 8) yield block.getBigUint64(at);
  }
}

/** A number below `limit`, each as likely: words of the uneven rest are refused. */
async function below(limit: number, chance: AsyncGenerator<bigint>): Promise<number> {
  const fair = WORD - (WORD % BigInt(limit));
  for (;;) {
    const word = (await chance.next()).value as bigint;
    if (word < fair) return Number(word % BigInt(limit));
  }
}

/** Up to `most` of `count` places in the order drawn. */
export async function shuffled(count: number, most: number, seed: string, hash: string): Promise<number[]> {
  const chance = words(seed, hash);
  const places = Array.from({ length: count }, (_, at) => at);
  const drawn = Math.min(most, count);
  for (let here = 0; here < drawn; here += 1) {
    const there = here + (await below(count - here, chance));
    [places[here], places[there]] = [places[there]!, places[here]!];
  }
  return places.slice(0, drawn);
}

async function split(budget: number, count: number, seed: string, runId: string): Promise<number[]> {
  const chance = words(seed, await sha256(`packets\n${runId}`));
  const packets: number[] = [];
  let left = budget;
  for (let heads = count; heads > 1; heads -= 1) {
    const most = Math.max(1, Math.min(Math.floor((2 * left) / heads) - 1, left - (heads - 1)));
    const held = 1 + (await below(most, chance));
    packets.push(held);
    left -= held;
  }
  return [...packets, left];
}

async function winners(terms: Terms, record: DrawRecord): Promise<string[]> {
  const lines = record.entries.map((line) => line.split(" "));
  const prizes = terms.prizes.reduce((sum, { count }) => sum + count, 0);
  if (prizes === 0) return [];
  const answer = record.answer ?? "";
  const candidates = lines.filter((line) => terms.kind !== "quiz" || line[2] === answer);
  const guess = terms.kind === "guess";
  const order = await shuffled(candidates.length, guess ? candidates.length : prizes, record.seed!, record.listHash!);
  const drawn = order.map((place) => candidates[place]!);
  const gap = (line: string[]) => Math.abs(Number(line[2] || 0) - Number(answer));
  if (guess) drawn.sort((one, other) => gap(one) - gap(other));
  return drawn.slice(0, prizes).map((line) => line[0]!);
}

async function readTerms(record: DrawRecord): Promise<Terms | null> {
  if (record.version !== VERSION || (await sha256(record.terms)) !== record.termsHash) return null;
  try {
    const terms = JSON.parse(record.terms) as Terms;
    return terms.runId === record.runId && terms.version === VERSION ? terms : null;
  } catch {
    return null;
  }
}

async function listed(record: DrawRecord): Promise<boolean> {
  const { entries } = record;
  if (!entries.every((line) => LINE.test(line))) return false;
  const names = entries.map((line) => line.slice(0, 64));
  const inOrder = names.every((name, at) => at === 0 || names[at - 1]! < name);
  const body = entries.map((line) => `${line}\n`).join("");
  return inOrder && (await sha256(`${VERSION} list\n${record.runId}\n${entries.length}\n${body}`)) === record.listHash;
}

async function cut(terms: Terms, record: DrawRecord): Promise<boolean> {
  if (terms.kind !== "rain") return record.packets.length === 0 && record.caught.length === 0;
  const held = terms.points ? await split(terms.points, terms.packets, record.seed!, record.runId) : Array<number>(terms.packets).fill(0);
  const caught = record.caught.map((line) => line.split(" "));
  const known = new Set(record.entries.map((line) => line.slice(0, 64)));
  const each = new Map<string, number>();
  for (const [, entry = ""] of caught) each.set(entry, (each.get(entry) ?? 0) + 1);
  return (
    held.join() === record.packets.join() &&
    new Set(caught.map(([number]) => number)).size === caught.length &&
    caught.every(([number, entry = ""]) => Number(number) >= 1 && Number(number) <= terms.packets && known.has(entry)) &&
    [...each.values()].every((count) => count <= terms.perPerson)
  );
}

async function kept(terms: Terms, record: DrawRecord, receipt: NonNullable<Noted["receipt"]>): Promise<Result> {
  const { runId, entry, nonce, answer, signature } = receipt;
  if (runId !== record.runId) return "wrong";
  try {
    const key = await crypto.subtle.importKey("raw", fromHex(terms.receiptKey), "Ed25519", false, ["verify"]);
    const said = bytes(`xinbo-receipt/1\n${runId}\n${entry}\n${nonce}\n${answer}`);
    if (!(await crypto.subtle.verify("Ed25519", key, fromHex(signature), said))) return "wrong";
  } catch {
    return "cannot";
  }
  const there = record.entries.map((line) => line.split(" ")).some((line) => line[0] === entry && line[2] === answer && (nonce === "" || nonce === line[1]));
  return there ? "ok" : "wrong";
}

/** Check a record against itself, and against what this device noted while it was played. */
export async function verify(record: DrawRecord, noted: Noted = {}): Promise<Record<Check, Result>> {
  const results = Object.fromEntries(checks.map((check) => [check, "notYet"])) as Record<Check, Result>;
  const said = (fine: boolean): Result => (fine ? "ok" : "wrong");
  const terms = await readTerms(record);
  results.terms = said(terms !== null);
  results.values = said(terms !== null && terms.prizes.every(({ value }) => value <= DEAREST));
  results.notedCommitment = noted.commitment ? said(noted.commitment === record.commitment) : "nothing";
  results.notedList = noted.listHash ? (record.listHash ? said(noted.listHash === record.listHash) : "notYet") : "nothing";
  if (!noted.receipt) results.receipt = "nothing";
  if (record.listHash !== null) {
    results.list = said(await listed(record));
    if (noted.receipt) results.receipt = terms ? await kept(terms, record, noted.receipt) : "wrong";
  }
  if (record.seed !== null) {
    const sealed = await sha256(`${VERSION}\n${record.runId}\n${record.termsHash}\n${record.seed}\n${record.answer ?? ""}`);
    const fine = /^[0-9a-f]{64}$/.test(record.seed) && sealed === record.commitment;
    const drawable = fine && terms !== null && results.list === "ok";
    results.commitment = said(fine);
    results.winners = said(drawable && (await winners(terms, record)).join() === record.winners.join());
    results.packets = said(fine && terms !== null && (await cut(terms, record)));
  }
  return results;
}

/** What it comes to: one wrong check makes the whole wrong. */
export function verdict(results: Record<Check, Result>): "checked" | "wrong" | "notYet" {
  const all = Object.values(results);
  if (all.includes("wrong")) return "wrong";
  return all.includes("notYet") ? "notYet" : "checked";
}
