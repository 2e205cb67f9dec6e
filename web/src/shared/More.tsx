import { count } from "./numbers";

interface MoreProps {
  readonly hidden: number;
  readonly loading: boolean;
  readonly onMore: () => void;
}

/** What is not shown yet, and the button that shows it. */
export function More({ hidden, loading, onMore }: MoreProps) {
  if (hidden <= 0) return null;
  return (
    <button type="button" className="button more" onClick={onMore} disabled={loading}>
      {loading ? "Loading" : `${count(hidden)} hidden: show more`}
    </button>
  );
}
