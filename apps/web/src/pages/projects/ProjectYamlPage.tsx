/** A project's text: its Namespace. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DetailFrame, DetailHeader, DetailLoader } from "../../components/DetailFrame.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { ObjectTextPanel } from "../../editor/ObjectTextPanel.tsx";
import { paths } from "../../paths.ts";

export default function ProjectYamlPage() {
  const { project } = useNamed();
  useTitle(`YAML of ${project}`);
  const cache = useQueryClient();
  const params = { project };
  const query = useQuery(read("getProject", { params }));
  return (
    <DetailLoader
      query={query}
      missing={`There is no project ${project}`}
      failed="The project could not be loaded."
      back={<ButtonLink to={paths.projects()}>Projects</ButtonLink>}
    >
      {(row) => (
        <DetailFrame
          header={
            <DetailHeader
              name={`YAML of ${project}`}
              status={null}
              line="A project is a Namespace. Quota, limits and members are objects in it, each with a page of its own."
              actions={<ButtonLink to={paths.project(project)}>Back to the project</ButtonLink>}
            />
          }
        >
          <ObjectTextPanel
            what="project"
            text={read("getProjectYaml", { params })}
            check={(body) => call("checkProjectYaml", { params, body })}
            save={(body) => call("putProjectYaml", { params, body })}
            onSaved={async () => {
              await cache.invalidateQueries({ queryKey: ["getProject"] });
              await cache.invalidateQueries({ queryKey: ["listProjects"] });
            }}
            editRefused={disabledReason(row.actions.edit)}
          />
        </DetailFrame>
      )}
    </DetailLoader>
  );
}
