import { Problem } from "@xinbo/api";
import { useI18n } from "vue-i18n";

import { momentText, moneyText } from "./format";

/** What happened, why, and what to do, in the reader's language. */
export interface ProblemWords {
  what: string;
  why: string;
  fix: string;
  offline: boolean;
}

/** Facts whose names end like this are money in minor units; a sentence wants them written out. */
const MONEY = /(price|amount|total|paid|expected|actual|current)$/i;
const MOMENT = /(At|Until|By|^opens)$/;

/** A function that puts any error into words, by the type of its problem. */
export function useProblemWords(): (error: unknown) => ProblemWords {
  const { t, te, locale } = useI18n();

  const written = (facts: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(facts).map(([name, value]) => {
        if (typeof value === "number" && MONEY.test(name)) return [name, moneyText(value, locale.value)];
        if (typeof value === "string" && MOMENT.test(name)) return [name, momentText(value, locale.value)];
        return [name, value];
      }),
    );

  return (error) => {
    const problem = error instanceof Problem ? error : new Problem("Unexpected", -1);
    const known = [problem.type, fallback(problem.status)].find((type) => te(`problems.${type}.what`)) ?? "Unexpected";
    const facts = written(problem.facts);
    const part = (name: "what" | "why" | "fix") => (te(`problems.${known}.${name}`) ? t(`problems.${known}.${name}`, facts) : "");
    return { what: part("what"), why: part("why"), fix: part("fix"), offline: problem.type === "Offline" };
  };
}

function fallback(status: number): string {
  if (status === 401) return "SignInRequired";
  if (status === 404) return "NotFound";
  if (status === 429) return "TooMany";
  if (status >= 500) return "ServerTrouble";
  return status >= 400 ? "Refused" : "Unexpected";
}
