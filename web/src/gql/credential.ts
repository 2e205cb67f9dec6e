const KEY = "olagraph.credential";

/** The API key or access token given in this tab; null without one. It is gone when the tab is closed. */
export function credential(): string | null {
  return sessionStorage.getItem(KEY);
}

/** What proves who one is, over HTTP as headers and over a WebSocket as the first message. */
export function authorization(): Record<string, string> {
  const given = credential();
  return given === null ? {} : { Authorization: `Bearer ${given}` };
}

/** Keep a key or token for this tab and start anew with it. */
export function signIn(given: string): void {
  sessionStorage.setItem(KEY, given.trim());
  location.reload();
}

/** Forget the key or token and everything that was shown with it. */
export function signOut(): void {
  sessionStorage.removeItem(KEY);
  location.reload();
}
