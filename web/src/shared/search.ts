/** The query of an address: each name once or several times. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

/** Reads `?verdict=UNKNOWN&verdict=INFEASIBLE&q=web`: a name that stands there more than once has a list. */
export function parseQuery(text: string): Query {
  const found: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = found[name];
    found[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return found;
}

/** Writes what `parseQuery` reads, with the `?`; empty values are left out. */
export function formatQuery(query: Readonly<Record<string, unknown>>): string {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each === "string" && each !== "") written.append(name, each);
    }
  }
  // These need no escape in a query, and addresses are read and sent by people.
  const text = written.toString().replaceAll("%3A", ":").replaceAll("%2F", "/");
  return text === "" ? "" : `?${text}`;
}

/** The one value of a name, the last where there are several. */
export function one(value: unknown): string | undefined {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === "string" && last !== "" ? last : undefined;
}

/** All values of a name, each once; undefined for none. */
export function many(value: unknown): readonly string[] | undefined {
  const all = (Array.isArray(value) ? value : [value]).filter(
    (each): each is string => typeof each === "string" && each !== "",
  );
  return all.length > 0 ? [...new Set(all)] : undefined;
}

/** The one value of a name if it is among the known; else undefined. */
export function oneOf<Known extends string>(value: unknown, known: readonly Known[]): Known | undefined {
  return known.find((each) => each === one(value));
}

/** The values of a name that are known, in the order in which they are known. */
export function manyOf<Known extends string>(
  value: unknown,
  known: readonly Known[],
): readonly Known[] | undefined {
  const stated = many(value);
  const found = known.filter((each) => stated?.includes(each));
  return found.length > 0 ? found : undefined;
}

/** The value of a name if it is a date such as 2026-12-31. */
export function day(value: unknown): string | undefined {
  const stated = one(value);
  return stated !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(stated) && !Number.isNaN(Date.parse(stated))
    ? stated
    : undefined;
}

/** With or without a value, whichever it was not. */
export function toggled<Value>(
  values: readonly Value[] | undefined,
  value: Value,
): readonly Value[] | undefined {
  const rest = (values ?? []).filter((each) => each !== value);
  if (rest.length === (values ?? []).length) return [...rest, value];
  return rest.length > 0 ? rest : undefined;
}

/** The query without what is undefined, so that addresses state only what differs. */
export function stated<Search extends object>(
  search: Search,
): { [Name in keyof Search]?: NonNullable<Search[Name]> } {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as never;
}
