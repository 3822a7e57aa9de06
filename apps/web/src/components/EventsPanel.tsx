/** What the cluster reported about an object, fetched again while it is looked at. */
import type { EventsReply } from "@kubev/api-types/events";
import { useQuery, type UseQueryOptions } from "@tanstack/react-query";
import { SkeletonLines } from "../ui/Progress.tsx";
import { EventList } from "./EventList.tsx";
import { LoadFailed } from "./LoadFailed.tsx";
import { TabBody } from "./TabBody.tsx";

const everyMs = 15_000;

export function EventsPanel({ events }: { events: UseQueryOptions<EventsReply> }) {
  const { data, error, refetch } = useQuery({ ...events, refetchInterval: everyMs });
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
