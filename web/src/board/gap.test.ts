import { expect, it } from "vitest";
import { gapText } from "./gap";

const ratio = { unit: "ratio", better: "higher" };
const seconds = { unit: "s", better: "lower" };

it.each([
  [0.004187289218779465, ratio, false, "0.42 points short"],
  [-0.0008, ratio, false, "0.08 points to spare"],
  [1.2e-13, ratio, false, "0.000000000012 points short"],
  [0, ratio, false, "exactly met"],
  [0.02, seconds, true, "2 points short"],
  [0.4, seconds, false, "400 ms over"],
  [2.4, seconds, false, "2.4 s over"],
  [-5400, seconds, false, "1 h 30 min to spare"],
  [5000, { unit: "money", better: "lower" }, false, "5,000 EUR over"],
  [12, { unit: "1/s", better: "higher" }, false, "12/s short"],
  [1e9, { unit: "bit/s", better: "higher" }, false, "1 Gbit/s short"],
] as const)("a gap of %d in %o (of cases: %s) is %s", (gap, metric, ofCases, said) => {
  expect(gapText(gap, metric, ofCases, "EUR")).toBe(said);
});
