import { expect, test } from "vitest";

import type { Playbook } from "./calls";
import { draftOf, faultsOf, movedStep, putOf, secondsOf } from "./draft";

const book: Playbook = {
  id: "b", kind: "stream_down", word: "stream_down", title: "画面中断", standard: true, version: 0,
  steps: [{ word: "stream_say", text: "报时", part: "control", action: null, seconds: null, message: "" }, { word: "stream_backup", text: "切到备用流", part: "tech", action: "backup_stream", seconds: null, message: "" }],
};
const english = { title: () => "Pictures lost", step: (step: Playbook["steps"][number]) => `English ${step.word}` };

test("what nobody touched stays the house's, whatever language it was shown in", () => {
  const put = putOf(draftOf(book, english), 0);
  expect([put.word, ...put.steps.map(({ word }) => word)]).toEqual(["stream_down", "stream_say", "stream_backup"]);
});

test("a step that was rewritten is the merchant's own", () => {
  const draft = draftOf(book, english);
  draft.steps[0]!.text = "Call the studio";
  draft.title = "No pictures";
  const put = putOf(draft, 3);
  expect([put.word, put.title, put.version, put.steps[0]!.word, put.steps[0]!.text, put.steps[1]!.word]).toEqual([null, "No pictures", 3, null, "Call the studio", "stream_backup"]);
});

test("a name and words for every step are needed", () => {
  const draft = draftOf(null, english);
  expect(faultsOf(draft)).toEqual(["title", 0]);
  draft.title = "Payment down";
  draft.steps[0]!.text = "Stop";
  expect(faultsOf(draft)).toEqual([]);
});

test("steps change places, seconds stay within bounds", () => {
  expect(movedStep(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  expect([secondsOf("45"), secondsOf("0"), secondsOf("9999"), secondsOf("soon")]).toEqual([45, 1, 600, 30]);
});
