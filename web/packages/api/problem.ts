/** What the server refused, as a value: its `type` is a name the interface has words for. */
export class Problem extends Error {
  constructor(
    /** The name of the refusal, such as `OutOfStock`; `Offline` and `ServerTrouble` are made here. */
    readonly type: string,
    /** The HTTP status; 0 when no answer came. */
    readonly status: number,
    /** Everything else the problem document said. */
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(type);
    this.name = "Problem";
  }

  /** Whether asking again later may help without anything else changing. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Whether an error is a refusal of one of the given types. */
export function isProblem(error: unknown, ...types: string[]): error is Problem {
  return error instanceof Problem && (types.length === 0 || types.includes(error.type));
}

/** Read a problem document (RFC 9457) out of an answer's body, whatever shape the body has. */
export function problemOf(status: number, body: unknown): Problem {
  if (typeof body === "object" && body !== null) {
    const { type, status: _, ...facts } = body as Record<string, unknown>;
    if (typeof type === "string" && type !== "about:blank") return new Problem(type, status, facts);
    return new Problem(nameOf(status), status, facts);
  }
  return new Problem(nameOf(status), status);
}

function nameOf(status: number): string {
  if (status === 404) return "NotFound";
  if (status === 429) return "TooMany";
  return status >= 500 ? "ServerTrouble" : "Refused";
}
