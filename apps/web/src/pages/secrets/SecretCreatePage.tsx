/** A new secret: SSH public keys, the login of a registry, or any keys and values. What is secret is kept in no draft. */
import type { SecretCreate } from "@kubev/api-types/secrets";
import { call } from "../../api/client.ts";
import { fieldsOf, formErrors, type FormErrors } from "../../components/form-errors.ts";
import { useGo, useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { FormPage, FormSection, linesOf } from "../../forms/form-parts.tsx";
import { useKeptDraft } from "../../forms/kept-draft.ts";
import { KeyValueLines } from "../../forms/KeyValueLines.tsx";
import { NameField } from "../../objects/NameField.tsx";
import { paths } from "../../paths.ts";
import { useDeed } from "../../components/use-deed.ts";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { TextArea, TextField } from "../../ui/TextField.tsx";
import { emptyDraft, type SecretDraft, worthKeeping } from "./secret-draft.ts";

const cards: readonly { value: SecretDraft["kind"]; title: string; detail: string }[] = [
  { value: "ssh-keys", title: "SSH public keys", detail: "For the users of machines." },
  { value: "registry", title: "Registry login", detail: "To pull images that are not public." },
  { value: "opaque", title: "Keys and values", detail: "Passwords, tokens, anything." },
];

const about: Record<SecretDraft["kind"], string> = {
  "ssh-keys":
    "Public keys are no secret, but KubeVirt reads them from one. Each key gets a name of its own in it, so that several such secrets can be given to one machine.",
  registry:
    "Pods and service accounts name it as pull secret. It is stored in the form that Docker and Podman write.",
  opaque: "Workloads, machines and imports name the secret and take single keys from it.",
};

const labels: Record<string, string> = {
  name: "Name",
  publicKeys: "Public keys",
  server: "Registry",
  userName: "User name",
  password: "Password",
  entries: "Keys and values",
};
const labelOf = (path: string): string => labels[path.split(".", 1)[0] ?? ""] ?? path;

function bodyOf(draft: SecretDraft): SecretCreate {
  const { kind, name, server, userName, password, entries } = draft;
  switch (kind) {
    case "ssh-keys":
      return { kind, name, publicKeys: linesOf(draft.publicKeys) };
    case "registry":
      return { kind, name, server, userName, password };
    case "opaque":
      return { kind, name, entries };
  }
}

export function SecretCreatePage() {
  useTitle("Create a secret");
  const { project } = useNamed();
  const go = useGo();
  const { draft, setDraft, changed, discard } = useKeptDraft(`secret/${project}`, emptyDraft, {
    worthKeeping,
  });
  const change = (part: Partial<SecretDraft>) => setDraft((before) => ({ ...before, ...part }));
  const create = useDeed({
    run: async () => call("createSecret", { params: { project }, body: bodyOf(draft) }),
    done: ({ name }) => `The secret ${name} is there.`,
    shownBy: ["listSecrets"],
    onDone: discard,
    onFetched: ({ name }) => go(paths.secret(project, name)),
    forget: true,
  });
  // all public keys are one field here
  const errors = formErrors(
    fieldsOf(create.error).map(({ path, reason }) => ({
      path: path.startsWith("publicKeys.") ? "publicKeys" : path,
      reason,
    })),
  );
  return (
    <FormPage
      title="Create a secret"
      lead="Values are sent once. They are shown again only to those who may read secrets, one at a time, and each time is written into the activity."
      verb="Create secret"
      busy={create.isPending}
      onSubmit={() => create.mutate()}
      leave={paths.secrets(project)}
      onDiscard={changed ? discard : undefined}
      error={create.error}
      fields={errors.all}
      labelOf={labelOf}
      asideLabel="What to know"
      aside={
        <div className="flex flex-col gap-3 p-4 text-secondary">
          <p>{about[draft.kind]}</p>
          <p>Values are not kept when you leave this page or reload it.</p>
        </div>
      }
    >
      <FormSection title="Secret">
        <RadioCards
          label="Kind"
          columns={3}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
          cards={cards}
        />
        <NameField
          name={draft.name}
          change={change}
          error={errors.at("name")}
          existing={false}
          placeholder={draft.kind === "registry" ? "registry-login" : "team-keys"}
        />
      </FormSection>
      <Content draft={draft} change={change} errors={errors} />
    </FormPage>
  );
}

interface ContentProps {
  draft: SecretDraft;
  change: (part: Partial<SecretDraft>) => void;
  errors: FormErrors;
}

function Content({ draft, change, errors }: ContentProps) {
  switch (draft.kind) {
    case "ssh-keys":
      return (
        <FormSection title="Public keys">
          <div data-field="publicKeys">
            <TextArea
              label="Public keys"
              mono
              rows={5}
              value={draft.publicKeys}
              onChange={(publicKeys) => change({ publicKeys })}
              placeholder="ssh-ed25519 AAAA… you@example.org"
              error={errors.at("publicKeys")}
              hint="One key on each line."
            />
          </div>
        </FormSection>
      );
    case "registry":
      return (
        <FormSection title="Login">
          <div data-field="server">
            <TextField
              label="Registry"
              value={draft.server}
              onChange={(server) => change({ server: server.trim() })}
              error={errors.at("server")}
              autoComplete="off"
              spellCheck={false}
              placeholder="registry.example.org"
            />
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            <div data-field="userName">
              <TextField
                label="User name"
                value={draft.userName}
                onChange={(userName) => change({ userName })}
                error={errors.at("userName")}
                autoComplete="off"
                spellCheck={false}
              />
            </div>
            <div data-field="password">
              <TextField
                label="Password or token"
                type="password"
                value={draft.password}
                onChange={(password) => change({ password })}
                error={errors.at("password")}
                autoComplete="new-password"
              />
            </div>
          </div>
        </FormSection>
      );
    case "opaque":
      return (
        <FormSection title="Keys and values">
          <KeyValueLines
            lines={draft.entries}
            onChange={(entries) => change({ entries })}
            errorAt={errors.at}
            valueLabel="Value"
            add="Add a key"
            max={100}
            keyPlaceholder="password"
          />
        </FormSection>
      );
  }
}
