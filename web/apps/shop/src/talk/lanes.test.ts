import { expect, test } from "vitest";

import { flight, fresh, Lanes, MOST_WAITING, PATIENCE_MS, SPEED, type Waiting } from "./lanes";

test("no comment overlaps another of its lane, however many come", () => {
  const lanes = new Lanes(3);
  const flown: { lane: number; from: number; width: number }[] = [];
  let chance = 7;
  for (let now = 0; now < 60_000; now += 40) {
    chance = (chance * 1103515245 + 12345) % 2 ** 31;
    const width = 40 + (chance % 300);
    const lane = lanes.place(now, width);
    if (lane >= 0) flown.push({ lane, from: now, width });
  }
  for (const [n, one] of flown.entries()) {
    const next = flown.slice(n + 1).find(({ lane }) => lane === one.lane);
    // At one speed the distance stays: the tail was in before the next head began.
    if (next) expect(((next.from - one.from) / 1000) * SPEED).toBeGreaterThanOrEqual(one.width);
  }
  expect(flown.length).toBeGreaterThan(50);
});

test("a busy chat never makes the queue fall behind", () => {
  const lanes = new Lanes(2);
  let queue: Waiting<number>[] = [];
  for (let now = 0; now < 30_000; now += 100) {
    for (let n = 0; n < 50; n += 1) queue.push({ item: now, since: now, weight: 0 });
    queue = fresh(queue, now);
    expect(queue.length).toBeLessThanOrEqual(MOST_WAITING);
    const next = queue[0];
    if (next && lanes.place(now, 120) >= 0) {
      queue.shift();
      expect(now - next.item).toBeLessThanOrEqual(PATIENCE_MS);
    }
  }
});

test("questions and one's own words go before the rest and wait longer", () => {
  const queue = [
    { item: "chat", since: 0, weight: 0 },
    { item: "question", since: 100, weight: 1 },
    { item: "own", since: 200, weight: 2 },
  ];
  expect(fresh(queue, 300).map(({ item }) => item)).toEqual(["own", "question", "chat"]);
  expect(fresh(queue, PATIENCE_MS + 150).map(({ item }) => item)).toEqual(["own", "question"]);
});

test("fewer lanes keep what is known of theirs; a flight takes the way at the speed", () => {
  const lanes = new Lanes(2);
  expect([lanes.place(0, 100), lanes.place(0, 100), lanes.place(0, 100)]).toEqual([0, 1, -1]);
  lanes.resize(3);
  expect(lanes.place(0, 100)).toBe(2);
  expect(flight(SPEED, SPEED)).toBe(2000);
});
