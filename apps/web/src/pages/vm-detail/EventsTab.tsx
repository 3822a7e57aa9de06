/** What the cluster reported about the machine and its parts. */
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { EventList } from "../../components/EventList.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { TabBody } from "./TabBody.tsx";

export default function EventsTab() {
  const params = useNamed();
  useTitle(`Events of ${params.name}`);
  const { data, error, refetch } = useQuery({ ...read("listVmEvents", { params }), refetchInterval: 15_000 });
  if (data === undefined)
    return error ? (
      <LoadFailed error={error} what="The events could not be loaded." onRetry={() => void refetch()} />
    ) : (
      <TabBody>
        <SkeletonLines label="Loading events" />
      </TabBody>
    );
  return (
    <TabBody>
      <EventList events={data.events} />
    </TabBody>
  );
}
