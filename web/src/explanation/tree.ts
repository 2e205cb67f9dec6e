/** One step of a composition, as the server lists them: each after the one that it is part of. */
export interface TreeStep {
  readonly depth: number;
}

/** How many of these steps in a row are part of the one at `position`. */
export function sizeBelow(steps: readonly TreeStep[], position: number): number {
  const depth = steps[position]?.depth ?? 0;
  let end = position + 1;
  while (end < steps.length && (steps[end]?.depth ?? 0) > depth) end += 1;
  return end - position - 1;
}

/** The positions of the steps that are shown when some are folded: what is part of a folded one is not. */
export function shown(steps: readonly TreeStep[], folded: ReadonlySet<number>): readonly number[] {
  const positions: number[] = [];
  for (let position = 0; position < steps.length; position += 1) {
    positions.push(position);
    if (folded.has(position)) position += sizeBelow(steps, position);
  }
  return positions;
}

const MOST_UNFOLDED = 60;

/** What is folded at first: nothing in a small tree, in a large one all that is deeper than can be taken in. */
export function foldedAtFirst(steps: readonly TreeStep[]): ReadonlySet<number> {
  const none = new Set<number>();
  if (steps.length <= MOST_UNFOLDED) return none;
  const deepest = Math.max(...steps.map((step) => step.depth));
  for (let depth = deepest - 1; depth >= 1; depth -= 1) {
    const folded = new Set(
      steps.flatMap((step, position) =>
        step.depth >= depth && sizeBelow(steps, position) > 0 ? [position] : [],
      ),
    );
    if (shown(steps, folded).length <= MOST_UNFOLDED || depth === 1) return folded;
  }
  return none;
}

/** The place of a step among those of the one it is part of, for screen readers: the third of five. */
export function placeAmong(steps: readonly TreeStep[], position: number): { place: number; of: number } {
  const depth = steps[position]?.depth ?? 0;
  let first = position;
  while (first > 0 && (steps[first - 1]?.depth ?? 0) >= depth) first -= 1;
  let of = 0;
  let place = 0;
  for (let each = first; each < steps.length && (steps[each]?.depth ?? 0) >= depth; each += 1) {
    if (steps[each]?.depth !== depth) continue;
    of += 1;
    if (each === position) place = of;
  }
  return { place, of };
}

/** What a key does in the tree: which step gets the focus, and which is folded or unfolded. */
export interface Move {
  readonly focus: number;
  readonly fold?: number;
  readonly unfold?: number;
}

/** Keys of a tree grid (ARIA Authoring Practices): up, down, first, last; right unfolds, left folds or goes up. */
export function move(
  key: string,
  steps: readonly TreeStep[],
  folded: ReadonlySet<number>,
  at: number,
): Move | null {
  const visible = shown(steps, folded);
  const place = visible.indexOf(at);
  const foldable = sizeBelow(steps, at) > 0;
  const to = (position: number | undefined): Move | null =>
    position === undefined ? null : { focus: position };
  switch (key) {
    case "ArrowDown":
      return to(visible[place + 1]);
    case "ArrowUp":
      return to(visible[place - 1]);
    case "Home":
      return to(visible[0]);
    case "End":
      return to(visible.at(-1));
    case "ArrowRight":
      if (!foldable) return null;
      return folded.has(at) ? { focus: at, unfold: at } : to(visible[place + 1]);
    case "ArrowLeft":
      if (foldable && !folded.has(at)) return { focus: at, fold: at };
      return to(
        visible.slice(0, place).findLast((each) => (steps[each]?.depth ?? 0) < (steps[at]?.depth ?? 0)),
      );
    case "Enter":
    case " ":
      if (!foldable) return null;
      return folded.has(at) ? { focus: at, unfold: at } : { focus: at, fold: at };
    default:
      return null;
  }
}
