/** One object of any catalogued noun: its header, its tabs, and the tab that is open. */
import { objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectDetail } from "@kubev/api-types/objects";
import { Outlet } from "@tanstack/react-router";
import { createContext, use, useContext, useState } from "react";
import { ButtonLink } from "../components/ButtonLink.tsx";
import { DetailFrame, DetailHeader, DetailLoader, DetailTabs } from "../components/DetailFrame.tsx";
import { disabledReason } from "../components/reason-of.ts";
import { useGo, useProject } from "../components/use-place.ts";
import { useFramingTitle } from "../components/use-title.ts";
import { PageNotFound } from "../pages/failures/PageNotFound.tsx";
import { paths } from "../paths.ts";
import { Button } from "../ui/Button.tsx";
import { ObjectDelete } from "./ObjectDelete.tsx";
import { ObjectStatus } from "./ObjectListPage.tsx";
import { type AnyObjectPage, loadObjectPage } from "./object-pages.ts";
import { inSentence, objectWords } from "./object-words.ts";
import { useObjectNoun, useObjectQuery } from "./use-object.ts";

interface Shown {
  page: AnyObjectPage;
  detail: ObjectDetail;
}

const ShownObject = createContext<Shown | null>(null);

/** The object that the open tab is about. */
export function useShownObject(): Shown {
  const shown = useContext(ShownObject);
  if (shown === null) throw new Error("An object's tab was shown outside of its page.");
  return shown;
}

export default function ObjectLayout() {
  const noun = useObjectNoun();
  return noun === undefined ? <PageNotFound /> : <NounLayout key={noun} noun={noun} />;
}

function NounLayout({ noun }: { noun: ObjectNoun }) {
  const page = use(loadObjectPage(noun));
  const { query, name } = useObjectQuery(noun);
  const project = useProject();
  const { one, many } = objectWords[noun];
  useFramingTitle(name);
  return (
    <DetailLoader
      query={query}
      missing={`There is no ${inSentence(one)} ${name}`}
      failed={`The ${inSentence(one)} could not be loaded.`}
      back={<ButtonLink to={paths.objects(noun, project)}>{many}</ButtonLink>}
    >
      {(detail) => (
        <ShownObject value={{ page, detail }}>
          <DetailFrame
            header={<Header page={page} detail={detail} />}
            tabs={
              // seen reduced, it has no text and no events to show
              detail.resourceVersion === "" ? undefined : (
                <DetailTabs
                  label={`Parts of this ${inSentence(one)}`}
                  tabs={[
                    { label: "Overview", to: paths.object(detail.row) },
                    ...(page.Logs === undefined
                      ? []
                      : [{ label: "Logs", to: paths.object(detail.row, "logs") }]),
                    ...(page.Shell === undefined
                      ? []
                      : [{ label: "Shell", to: paths.object(detail.row, "shell") }]),
                    { label: "Events", to: paths.object(detail.row, "events") },
                    { label: "YAML", to: paths.object(detail.row, "yaml") },
                    { label: "Activity", to: paths.object(detail.row, "activity") },
                  ]}
                />
              )
            }
          >
            <Outlet />
          </DetailFrame>
        </ShownObject>
      )}
    </DetailLoader>
  );
}

function Header({ page, detail }: Shown) {
  const { row, spec } = detail;
  const go = useGo();
  const project = useProject();
  const [deleting, setDeleting] = useState(false);
  const { namespaced } = objectCatalog[page.noun];
  const { Actions } = page;
  return (
    <>
      <DetailHeader
        name={row.name}
        status={<ObjectStatus page={page} row={row} />}
        actions={
          <>
            {Actions === undefined ? null : <Actions detail={detail} />}
            {page.form === undefined ? null : (
              <ButtonLink
                to={paths.objectEdit(row)}
                disabledReason={
                  disabledReason(row.actions.edit) ??
                  (spec === null ? "It holds more than the form can show. Edit its YAML." : undefined)
                }
              >
                Edit
              </ButtonLink>
            )}
            <Button disabledReason={disabledReason(row.actions.delete)} onClick={() => setDeleting(true)}>
              Delete
            </Button>
          </>
        }
      />
      {deleting ? (
        <ObjectDelete
          noun={page.noun}
          row={row}
          onClose={() => setDeleting(false)}
          onDeleted={() => go(paths.objects(page.noun, namespaced ? project : undefined))}
        />
      ) : null}
    </>
  );
}
