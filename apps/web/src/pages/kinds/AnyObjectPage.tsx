/** One object of any kind: its text to read and edit, and its deletion. The cluster decides both. */
import type { AnyObject } from "@kubev/api-types/any-objects";
import { noProject } from "@kubev/api-types/object-catalog";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { Age } from "../../components/Age.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";
import { DetailFrame, DetailHeader, DetailLoader } from "../../components/DetailFrame.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { ObjectTextPanel } from "../../editor/ObjectTextPanel.tsx";
import { type KindPlace, paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { apiVersionOf, kindParams } from "./kind-place.ts";

interface AnyObjectProps {
  kind: KindPlace;
  project: string | undefined;
  name: string;
}

export function AnyObjectPage({ kind, project, name }: AnyObjectProps) {
  useTitle(name);
  const params = { ...kindParams(kind), project: project ?? noProject, name };
  const query = useQuery(read("getAny", { params }));
  return (
    <DetailLoader
      query={query}
      missing={`There is no ${name} among ${kind.plural}${project === undefined ? "" : ` in ${project}`}`}
      failed="The object could not be loaded."
      back={<ButtonLink to={paths.kind(project, kind)}>{kind.plural}</ButtonLink>}
    >
      {(object) => <Shown object={object} kind={kind} params={params} />}
    </DetailLoader>
  );
}

interface ShownProps {
  object: AnyObject;
  kind: KindPlace;
  params: KindPlace & { project: string; name: string };
}

function Shown({ object, kind, params }: ShownProps) {
  const go = useGo();
  const cache = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  return (
    <DetailFrame
      header={
        <DetailHeader
          name={object.name}
          status={<span className="text-secondary">{object.kind}</span>}
          line={
            <>
              <span className="font-mono text-xs">{apiVersionOf(kind)}</span>, made{" "}
              <Age iso={object.createdAt} ago />
            </>
          }
          actions={
            <Button disabledReason={disabledReason(object.actions.delete)} onClick={() => setDeleting(true)}>
              Delete
            </Button>
          }
        />
      }
    >
      <ObjectTextPanel
        what={object.kind}
        text={read("getAnyYaml", { params })}
        check={(body) => call("checkAnyYaml", { params, body })}
        save={(body) => call("putAnyYaml", { params, body })}
        onSaved={async () => cache.invalidateQueries({ queryKey: ["getAny"] })}
        editRefused={disabledReason(object.actions.edit)}
      />
      {deleting ? (
        <DeleteDialog
          name={object.name}
          verb={`Delete ${object.kind}`}
          consequence={`This ${object.kind} is deleted, with whatever it owns. The console does not know what else needs it.`}
          run={async () => call("deleteAny", { params, query: { uid: object.uid } })}
          shownBy={["listAnyObjects"]}
          onClose={() => setDeleting(false)}
          onDeleted={() => go(paths.kind(object.project || undefined, kind))}
        />
      ) : null}
    </DetailFrame>
  );
}
