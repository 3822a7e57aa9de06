/** What the form of a new secret holds, and what of it may outlive the page. */

export interface SecretDraft {
  kind: "ssh-keys" | "registry" | "opaque";
  name: string;
  /** One on each line. */
  publicKeys: string;
  server: string;
  userName: string;
  password: string;
  entries: { key: string; value: string }[];
}

export const emptyDraft: SecretDraft = {
  kind: "ssh-keys",
  name: "",
  publicKeys: "",
  server: "",
  userName: "",
  password: "",
  entries: [{ key: "", value: "" }],
};

const looksPublic = (line: string) => line.trim() === "" || /^(ssh|ecdsa|sk)-\S+ \S/.test(line);

/** Names only. Somebody may have pasted a private key where public ones belong, so what is no public key is left out too. */
export function worthKeeping(draft: SecretDraft): SecretDraft {
  return {
    ...draft,
    publicKeys: draft.publicKeys.split("\n").every(looksPublic) ? draft.publicKeys : "",
    password: "",
    entries: draft.entries.map(({ key }) => ({ key, value: "" })),
  };
}
