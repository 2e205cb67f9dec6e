import { useId, useState } from "react";
import { credential, signIn } from "../gql/credential";

/** Asks for what proves who one is. */
export function SignIn() {
  const [given, setGiven] = useState("");
  const field = useId();
  const refused = credential() !== null;
  return (
    <main id="content" className="sign-in">
      <h1>Sign in</h1>
      {refused && (
        <p className="notice" data-tone="ERROR" role="alert">
          The server does not accept the key or token given before: it may be mistyped, expired or revoked.
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (given.trim() !== "") signIn(given);
        }}
      >
        <label htmlFor={field}>API key or access token</label>
        <input
          id={field}
          type="password"
          autoComplete="current-password"
          required
          value={given}
          onChange={(event) => setGiven(event.target.value)}
        />
        <button type="submit" className="button primary">
          Sign in
        </button>
      </form>
      <p className="quiet">
        It is kept in this tab until you close it. Whoever runs this server makes keys with{" "}
        <code>olagraph keys create</code>.
      </p>
    </main>
  );
}
