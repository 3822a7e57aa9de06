/** The list of any catalogued noun. */
import { objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectRow } from "@kubev/api-types/objects";
import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import { use, useCallback, useMemo, useState } from "react";
import { rowKey } from "../api/live/list-window.ts";
import { read } from "../api/queries.ts";
import { Age } from "../components/Age.tsx";
import { ButtonLink } from "../components/ButtonLink.tsx";
import { disabledReason } from "../components/reason-of.ts";
import { useGo, useProject } from "../components/use-place.ts";
import { PageNotFound } from "../pages/failures/PageNotFound.tsx";
import { paths } from "../paths.ts";
import { reasonWithCause } from "../reasons/reason-text.ts";
import type { Column } from "../table/column.ts";
import { BulkDelete } from "../table/BulkDelete.tsx";
import { ListPage } from "../table/ListPage.tsx";
import { NarrowRow } from "../table/NarrowRow.tsx";
import { DeleteItem, RowMenu } from "../table/RowMenu.tsx";
import { StateFacets } from "../table/StateFacets.tsx";
import { useObjectList } from "../table/use-list.ts";
import { useSelection } from "../table/use-selection.ts";
import { MenuItem } from "../ui/Menu.tsx";
import { EmptyState } from "../ui/States.tsx";
import { StatusMark } from "../ui/Status.tsx";
import { deleteObject, ObjectDelete } from "./ObjectDelete.tsx";
import { type AnyObjectPage, loadObjectPage } from "./object-pages.ts";
import { inSentence, nounsOfHolders, objectWords } from "./object-words.ts";
import { useObjectNoun } from "./use-object.ts";
import { nameColumn, projectColumn } from "../table/place-columns.tsx";

export default function ObjectListPage() {
  const noun = useObjectNoun();
  return noun === undefined ? <PageNotFound /> : <NounList key={noun} noun={noun} />;
}

