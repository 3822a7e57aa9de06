/** What the guest is told at its first start: a user, keys, a name; or the whole text. */
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { useProjectActions } from "../../components/use-project-actions.ts";
import { CheckField } from "../../ui/Checkbox.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { TextArea, TextField } from "../../ui/TextField.tsx";
import type { CloudInitKind } from "./draft.ts";
import type { SectionProps } from "./section.ts";

export function CloudInitSection({ project, draft, change, errorAt }: SectionProps) {
  const keyError = draft.sshKeys
    .split("\n")
    .map((_, index) => errorAt(`cloudInit.sshKeys.${index}`))
    .find(Boolean);
  return (
    <div className="flex flex-col gap-4">
      <RadioCards<CloudInitKind>
        label="First start"
        columns={3}
        value={draft.cloudInit}
        onChange={(cloudInit) => change({ cloudInit })}
        cards={[
          { value: "form", title: "User and keys", detail: "For images with cloud-init." },
          { value: "raw", title: "Your own text", detail: "cloud-config or a script." },
          { value: "none", title: "Nothing", detail: "The image needs no help." },
        ]}
      />
      {draft.cloudInit === "form" ? (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <div data-field="cloudInit.userName">
              <TextField
                label="User name"
                optional
                autoComplete="off"
                spellCheck={false}
                value={draft.userName}
                onChange={(userName) => change({ userName })}
                placeholder="The image's own"
                error={errorAt("cloudInit.userName")}
              />
            </div>
            <div data-field="cloudInit.password">
              <TextField
                label="Password"
                optional
                type="password"
                autoComplete="new-password"
                value={draft.password}
                onChange={(password) => change({ password })}
                error={errorAt("cloudInit.password")}
                hint="Kept in a Secret of the project, never shown again."
              />
            </div>
          </div>
          <div data-field="cloudInit.sshKeys">
            <TextArea
              label="SSH public keys"
              optional
              mono
              rows={3}
              value={draft.sshKeys}
              onChange={(sshKeys) => change({ sshKeys })}
              placeholder="ssh-ed25519 AAAA… you@example.org"
              error={errorAt("cloudInit.sshKeys") ?? keyError}
              hint="One key on each line."
            />
          </div>
          <KeySecrets
            project={project}
            chosen={draft.sshKeySecrets}
            onChange={(sshKeySecrets) => change({ sshKeySecrets })}
            errorAt={errorAt}
          />
          <div data-field="cloudInit.hostname">
            <TextField
              label="Host name"
              optional
              spellCheck={false}
              value={draft.hostname}
              onChange={(hostname) => change({ hostname })}
              placeholder="The machine's name"
              error={errorAt("cloudInit.hostname")}
            />
          </div>
        </>
      ) : null}
      {draft.cloudInit === "raw" ? (
        <div data-field="cloudInit.userData">
          <TextArea
            label="User data"
            mono
            rows={10}
            value={draft.userData}
            onChange={(userData) => change({ userData })}
            placeholder={"#cloud-config\nusers:\n  - name: admin"}
            error={errorAt("cloudInit.userData") ?? errorAt("cloudInit")}
            hint="Begins with #cloud-config or #!. Kept in a Secret of the project."
          />
        </div>
      ) : null}
    </div>
  );
}

interface KeySecretsProps {
  project: string;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  errorAt: SectionProps["errorAt"];
}

/** The project's secrets of public keys, for those who may see them; one that was chosen stays until it is unchosen. */
function KeySecrets({ project, chosen, onChange, errorAt }: KeySecretsProps) {
  const { seesSecrets } = useProjectActions(project);
  const { data } = useQuery({
    ...read("listSecrets", { params: { project }, query: { uses: "false" } }),
    enabled: seesSecrets === true,
  });
  const offered = (data?.secrets ?? []).filter(({ sort }) => sort === "ssh-keys").map(({ name }) => name);
  const names = [...new Set([...offered, ...chosen])];
  if (names.length === 0)
    return seesSecrets === false ? (
      <p className="text-xs text-tertiary">
        You may not see the secrets of this project, so the SSH keys that it keeps are not offered here.
      </p>
    ) : null;
  const error = chosen.map((_, index) => errorAt(`cloudInit.sshKeySecrets.${index}`)).find(Boolean);
  return (
    <fieldset data-field="cloudInit.sshKeySecrets" className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1 font-medium">
        SSH keys of the project<span className="ml-1.5 font-normal text-tertiary">optional</span>
      </legend>
      {names.map((name) => (
        <CheckField
          key={name}
          label={name}
          hint={data?.secrets.find((secret) => secret.name === name)?.keys.join(", ")}
          checked={chosen.includes(name)}
          onChange={(on) => onChange(on ? [...chosen, name] : chosen.filter((other) => other !== name))}
        />
      ))}
      {error === undefined ? null : (
        <p role="alert" className="text-xs text-error">
          {error}
        </p>
      )}
      <p className="text-xs text-tertiary">
        The guest takes the keys at its first start. Keys that are put into the secret later reach only
        machines that start for the first time.
      </p>
    </fieldset>
  );
}
