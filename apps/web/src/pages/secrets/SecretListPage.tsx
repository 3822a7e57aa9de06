/** The secrets of a project: what they are for and what uses them, never what they hold. */
import type { SecretRow } from "@kubev/api-types/secrets";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { read } from "../../api/queries.ts";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo, useNamed } from "../../components/use-place.ts";
import { paths } from "../../paths.ts";
import type { Column } from "../../table/column.ts";
import { Facets } from "../../table/Facets.tsx";
import { ListPage } from "../../table/ListPage.tsx";
import { type LocalRules, localPage } from "../../table/local-list.ts";
import { NarrowRow } from "../../table/NarrowRow.tsx";
import { DeleteItem, RowMenu } from "../../table/RowMenu.tsx";
import { useListSearch } from "../../table/use-list.ts";
import { EmptyState } from "../../ui/States.tsx";
import { SecretDelete } from "./SecretDelete.tsx";
import { sortWords, userLink, userWords } from "./secret-words.ts";
import { nameColumn } from "../../table/place-columns.tsx";

const rules: LocalRules<SecretRow> = {
  text: (row) => [row.name, row.type, ...row.keys, ...row.usedBy.map(({ name }) => name)],
  field: { key: "kind", of: (row) => row.sort },
  sorts: {
    name: (row) => row.name,
    kind: (row) => sortWords[row.sort],
    keys: (row) => row.keys.length,
    uses: (row) => row.usedBy.length,
    created: (row) => row.createdAt,
  },
  defaultSort: "name",
};

/** Facets come as plain texts. */
const kindWords: Readonly<Record<string, string>> = sortWords;

const shownWords = { kind: kindWords };

const usesShown = 3;
const usesOf = ({ usedBy }: SecretRow) => usedBy.map(({ kind, name }) => `${userWords[kind]} ${name}`);

const columns: readonly Column<SecretRow>[] = [
  nameColumn({ track: "minmax(180px,2fr)", to: (row) => paths.secret(row.project, row.name) }),
  {
    id: "kind",
    header: "Kind",
    sortKey: "kind",
    track: "minmax(140px,1fr)",
    cell: (row) => (
      <span title={row.type} className="truncate">
        {sortWords[row.sort]}
      </span>
    ),
    csv: (row) => sortWords[row.sort],
  },
  {
    id: "keys",
    header: "Keys",
    sortKey: "keys",
    track: "minmax(140px,1.5fr)",
    cell: (row) => (
      <span title={row.keys.join(", ")} className="truncate font-mono text-xs text-secondary">
        {row.keys.join(", ") || "None"}
      </span>
    ),
    csv: (row) => row.keys.join(", "),
  },
  {
    id: "uses",
    header: "Used by",
    sortKey: "uses",
    track: "minmax(160px,2fr)",
    cell: (row) => (
      <span title={usesOf(row).join(", ")} className="truncate">
        {row.usedBy.length === 0 ? <span className="text-tertiary">Nothing</span> : null}
        {row.usedBy.slice(0, usesShown).map((use, at) => (
          <span key={`${use.kind}/${use.name}`}>
            {at === 0 ? "" : ", "}
            <span className="text-tertiary">{userWords[use.kind]}</span>{" "}
            <AppLink to={userLink(row.project, use)}>{use.name}</AppLink>
          </span>
        ))}
        {row.usedBy.length > usesShown ? (
          <span className="text-tertiary">{` and ${row.usedBy.length - usesShown} more`}</span>
        ) : null}
      </span>
    ),
    csv: (row) => usesOf(row).join(", "),
  },
  {
    id: "created",
    header: "Age",
    sortKey: "age",
    align: "end",
    track: "76px",
    cell: (row) => <Age iso={row.createdAt} />,
    csv: (row) => row.createdAt,
  },
];

const hints = [
  { word: "kind:registry", detail: "By what it is for" },
  { word: "kind:ssh-keys", detail: "SSH keys" },
];

export function SecretListPage() {
  const { project } = useNamed();
  const go = useGo();
  const { state } = useListSearch(project);
  const [deleting, setDeleting] = useState<SecretRow | null>(null);
  const result = useQuery({
    ...read("listSecrets", { params: { project } }),
    select: ({ secrets, create, warnings }) => ({
      ...localPage(secrets, state.search, rules),
      create,
      warnings,
    }),
  });
  const { data } = result;
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
    <>
      <ListPage<SecretRow>
        tableId="secrets"
        title="Secrets and keys"
        failed="The list of secrets could not be loaded."
        placeholder="Name, key or what uses it"
        hints={hints}
        words={shownWords}
        columns={columns}
        list={{ ...state, result, readAll: async () => data?.all ?? [] }}
        keyOf={(row) => row.uid}
        nameOf={(row) => row.name}
        onOpen={(row) => go(paths.secret(project, row.name))}
        action={create}
        facets={(reply, q, setQ) => (
          <Facets
            field="kind"
            label="Filter by kind"
            counts={reply.facets?.["kind"]}
            describe={(value) => ({ value, label: kindWords[value] ?? value })}
            q={q}
            onChange={setQ}
          />
        )}
        empty={
          <EmptyState
            title="This project has no secrets"
            icon={<KeyRound size={28} strokeWidth={1.25} aria-hidden />}
            action={create}
          >
            A secret holds what not everybody should read: logins of registries, passwords, keys. SSH public
            keys lie here too, so that machines can be given them.
          </EmptyState>
        }
        renderNarrow={(row) => (
          <NarrowRow
            name={row.name}
            to={paths.secret(project, row.name)}
            status={<span className="shrink-0 text-secondary">{sortWords[row.sort]}</span>}
            facts={[row.keys.join(", "), usesOf(row).slice(0, 1).join("")]}
          />
        )}
        renderActions={(row) => (
          <RowMenu name={row.name}>
            <DeleteItem
              verb="Delete secret"
              decision={row.actions.delete}
              onSelect={() => setDeleting(row)}
            />
          </RowMenu>
        )}
      />
      {deleting === null ? null : (
        <SecretDelete
          secret={deleting}
          partial={(data?.warnings.length ?? 0) > 0}
          onClose={() => setDeleting(null)}
        />
      )}
    </>
  );
}
