/** What the cluster reported about the machine and its parts. */
import { read } from "../../api/queries.ts";
import { EventsPanel } from "../../components/EventsPanel.tsx";
import { useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";

export default function EventsTab() {
  const params = useNamed();
  useTitle(`Events of ${params.name}`);
  return <EventsPanel events={read("listVmEvents", { params })} />;
}
