/** The Secret that a filled form means, and the patch that a change means. Pure. */
import type { FieldError } from "@kubev/api-types/errors";
import type { SecretCreate } from "@kubev/api-types/secrets";
import { consoleLabels, managedByValue } from "./console-labels.ts";
import { reasonOf } from "./reasons.ts";
import { sshKeyProblem } from "./ssh-public-key.ts";

interface Entry {
  key: string;
  value: string;
}

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
const dataOf = (entries: readonly Entry[]) =>
  Object.fromEntries(entries.map(({ key, value }) => [key, base64(value)]));

/** One key of the secret for each public key. KubeVirt reads them by name, and a name of another secret would hide it. */
function keyEntries(name: string, publicKeys: readonly string[]): Entry[] {
  return publicKeys.map((line, index) => ({
    key: index === 0 ? name : `${name}-${index + 1}`,
    value: line.trim(),
  }));
}

function contentOf(form: SecretCreate): { type: string; data: Record<string, string> } {
  switch (form.kind) {
    case "ssh-keys":
      return { type: "Opaque", data: dataOf(keyEntries(form.name, form.publicKeys)) };
    case "registry": {
      const { server, userName: username, password } = form;
      const auth = base64(`${username}:${password}`);
      const value = JSON.stringify({ auths: { [server.trim()]: { username, password, auth } } });
      return { type: "kubernetes.io/dockerconfigjson", data: dataOf([{ key: ".dockerconfigjson", value }]) };
    }
    case "opaque":
      return { type: "Opaque", data: dataOf(form.entries) };
  }
}

export function secretManifest(project: string, form: SecretCreate) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: form.name,
      namespace: project,
      labels: { [consoleLabels.managedBy]: managedByValue },
    },
    ...contentOf(form),
  };
}

/** Names of the keys that a form makes, for the trail. */
export const keysOfForm = (form: SecretCreate): string[] => Object.keys(contentOf(form).data);

/** Only the keys that change are in it: the others are neither read nor sent. */
export function secretPatch(resourceVersion: string, set: readonly Entry[], remove: readonly string[]) {
  return {
    metadata: { resourceVersion },
    data: { ...Object.fromEntries(remove.map((key) => [key, null])), ...dataOf(set) },
  };
}

/** The cluster takes anything: whether each line is a public key is seen here. */
export function publicKeyProblems(publicKeys: readonly string[]): FieldError[] {
  if (publicKeys.length === 0) return [{ path: "publicKeys", reason: reasonOf("field-required") }];
  return publicKeys.flatMap((line, index) => {
    const problem = sshKeyProblem(line);
    const code = problem === "private" ? "ssh-key-private" : "ssh-key-invalid";
    return problem === null
      ? []
      : [{ path: `publicKeys.${index}`, reason: reasonOf(code, { line: index + 1 }) }];
  });
}

/** The form's field that the cluster means: `data[KEY]`, `metadata.name`; null for what has none. */
export function fieldOfCause(field: string, entries: readonly Entry[], path: string): string | null {
  if (field === "metadata.name") return "name";
  const key = /^data\[(.*)\]$/s.exec(field)?.[1] ?? /^data\.(.*)$/s.exec(field)?.[1];
  const index = entries.findIndex((entry) => entry.key === key);
  return index === -1 ? null : `${path}.${index}.key`;
}