/** The columns of the noun, with those that all have around them. */
function columnsOf(
  page: AnyObjectPage,
  withProject: boolean,
  holder: string | undefined,
): Column<ObjectRow>[] {
  return [
    nameColumn({
      track: "minmax(180px,2.4fr)",
      to: (row) => paths.object(holder === undefined ? row : { ...row, project: holder }),
    }),
    ...(withProject ? [projectColumn<ObjectRow>("minmax(112px,0.9fr)", paths.project)] : []),
    {
      id: "status",
      header: "Status",
      sortKey: "status",
      track: "minmax(150px,1.3fr)",
      cell: (row) => <ObjectStatus page={page} row={row} />,
      glow: (row) => row.state.status,
      csv: (row) => page.states[row.state.status]?.word ?? row.state.status,
    },
    ...page.columns.map((column) => ({
      ...column,
      cell: (row: ObjectRow) =>
        column.csv(row) === "" ? <span className="text-tertiary">–</span> : column.cell(row),
    })),
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
}

export function ObjectStatus({ page, row }: { page: AnyObjectPage; row: ObjectRow }) {
  const { state } = row;
  const reason = state.reason === undefined ? undefined : reasonWithCause(state.reason);
  return (
    <span className="flex min-w-0" title={reason}>
      <StatusMark tone={state.tone} detail={reason}>
        {page.states[state.status]?.word ?? state.status}
      </StatusMark>
    </span>
  );
}

function NounList({ noun }: { noun: ObjectNoun }) {
  const page = use(loadObjectPage(noun));
  const { one, many, icon: Icon } = objectWords[noun];
  const { namespaced, plural } = objectCatalog[noun];
  const project = useProject();
  const list = useObjectList(noun);
  // what a project's people hold is shown beside the project's own
  const at = useCallback(
    (row: ObjectRow): ObjectRow =>
      nounsOfHolders.has(noun) && project !== undefined ? { ...row, project } : row,
    [noun, project],
  );
  const go = useGo();
  const [deleting, setDeleting] = useState<ObjectRow | null>(null);
  const selection = useSelection<ObjectRow>(list);
  const columns = useMemo(
    () =>
      columnsOf(page, namespaced && project === undefined, nounsOfHolders.has(noun) ? project : undefined),
    [page, namespaced, noun, project],
  );
  const words = useMemo(
    () => Object.fromEntries(Object.entries(page.states).map(([key, { word }]) => [key, word])),
    [page],
  );
  const shownWords = useMemo(() => ({ status: words }), [words]);
  const tones = useMemo(
    () => Object.fromEntries(Object.entries(page.states).map(([key, { tone }]) => [key, tone])),
    [page],
  );
  const may = useQuery({
    ...read("getObjectNoun", { params: { noun }, query: project === undefined ? {} : { project } }),
    enabled: page.form !== undefined || project !== undefined,
  }).data;
  // an empty list is then no proof that there are none; addresses and the like are seen by those who hold them
  const unseen =
    project !== undefined && namespaced && may !== undefined ? disabledReason(may.list) : undefined;
  const create =
    page.form === undefined || page.fromCluster || (namespaced && project === undefined) ? null : (
      <ButtonLink
        to={paths.objectCreate(noun, project)}
        tone="primary"
        icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
        disabledReason={may === undefined ? undefined : disabledReason(may.create)}
      >
        {`Create ${inSentence(one)}`}
      </ButtonLink>
    );
  const first =
    create ??
    (project === undefined && namespaced && page.form !== undefined ? (
      <ButtonLink to={paths.projects()}>Choose a project</ButtonLink>
    ) : page.fromText === true && unseen === undefined ? (
      <ButtonLink to={paths.textCreate(project)}>Create from YAML</ButtonLink>
    ) : null);
  const narrowRow = useCallback(
    (row: ObjectRow) => (
      <NarrowRow
        name={row.name}
        to={paths.object(at(row))}
        status={<ObjectStatus page={page} row={row} />}
        facts={[namespaced && project === undefined ? row.project : "", ...page.narrow(row.facts)]}
      />
    ),
    [at, namespaced, page, project],
  );
  const rowActions = useCallback(
    (row: ObjectRow) => (
      <RowMenu name={row.name}>
        <MenuItem
          icon={<Pencil size={16} strokeWidth={1.5} aria-hidden />}
          disabledReason={disabledReason(row.actions.edit)}
          onSelect={() => go(page.form === undefined ? paths.object(row, "yaml") : paths.objectEdit(row))}
        >
          {page.form === undefined ? "Edit YAML" : "Edit"}
        </MenuItem>
        <DeleteItem
          verb={`Delete ${inSentence(one)}`}
          decision={row.actions.delete}
          onSelect={() => setDeleting(row)}
        />
      </RowMenu>
    ),
    [go, one, page],
  );
  return (
    <>
      <ListPage<ObjectRow>
        tableId={namespaced && project === undefined ? `platform-${plural}` : plural}
        title={many}
        failed={`The list of ${inSentence(many)} could not be loaded.`}
        placeholder={page.placeholder}
        hints={page.hints}
        words={shownWords}
        columns={columns}
        list={list}
        keyOf={rowKey}
        selection={selection}
        bulkBar={
          <BulkDelete
            selection={selection}
            one={inSentence(one)}
            many={inSentence(many)}
            consequence={(rows) =>
              // the same sentence for many is said once
              [...new Set(rows.map((row) => page.deletion(row)))].map((sentence, index) => (
                <p key={typeof sentence === "string" ? sentence : index}>{sentence}</p>
              ))
            }
            run={async (row) => deleteObject(noun, row)}
            shownBy={["listObjects"]}
          />
        }
        nameOf={(row) => row.name}
        onOpen={(row) => go(paths.object(at(row)))}
        action={create}
        facets={(reply, q, setQ) => (
          <StateFacets reply={reply} words={words} tones={tones} q={q} onChange={setQ} />
        )}
        empty={
          <EmptyState
            title={
              unseen !== undefined
                ? `You may not see the ${inSentence(many)} of this project`
                : project === undefined || !namespaced
                  ? `There are no ${inSentence(many)}`
                  : `This project has no ${inSentence(page.manyOwn ?? many)}`
            }
            icon={<Icon size={28} strokeWidth={1.25} aria-hidden />}
            action={first}
          >
            {unseen ?? page.empty}
          </EmptyState>
        }
        renderNarrow={narrowRow}
        renderActions={rowActions}
      />
      {deleting === null ? null : (
        <ObjectDelete noun={noun} row={deleting} onClose={() => setDeleting(null)} />
      )}
    </>
  );
}
