/** The tabs of a host that every object has, and its usage. */
import { useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { keyOf, read } from "../../api/queries.ts";
import { ActivityFeed } from "../../components/ActivityFeed.tsx";
import { EventsPanel } from "../../components/EventsPanel.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { TabBody } from "../../components/TabBody.tsx";
import { UsageCharts, useUsageRange } from "../../components/UsageCharts.tsx";
import { useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { ObjectTextPanel } from "../../editor/ObjectTextPanel.tsx";
import { useHostQuery } from "./use-host.ts";

/** The host's place in the API. */
function useParams() {
  const { name } = useNamed();
  return { name };
}

export function HostUsageTab() {
  const params = useParams();
  const range = useUsageRange();
  useTitle(`Usage of ${params.name}`);
  return (
    <UsageCharts
      usage={read("getHostUsage", { params, query: { range } })}
      absent="Figures come while the host is ready."
    />
  );
}

export function HostEventsTab() {
  const params = useParams();
  useTitle(`Events of ${params.name}`);
  return <EventsPanel events={read("listHostEvents", { params })} />;
}

export function HostYamlTab() {
  const params = useParams();
  const { data } = useHostQuery().query;
  useTitle(`YAML of ${params.name}`);
  const cache = useQueryClient();
  return (
    <ObjectTextPanel
      what="host"
      text={read("getHostYaml", { params })}
      check={(body) => call("checkHostYaml", { params, body })}
      save={(body) => call("putHostYaml", { params, body })}
      onSaved={() => cache.invalidateQueries({ queryKey: keyOf("getHost", { params }) })}
      editRefused={data === undefined ? undefined : disabledReason(data.row.actions.edit)}
    />
  );
}

export function HostActivityTab() {
  const { name } = useParams();
  useTitle(`Activity of ${name}`);
  return (
    <TabBody>
      <ActivityFeed query={{ name, noun: "host" }} />
    </TabBody>
  );
}
