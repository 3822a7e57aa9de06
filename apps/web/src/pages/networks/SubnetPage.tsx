/** A subnet as a project's people see it: reduced, and nothing of it can be changed. */
import { useQuery } from "@tanstack/react-query";
import { useLiveFeed } from "../../api/live/use-live.ts";
import { read } from "../../api/queries.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DetailFrame, DetailHeader, DetailLoader } from "../../components/DetailFrame.tsx";
import { subnetBadges, SubnetStatus } from "../../components/subnet-columns.tsx";
import { SubnetOverview } from "../../components/SubnetOverview.tsx";
import { TabBody } from "../../components/TabBody.tsx";
import { useNamed, useProject } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { paths } from "../../paths.ts";
import { reasonText, reasonWithCause } from "../../reasons/reason-text.ts";
import { Notice } from "../../ui/States.tsx";

export default function SubnetPage() {
  const { name } = useNamed();
  const project = useProject();
  useTitle(name);
  useLiveFeed("networks");
  const query = useQuery(read("getSubnet", { params: { name } }));
  return (
    <DetailLoader
      query={query}
      missing={`There is no subnet ${name}`}
      failed="The subnet could not be loaded."
      back={<ButtonLink to={paths.subnets(project)}>Networks</ButtonLink>}
    >
      {(detail) => (
        <DetailFrame
          header={
            <DetailHeader
              name={detail.row.name}
              status={
                <>
                  <SubnetStatus subnet={detail.row} />
                  {subnetBadges(detail.row)}
                </>
              }
              line={
                detail.row.state.reason === undefined ? undefined : reasonWithCause(detail.row.state.reason)
              }
            />
          }
        >
          <TabBody>
            {detail.row.notes.length === 0 ? null : (
              <Notice tone="attention">
                {detail.row.notes.map((note) => (
                  <p key={note.code}>{reasonText(note)}</p>
                ))}
              </Notice>
            )}
            <SubnetOverview detail={detail} project={project} />
          </TabBody>
        </DetailFrame>
      )}
    </DetailLoader>
  );
}
