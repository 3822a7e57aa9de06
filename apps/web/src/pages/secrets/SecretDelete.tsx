/** Deleting a secret: what uses it is named first. */
import type { SecretRow } from "@kubev/api-types/secrets";
import { call } from "../../api/client.ts";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";
import { formatList } from "../../format/numbers.ts";
import { userWords } from "./secret-words.ts";

interface SecretDeleteProps {
  secret: SecretRow;
  /** Something that uses it may be unknown. */
  partial: boolean;
  onClose: () => void;
  onDeleted?: (() => void) | undefined;
}

export function SecretDelete({ secret, partial, onClose, onDeleted }: SecretDeleteProps) {
  const { project, name, uid, usedBy } = secret;
  return (
    <DeleteDialog
      name={name}
      verb="Delete secret"
      run={async () => call("deleteSecret", { params: { project, name }, query: { uid } })}
      shownBy={["listSecrets"]}
      onClose={onClose}
      onDeleted={onDeleted}
      consequence={
        <>
          {usedBy.length === 0
            ? "Its values are gone for good. Nothing that you may see uses it."
            : `Its values are gone for good. It is used by ${formatList(usedBy.map((use) => `${userWords[use.kind].toLowerCase()} ${use.name}`))}, which may not start again without it.`}
          {partial ? " Not everything that may use it could be looked at." : null}
        </>
      }
    />
  );
}
