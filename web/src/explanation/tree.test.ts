import { describe, expect, it } from "vitest";
import { foldedAtFirst, move, placeAmong, shown, sizeBelow } from "./tree";

// 0 shop: 1 sequence: (2 web, 3 any of: (4 a, 5 b)), 6 own
const steps = [0, 1, 2, 2, 3, 3, 1].map((depth) => ({ depth }));
const none = new Set<number>();

describe("a tree in a list", () => {
  it("knows how many steps are part of each", () => {
    expect(steps.map((_, position) => sizeBelow(steps, position))).toEqual([6, 4, 0, 2, 0, 0, 0]);
  });

  it("knows the place of each among those beside it", () => {
    expect(steps.map((_, position) => placeAmong(steps, position))).toEqual([
      { place: 1, of: 1 },
      { place: 1, of: 2 },
      { place: 1, of: 2 },
      { place: 2, of: 2 },
      { place: 1, of: 2 },
      { place: 2, of: 2 },
      { place: 2, of: 2 },
    ]);
  });

  it("hides what is part of a folded step, and nothing else", () => {
    expect(shown(steps, none)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(shown(steps, new Set([3]))).toEqual([0, 1, 2, 3, 6]);
    expect(shown(steps, new Set([1, 3]))).toEqual([0, 1, 6]);
    expect(shown([], none)).toEqual([]);
  });
});

describe("what is folded at first", () => {
  it("is nothing in a small tree", () => {
    expect(foldedAtFirst(steps).size).toBe(0);
  });

  it("is what is deepest in a large one, so that a few dozen steps are shown", () => {
    const large = [{ depth: 0 }];
    for (let branch = 0; branch < 20; branch += 1) {
      large.push({ depth: 1 });
      for (let leaf = 0; leaf < 10; leaf += 1) large.push({ depth: 2 });
    }
    expect(shown(large, foldedAtFirst(large))).toHaveLength(21);
  });

  it("leaves the first level open, however wide it is", () => {
    const wide = [{ depth: 0 }, ...Array.from({ length: 200 }, () => ({ depth: 1 }))];
    expect(shown(wide, foldedAtFirst(wide))).toHaveLength(201);
  });
});

describe("a key", () => {
  it("goes up, down, to the first and to the last step that is shown", () => {
    const folded = new Set([3]);
    expect(move("ArrowDown", steps, folded, 3)).toEqual({ focus: 6 });
    expect(move("ArrowUp", steps, folded, 6)).toEqual({ focus: 3 });
    expect(move("Home", steps, folded, 6)).toEqual({ focus: 0 });
    expect(move("End", steps, folded, 0)).toEqual({ focus: 6 });
    expect(move("ArrowUp", steps, folded, 0)).toBeNull();
    expect(move("ArrowDown", steps, folded, 6)).toBeNull();
  });

  it("unfolds to the right, then goes in; folds to the left, then goes out", () => {
    expect(move("ArrowRight", steps, new Set([3]), 3)).toEqual({ focus: 3, unfold: 3 });
    expect(move("ArrowRight", steps, none, 3)).toEqual({ focus: 4 });
    expect(move("ArrowRight", steps, none, 4)).toBeNull();
    expect(move("ArrowLeft", steps, none, 3)).toEqual({ focus: 3, fold: 3 });
    expect(move("ArrowLeft", steps, none, 5)).toEqual({ focus: 3 });
    expect(move("ArrowLeft", steps, new Set([0]), 0)).toBeNull();
  });

  it("folds and unfolds what has parts with the space bar and the enter key", () => {
    expect(move(" ", steps, none, 1)).toEqual({ focus: 1, fold: 1 });
    expect(move("Enter", steps, new Set([1]), 1)).toEqual({ focus: 1, unfold: 1 });
    expect(move("Enter", steps, none, 2)).toBeNull();
    expect(move("x", steps, none, 2)).toBeNull();
  });
});
