/** The issuer's sign-in page: plain HTML that needs neither scripts nor anything from the network. */

const escape = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

const STYLE = `
:root { color-scheme: light dark; --page: #f4f6fa; --card: #fff; --line: #d5dbe5; --text: #1a2233; --soft: #5b667a;
  --accent: #2b5fd9; --accent-text: #fff; --bad: #b3261e; --bad-page: #fdecea; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1119; --card: #161c28; --line: #2c3547; --text: #e8ecf4;
  --soft: #9aa6bb; --accent: #6f9bff; --accent-text: #0b1220; --bad: #ffb4ab; --bad-page: #3a1a19; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; padding: 1rem; }
main { width: 100%; max-width: 25rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 2rem; box-shadow: 0 12px 40px rgb(10 20 50 / 10%); }
h1 { font-size: 1.375rem; margin: 0 0 .25rem; letter-spacing: -.01em; }
p { margin: 0 0 1.25rem; color: var(--soft); font-size: .9375rem; }
fieldset { border: 0; padding: 0; margin: 0 0 1.25rem; }
legend, label.above { font-size: .875rem; font-weight: 600; padding: 0; margin-bottom: .5rem; display: block; }
.people { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem; }
.person { position: relative; }
.person input { position: absolute; inset: 0; opacity: 0; margin: 0; cursor: pointer; }
.person span { display: block; border: 1px solid var(--line); border-radius: 9px; padding: .5rem .75rem; }
.person small { display: block; color: var(--soft); font-size: .75rem; }
.person input:checked + span { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.person input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 2px; }
input[type=password] { width: 100%; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line);
  border-radius: 9px; padding: .625rem .75rem; }
input[type=password]:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button { width: 100%; margin-top: 1.25rem; font: inherit; font-weight: 600; color: var(--accent-text);
  background: var(--accent); border: 0; border-radius: 9px; padding: .6875rem; cursor: pointer; }
.error { background: var(--bad-page); color: var(--bad); border-radius: 9px; padding: .625rem .75rem; margin-bottom: 1.25rem; }
.cancel { display: block; text-align: center; margin-top: 1rem; color: var(--soft); font-size: .875rem; }
`;

export interface SignInPerson {
  name: string;
  description: string;
}

export interface SignInPage {
  nonce: string;
  action: string;
  cancelAction: string;
  people: readonly SignInPerson[];
  chosen: string;
  error: string | undefined;
}

export function signInPage(page: SignInPage): string {
  const people = page.people
    .map(
      ({ name, description }) =>
        `<label class="person"><input type="radio" name="user" value="${escape(name)}"${name === page.chosen ? " checked" : ""} required><span>${escape(name)}<small>${escape(description)}</small></span></label>`,
    )
    .join("\n");
  return document(
    page.nonce,
    "Sign in · KubeV demo",
    `<h1>Sign in</h1>
<p>The demo cluster's own identity provider. Passwords are printed where the demo was started.</p>
${page.error === undefined ? "" : `<div class="error" role="alert">${escape(page.error)}</div>`}
<form method="post" action="${escape(page.action)}">
<fieldset><legend>Who are you?</legend><div class="people">${people}</div></fieldset>
<label class="above" for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button type="submit">Sign in</button>
</form>
<a class="cancel" href="${escape(page.cancelAction)}">Cancel</a>`,
  );
}

export const messagePage = (nonce: string, title: string, text: string): string =>
  document(nonce, title, `<h1>${escape(title)}</h1><p>${escape(text)}</p>`);

/** `form` comes from oidc-provider: a form with the id `op.logoutForm`. */
export const signOutPage = (nonce: string, form: string): string =>
  document(
    nonce,
    "Sign out",
    `<h1>Sign out</h1><p>End your session at the identity provider?</p>${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>`,
  );

const document = (nonce: string, title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(title)}</title>
<style nonce="${escape(nonce)}">${STYLE}</style>
</head>
<body><main>${content}</main></body>
</html>
`;
