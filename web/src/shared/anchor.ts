/**
 * Where, in a list that has changed, what one looked at is now: the position of the same row, or of the nearest that
 * followed it before and is still there; null where none is.
 */
export function positionAfter(
  before: readonly string[],
  now: readonly string[],
  lookedAt: string,
): number | null {
  const places = new Map(now.map((key, position) => [key, position]));
  const start = before.indexOf(lookedAt);
  for (const key of start < 0 ? [lookedAt] : before.slice(start)) {
    const position = places.get(key);
    if (position !== undefined) return position;
  }
  return null;
}
