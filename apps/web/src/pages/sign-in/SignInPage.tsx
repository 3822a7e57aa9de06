/** The way in: what happens on signing in is said before it happens. */
import { otherPaths } from "@kubev/api-types/endpoint-paths";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { call } from "../../api/client.ts";
import { keyOf, sessionQuery } from "../../api/queries.ts";
import { useUrlSearch } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { paths } from "../../paths.ts";
import { stringifySearch } from "../../query-string.ts";
import { codeText, errorText } from "../../reasons/error-text.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { Skeleton } from "../../ui/Progress.tsx";
import { ErrorState, Notice } from "../../ui/States.tsx";
import { TextField } from "../../ui/TextField.tsx";

/** Only a path of this console; anything else would be an open redirect. */
function safeReturnTo(text: string | undefined): string {
  return text !== undefined && /^\/(?![/\\])/.test(text) ? text : paths.home();
}

export default function SignInPage() {
  useTitle("Sign in");
  const search = useUrlSearch();
  const session = useQuery(sessionQuery());
  const returnTo = safeReturnTo(search["returnTo"]);
  const router = useRouter();
  const signedIn = session.data?.user != null;
  useEffect(() => {
    if (signedIn) router.history.replace(returnTo);
  }, [signedIn, returnTo, router]);

  return (
    <main id="main" className="flex min-h-full flex-col items-center justify-center px-4 py-12">
      <div className="flex w-full max-w-[380px] flex-col gap-6">
        <header className="flex flex-col gap-3">
          <img src="/icon.svg" alt="" className="size-9" />
          <div>
            <h1 className="text-xl font-semibold tracking-tight">Sign in to KubeV Console</h1>
            {session.data === undefined ? null : (
              <p className="text-secondary">{session.data.cluster.name}</p>
            )}
          </div>
        </header>
        {search["refused"] === undefined ? null : <Notice tone="error">{codeText(search["refused"])}</Notice>}
        {session.isPending ? <Skeleton className="h-9" /> : null}
        {session.error ? (
          <ErrorState
            {...errorText(session.error, "The console cannot be reached.")}
            onRetry={() => void session.refetch()}
          />
        ) : null}
        {session.data?.signInModes.includes("oidc") ? (
          <section className="flex flex-col gap-2">
            <a
              href={otherPaths.oidcStart + stringifySearch({ returnTo })}
              className={buttonClass("primary", "md", "h-9 w-full")}
            >
              {session.data.oidcLabel ?? "Continue with single sign-on"}
            </a>
            <p className="text-xs text-tertiary">
              You are taken to your identity provider and brought back. The console learns your name and
              groups, never your password.
            </p>
          </section>
        ) : null}
        {session.data?.signInModes.includes("token") ? (
          <TokenForm withRule={session.data.signInModes.includes("oidc")} />
        ) : null}
        {session.data?.demo ? (
          <Notice tone="off">
            This is an embedded demo cluster. Its users and their passwords were printed where the console was
            started.
          </Notice>
        ) : null}
        {session.data?.supportContact ? (
          <p className="text-xs text-tertiary">No account yet? Ask {session.data.supportContact}.</p>
        ) : null}
      </div>
    </main>
  );
}

function TokenForm({ withRule }: { withRule: boolean }) {
  const [token, setToken] = useState("");
  const [missing, setMissing] = useState(false);
  const cache = useQueryClient();
  const signIn = useMutation({
    mutationFn: () => call("signInWithToken", { body: { token: token.trim() } }),
    onSuccess: (session) => cache.setQueryData(keyOf("getSession", {}), session),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(token.trim() === "");
    if (token.trim() !== "") signIn.mutate();
  };
  const failure = signIn.error === null ? undefined : errorText(signIn.error);
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      {withRule ? (
        <div className="flex items-center gap-3 text-xs text-tertiary">
          <span className="h-px flex-1 bg-stroke" />
          or with a token
          <span className="h-px flex-1 bg-stroke" />
        </div>
      ) : null}
      <TextField
        label="Token"
        type="password"
        autoComplete="off"
        mono
        value={token}
        onChange={setToken}
        error={
          missing
            ? "Paste a token first."
            : failure === undefined
              ? undefined
              : [failure.title, failure.upstreamText].filter(Boolean).join(" ")
        }
        hint="A bearer token that the cluster accepts. It goes into the server's session and is not kept in the browser."
      />
      <Button
        type="submit"
        busy={signIn.isPending}
        tone={withRule ? "default" : "primary"}
        className="h-9 w-full"
      >
        Sign in with the token
      </Button>
    </form>
  );
}
