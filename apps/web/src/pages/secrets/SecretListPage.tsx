/** The secrets of a project: what they are for and what uses them, never what they hold. */
import type { SecretRow } from "@kubev/api-types/secrets";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { read } from "../../api/queries.ts";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { PageFrame } from "../../components/PageFrame.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useNamed, useSetUrlSearch, useUrlSearch } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { paths } from "../../paths.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { DeleteItem, RowMenu } from "../../table/RowMenu.tsx";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { Select } from "../../ui/Select.tsx";
import { EmptyState, Notice } from "../../ui/States.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { SecretDelete } from "./SecretDelete.tsx";
import { sortWords } from "./secret-words.ts";
import { UsedBy } from "./UsedBy.tsx";

const sortChoices = [
  { value: "", label: "All kinds" },
  ...Object.entries(sortWords).map(([value, label]) => ({ value, label })),
];

const matches = (row: SecretRow, text: string) =>
  [row.name, row.type, ...row.keys, ...row.usedBy.map(({ name }) => name)].some((word) =>
    word.toLowerCase().includes(text),
  );

export function SecretListPage() {
  const { project } = useNamed();
  useTitle("Secrets and keys");
  const { data, error, refetch } = useQuery(read("listSecrets", { params: { project } }));
  const create = (
    <ButtonLink
      to={paths.secretCreate(project)}
      tone="primary"
      icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
      disabledReason={data === undefined ? undefined : disabledReason(data.create)}
    >
      Create a secret
    </ButtonLink>
  );
  return (
    <PageFrame title="Secrets and keys" aside={create}>
      {data === undefined ? (
        error ? (
          <LoadFailed
            error={error}
            what="The list of secrets could not be loaded."
            onRetry={() => void refetch()}
          />
        ) : (
          <SkeletonLines lines={6} label="Loading the secrets" />
        )
      ) : (
        <>
          {data.warnings.length === 0 ? null : (
            <Notice tone="attention">
              {data.warnings.map(({ reason }) => (
                <p key={reasonText(reason)}>{reasonText(reason)}</p>
              ))}
            </Notice>
          )}
          {data.secrets.length === 0 ? (
            <EmptyState
              title="This project has no secrets"
              icon={<KeyRound size={28} strokeWidth={1.25} aria-hidden />}
              action={create}
            >
              A secret holds what not everybody should read: logins of registries, passwords, keys. SSH public
              keys lie here too, so that machines can be given them.
            </EmptyState>
          ) : (
            <SecretTable rows={data.secrets} partial={data.warnings.length > 0} />
          )}
        </>
      )}
    </PageFrame>
  );
}

function SecretTable({ rows, partial }: { rows: readonly SecretRow[]; partial: boolean }) {
  const search = useUrlSearch();
  const setSearch = useSetUrlSearch();
  const [deleting, setDeleting] = useState<SecretRow | null>(null);
  const q = search["q"] ?? "";
  const kind = search["kind"] ?? "";
  const shown = rows.filter(
    (row) => (kind === "" || row.sort === kind) && (q === "" || matches(row, q.toLowerCase().trim())),
  );
  return (
    <>
      <div className="grid max-w-2xl gap-3 sm:grid-cols-2">
        <TextField
          label="Search"
          value={q}
          onChange={(next) => setSearch({ q: next }, true)}
          placeholder="Name, key or what uses it"
          autoComplete="off"
          spellCheck={false}
        />
        <Select
          label="Kind"
          value={sortChoices.some(({ value }) => value === kind) ? kind : ""}
          onChange={(next) => setSearch({ kind: next })}
          choices={sortChoices}
        />
      </div>
      {shown.length === 0 ? (
        <EmptyState title="No secret matches this">The project has {rows.length} in all.</EmptyState>
      ) : (
        <SimpleTable
          label="Secrets"
          columns={["Name", "Kind", "Keys", "Used by", "Age", "Actions"]}
          endAligned={["Age"]}
          rows={shown.map((row) => ({
            key: row.uid,
            cells: [
              <AppLink
                key="n"
                to={paths.secret(row.project, row.name)}
                look="plain"
                className="font-medium break-all"
              >
                {row.name}
              </AppLink>,
              <span key="k" title={row.type} className="whitespace-nowrap">
                {sortWords[row.sort]}
              </span>,
              <span key="s" className="font-mono text-xs break-all text-secondary">
                {row.keys.join(", ") || "None"}
              </span>,
              <UsedBy key="u" project={row.project} uses={row.usedBy} atMost={3} />,
              <Age key="a" iso={row.createdAt} />,
              <RowMenu key="m" name={row.name}>
                <DeleteItem
                  verb="Delete secret"
                  decision={row.actions.delete}
                  onSelect={() => setDeleting(row)}
                />
              </RowMenu>,
            ],
          }))}
        />
      )}
      {deleting === null ? null : (
        <SecretDelete secret={deleting} partial={partial} onClose={() => setDeleting(null)} />
      )}
    </>
  );
}
