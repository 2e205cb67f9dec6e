/** What verdicts, severities and states are called, worst first. Each has an icon of its own beside its colour. */

export const VERDICTS = ["INFEASIBLE", "UNSUPPORTED", "UNKNOWN", "CONDITIONAL", "SUPPORTED"] as const;
export type Verdict = (typeof VERDICTS)[number];

export const SEVERITIES = ["ERROR", "WARNING", "INFO"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const KINDS = ["SLA", "OLA", "UC"] as const;
export type Kind = (typeof KINDS)[number];

export const STATES = ["DOWN", "AT_RISK", "DEGRADED"] as const;
export type State = (typeof STATES)[number];

interface Word {
  readonly word: string;
  readonly meaning: string;
}

export const VERDICT_WORDS: Readonly<Record<Verdict, Word>> = {
  INFEASIBLE: { word: "Infeasible", meaning: "cannot hold" },
  UNSUPPORTED: { word: "Unsupported", meaning: "does not hold" },
  UNKNOWN: { word: "Unknown", meaning: "is not known" },
  CONDITIONAL: { word: "Conditional", meaning: "holds only if failures are independent" },
  SUPPORTED: { word: "Supported", meaning: "holds" },
};

export const SEVERITY_WORDS: Readonly<Record<Severity, Word>> = {
  ERROR: { word: "Error", meaning: "a promise is broken or cannot be judged" },
  WARNING: { word: "Warning", meaning: "a promise may not hold what it says" },
  INFO: { word: "Note", meaning: "worth knowing" },
};

export const STATE_WORDS: Readonly<Record<State, Word>> = {
  DOWN: { word: "Down", meaning: "cannot work" },
  AT_RISK: { word: "At risk", meaning: "up, with redundancy lost" },
  DEGRADED: { word: "Degraded", meaning: "up, without something optional" },
};

export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  SLA: "SLA: to a customer",
  OLA: "OLA: between our own teams",
  UC: "UC: from an external supplier",
};
