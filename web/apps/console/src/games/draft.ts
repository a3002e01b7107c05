/** A game while it is written: everything as typed, one shape for all kinds. */
import type { GamePrize, PutGame } from "@xinbo/api";
import type { IconName } from "@xinbo/ui";

import { fromFen, toFen, toPieces } from "@console/amounts";

import type { PlannedGame } from "./calls";

export const kinds = ["lottery", "rain", "poll", "quiz", "guess", "check_in"] as const;
export type Kind = (typeof kinds)[number];
export const ways = ["free", "comment", "follow", "purchase"] as const;
export const iconOf: Record<Kind, IconName> = { lottery: "gift", rain: "packet", poll: "poll", quiz: "quiz", guess: "tag", check_in: "check" };
/** Most that one prize of a draw may be worth, in fen: 50,000 yuan. */
export const DEAREST = 5_000_000;

export interface PrizeDraft { kind: "goods" | "points" | "coupon"; name: string; value: string; count: string; points: string; templateId: string }
export interface QuestionDraft { text: string; options: string[]; right: number }
export interface GameDraft {
  kind: Kind;
  title: string;
  minutes: string;
  by: (typeof ways)[number];
  keyword: string;
  prizes: PrizeDraft[];
  packets: string;
  perPerson: string;
  holds: "points" | "coupon";
  points: string;
  templateId: string;
  questions: QuestionDraft[];
  price: string;
  more: string;
  most: string;
}

export const newPrize = (): PrizeDraft => ({ kind: "goods", name: "", value: "", count: "1", points: "100", templateId: "" });
export const newQuestion = (): QuestionDraft => ({ text: "", options: ["", ""], right: 0 });

export function newDraft(kind: Kind = "lottery", title = ""): GameDraft {
  return { kind, title, minutes: "3", by: "comment", keyword: "", prizes: kind === "poll" ? [] : [newPrize()], packets: "100", perPerson: "2", holds: "points", points: "1000", templateId: "", questions: [newQuestion()], price: "", more: "2", most: "50" };
}

/** What is written, from what is kept. */
export function draftOf(game: PlannedGame): GameDraft {
  const { play } = game;
  const draft = { ...newDraft(game.kind, game.title), minutes: String(Math.round((game.seconds / 60) * 100) / 100) };
  if ("prizes" in play) draft.prizes = (play.prizes ?? []).map((prize) => ({ kind: prize.kind, name: prize.name, value: fromFen(prize.value), count: String(prize.count), points: String(prize.points ?? 0), templateId: prize.templateId ?? "" }));
  if (play.kind === "lottery") Object.assign(draft, { by: play.by, keyword: play.keyword ?? "" });
  if (play.kind === "rain") Object.assign(draft, { packets: String(play.packets), perPerson: String(play.perPerson), holds: play.templateId ? "coupon" : "points", points: String(play.points ?? 0), templateId: play.templateId ?? "" });
  if (play.kind === "poll") draft.questions = [{ text: play.question, options: [...play.options], right: 0 }];
  if (play.kind === "quiz") draft.questions = play.questions.map(({ text, options, right }) => ({ text, options: [...options], right }));
  if (play.kind === "guess") Object.assign(draft, { questions: [{ ...newQuestion(), text: play.question }], price: fromFen(play.price) });
  if (play.kind === "check_in") Object.assign(draft, { points: String(play.points), more: String(play.moreEach ?? 0), most: String(play.most ?? 100) });
  return draft;
}

function prizeOf(draft: PrizeDraft): GamePrize | null {
  const [value, count, points] = [toFen(draft.value), toPieces(draft.count), toPieces(draft.points)];
  if (!draft.name.trim() || value === null || value > DEAREST || !count || count > 1000) return null;
  const base = { kind: draft.kind, name: draft.name.trim(), value, count };
  if (draft.kind === "coupon") return draft.templateId ? { ...base, templateId: draft.templateId, points: 0 } : null;
  return draft.kind === "points" ? (points ? { ...base, templateId: null, points } : null) : { ...base, templateId: null, points: 0 };
}
function all<T>(found: (T | null)[]): T[] | null {
  return found.every((each) => each !== null) ? (found as T[]) : null;
}
function optionsOf(draft: QuestionDraft | undefined): string[] | null {
  const options = draft?.options.map((option) => option.trim()) ?? [];
  return draft?.text.trim() && options.length >= 2 && options.every(Boolean) && new Set(options).size === options.length ? options : null;
}

function playOf(draft: GameDraft): PutGame["play"] | null {
  const prizes = all(draft.prizes.map(prizeOf));
  const [first] = draft.questions;
  const [packets, perPerson, points, price] = [toPieces(draft.packets), toPieces(draft.perPerson), toPieces(draft.points), toFen(draft.price)];
  switch (draft.kind) {
    case "lottery":
      return prizes?.length ? { kind: "lottery", by: draft.by, keyword: draft.by === "comment" ? draft.keyword.trim() : "", prizes } : null;
    case "rain": {
      if (!packets || packets > 20_000 || !perPerson || perPerson > 20) return null;
      if (draft.holds === "coupon") return draft.templateId ? { kind: "rain", packets, perPerson, points: 0, templateId: draft.templateId } : null;
      return points && points >= packets ? { kind: "rain", packets, perPerson, points, templateId: null } : null;
    }
    case "poll": {
      const options = optionsOf(first);
      return options && first && prizes ? { kind: "poll", question: first.text.trim(), options, prizes } : null;
    }
    case "quiz": {
      const questions = all(draft.questions.map((question) => { const options = optionsOf(question); return options && { text: question.text.trim(), options, right: question.right }; }));
      return questions?.length && prizes?.length ? { kind: "quiz", questions, prizes } : null;
    }
    case "guess":
      return first?.text.trim() && price !== null && prizes?.length ? { kind: "guess", question: first.text.trim(), price, prizes } : null;
    case "check_in": {
      const [moreEach, most] = [toPieces(draft.more), toPieces(draft.most)];
      return points && points <= 1000 && moreEach !== null && most ? { kind: "check_in", points, moreEach, most } : null;
    }
  }
}

/** What is sent; `null` while something is missing or cannot be. */
export function putOf(draft: GameDraft, version: number | null): PutGame | null {
  const minutes = Number(draft.minutes.normalize("NFKC"));
  const seconds = Math.round(minutes * 60);
  const play = playOf(draft);
  if (!play || !draft.title.trim() || !Number.isFinite(minutes) || seconds < 5 || seconds > 7200) return null;
  return { title: draft.title.trim(), seconds, play, version };
}

/** How many prizes there are in all. */
export const prizeCount = (draft: GameDraft): number => draft.prizes.reduce((sum, { count }) => sum + (toPieces(count) ?? 0), 0);
