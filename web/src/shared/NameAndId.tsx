/** Something that people know by a name and files by an id. */
export interface Named {
  readonly id: string;
  readonly name: string | null;
}

/** The name for people: the id where nobody gave one. */
export function nameOf(thing: Named): string {
  return thing.name ?? thing.id;
}

/** The name, with the id beside it where the two differ. */
export function NameAndId({ thing }: { readonly thing: Named }) {
  if (thing.name === null || thing.name === thing.id) return <span className="id">{thing.id}</span>;
  return (
    <>
      {thing.name} <span className="id quiet">{thing.id}</span>
    </>
  );
}

/** Several names in one line; with none, what that means. */
export function listed(things: readonly Named[], none: string): string {
  return things.length === 0 ? none : things.map(nameOf).join(", ");
}
