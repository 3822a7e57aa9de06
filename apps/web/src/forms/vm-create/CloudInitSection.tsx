/** What the guest is told at its first start: a user, keys, a name; or the whole text. */
import { RadioCards } from "../../ui/RadioCards.tsx";
import { TextArea, TextField } from "../../ui/TextField.tsx";
import type { CloudInitKind } from "./draft.ts";
import type { SectionProps } from "./section.ts";

export function CloudInitSection({ draft, change, errorAt }: SectionProps) {
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
