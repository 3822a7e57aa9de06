/** The keys of a secret, values hidden. One is shown when it is asked for, and that is written into the trail. */
import type { SecretDetail, SecretKeyFacts } from "@kubev/api-types/secrets";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { disabledReason } from "../../components/reason-of.ts";
import { formatExact } from "../../format/dates.ts";
import { formatBytes } from "../../format/numbers.ts";
import { useDeed } from "../../components/use-deed.ts";
import { Button } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextArea, TextField } from "../../ui/TextField.tsx";

type Question = { ask: "replace" | "remove"; key: string };

export function SecretKeys({ detail }: { detail: SecretDetail }) {
  const [asked, setAsked] = useState<Question | null>(null);
  if (detail.keys.length === 0) return <p className="text-secondary">It holds nothing.</p>;
  const close = () => setAsked(null);
  return (
    <>
      <ul className="flex flex-col divide-y divide-stroke">
        {detail.keys.map((facts) => (
          // after a change nothing stays shown that may be an old value
          <KeyLine
            key={`${detail.resourceVersion}/${facts.key}`}
            detail={detail}
            facts={facts}
            onAsk={setAsked}
          />
        ))}
      </ul>
      {asked === null ? null : asked.ask === "replace" ? (
        <KeyDialog detail={detail} replaced={asked.key} onClose={close} />
      ) : (
        <RemoveDialog detail={detail} removed={asked.key} onClose={close} />
      )}
    </>
  );
}

interface KeyLineProps {
  detail: SecretDetail;
  facts: SecretKeyFacts;
  onAsk: (question: Question) => void;
}

function KeyLine({ detail: { row }, facts, onAsk }: KeyLineProps) {
  const { key, sizeBytes, publicKeys, expiresAt } = facts;
  const { project, name, actions } = row;
  // a mutation, not a query: what it answers stays in no cache
  const show = useDeed({
    run: async () => call("showSecretValue", { params: { project, name }, body: { key } }),
    shownBy: ["listActivity"],
    refetch: "always",
    forget: true,
  });
  const edit = disabledReason(actions.edit);
  return (
    <li className="flex flex-col gap-1.5 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <span className="min-w-0 flex-1 basis-40 font-mono break-all">{key}</span>
        <span className="tabular text-xs text-tertiary">{formatBytes(sizeBytes)}</span>
        <span className="flex flex-wrap gap-1.5">
          {show.data === undefined ? (
            <Button
              size="sm"
              aria-label={`Show ${key}`}
              busy={show.isPending}
              disabledReason={disabledReason(actions.show)}
              onClick={() => show.mutate()}
            >
              Show
            </Button>
          ) : (
            <Button size="sm" aria-label={`Hide ${key}`} onClick={() => show.reset()}>
              Hide
            </Button>
          )}
          <Button
            size="sm"
            aria-label={`Replace ${key}`}
            disabledReason={edit}
            onClick={() => onAsk({ ask: "replace", key })}
          >
            Replace
          </Button>
          <Button
            size="sm"
            aria-label={`Remove ${key}`}
            disabledReason={edit}
            onClick={() => onAsk({ ask: "remove", key })}
          >
            Remove
          </Button>
        </span>
      </div>
      {publicKeys.map(({ type, fingerprint }) => (
        <p key={fingerprint} className="font-mono text-xs break-all text-secondary">
          {type} {fingerprint}
        </p>
      ))}
      {expiresAt === null ? null : (
        <p className="text-xs text-secondary">Valid until {formatExact(expiresAt)}</p>
      )}
      <RefusalNotice error={show.error} />
      {show.data === undefined ? (
        <p className="text-tertiary">
          <span aria-hidden>••••••••</span>
          <span className="sr-only">The value is hidden.</span>
        </p>
      ) : (
        <Value {...show.data} />
      )}
    </li>
  );
}

function Value({ value, encoding }: { value: string; encoding: "text" | "base64" }) {
  return (
    <div className="flex flex-col items-start gap-2">
      {encoding === "base64" ? <p className="text-secondary">Not text; written as base64.</p> : null}
      <pre
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-80 w-full overflow-auto rounded-md bg-sunken p-3 font-mono text-xs break-all whitespace-pre-wrap"
      >
        {value}
      </pre>
      <CopyButton text={value} label="Copy" size="sm" />
    </div>
  );
}

/** Stores keys; whatever comes of it, the page looks at the secret again, so that a second try is made on what is there now. */
function useEdit({ row, resourceVersion }: SecretDetail, onDone: () => void) {
  const { project, name } = row;
  return useDeed({
    run: async (change: { set?: { key: string; value: string }[]; remove?: string[] }) =>
      call("editSecret", { params: { project, name }, body: { resourceVersion, ...change } }),
    shownBy: ["getSecret", "listSecrets", "listActivity"],
    refetch: "always",
    onDone,
    forget: true,
  });
}

interface KeyDialogProps {
  detail: SecretDetail;
  /** Undefined for a new key. */
  replaced?: string;
  onClose: () => void;
}

export function KeyDialog({ detail, replaced, onClose }: KeyDialogProps) {
  const [key, setKey] = useState(replaced ?? "");
  const [value, setValue] = useState("");
  const edit = useEdit(detail, onClose);
  const errors = formErrors(fieldsOf(edit.error));
  const taken = replaced === undefined && detail.keys.some((facts) => facts.key === key);
  const keyError = taken ? "This key is there already. Replace it instead." : errors.at("set.0.key");
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={replaced === undefined ? `Add a key to ${detail.row.name}` : `Replace ${replaced}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            busy={edit.isPending}
            disabledReason={key === "" ? "Name the key first." : taken ? keyError : undefined}
            onClick={() => edit.mutate({ set: [{ key, value }] })}
          >
            {replaced === undefined ? "Add key" : "Replace value"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {replaced === undefined ? (
          <TextField
            label="Key"
            mono
            value={key}
            onChange={(next) => setKey(next.trim())}
            error={keyError}
            autoComplete="off"
            spellCheck={false}
            placeholder="password"
          />
        ) : (
          <p className="text-secondary">
            The old value is overwritten without being read. What uses it may have to be restarted to see the
            new one.
          </p>
        )}
        <TextArea
          label="Value"
          mono
          rows={6}
          autoComplete="off"
          value={value}
          onChange={setValue}
          error={replaced === undefined ? undefined : errors.at("set.0.key")}
        />
        {errors.all.length > 0 ? null : <RefusalNotice error={edit.error} />}
      </div>
    </Dialog>
  );
}

function RemoveDialog({ detail, removed, onClose }: KeyDialogProps & { removed: string }) {
  const edit = useEdit(detail, onClose);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => edit.mutate({ remove: [removed] })}
      title={`Remove ${removed}`}
      verb="Remove key"
      busy={edit.isPending}
      consequence={<p>Its value is gone for good. The other keys of {detail.row.name} stay.</p>}
    >
      <RefusalNotice error={edit.error} />
    </ConfirmDialog>
  );
}
