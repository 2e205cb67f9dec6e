import { span } from "../shared/times";

const SIGNIFICANT = { maximumSignificantDigits: 2 } as const;
const POINTS = new Intl.NumberFormat("en", { style: "percent", ...SIGNIFICANT });
const BIT_RATES = [
  [1e12, "Tbit/s"],
  [1e9, "Gbit/s"],
  [1e6, "Mbit/s"],
  [1e3, "kbit/s"],
] as const;
const PLAIN = new Intl.NumberFormat("en", SIGNIFICANT);

/** What is needed of a metric to speak of a gap. */
export interface Measured {
  readonly unit: string;
  readonly better: string;
}

/**
 * By how much a target is missed, or what is to spare: "0.42 points short", "0.4 s over", "1 h to spare".
 *
 * @param gap as the server gives it, in the target's unit; negative is headroom.
 * @param ofCases whether the target is a share of cases ("95% within 2 s"); its gap then is a share, too.
 */
export function gapText(gap: number, metric: Measured, ofCases: boolean, currency: string | null): string {
  const ratio = ofCases || metric.unit === "ratio";
  if (gap === 0) return "exactly met";
  const size = amount(Math.abs(gap), ratio ? "ratio" : metric.unit, currency);
  if (gap < 0) return `${size} to spare`;
  return `${size} ${!ratio && metric.better === "lower" ? "over" : "short"}`;
}

function amount(size: number, unit: string, currency: string | null): string {
  switch (unit) {
    case "ratio":
      return POINTS.format(size).replace("%", " points");
    case "s":
      return size < 1
        ? `${PLAIN.format(size * 1000)} ms`
        : size < 60
          ? `${PLAIN.format(size)} s`
          : span(size);
    case "money":
      return `${PLAIN.format(size)} ${currency ?? ""}`.trim();
    case "1/s":
      return `${PLAIN.format(size)}/s`;
    case "bit/s":
      return bits(size);
    default:
      return PLAIN.format(size);
  }
}

function bits(size: number): string {
  const [factor, unit] = BIT_RATES.find(([least]) => size >= least) ?? [1, "bit/s"];
  return `${PLAIN.format(size / factor)} ${unit}`;
}
