/** The tabs that every catalogued object has. */
import { useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { keyOf, read } from "../api/queries.ts";
import { ActivityFeed } from "../components/ActivityFeed.tsx";
import { Age } from "../components/Age.tsx";
import { EventsPanel } from "../components/EventsPanel.tsx";
import { disabledReason } from "../components/reason-of.ts";
import { SectionColumns } from "../components/SectionColumns.tsx";
import { TabBody } from "../components/TabBody.tsx";
import { useTitle } from "../components/use-title.ts";
import { ObjectTextPanel } from "../editor/ObjectTextPanel.tsx";
import { formatExact } from "../format/dates.ts";
import { PageNotFound } from "../pages/failures/PageNotFound.tsx";
import { reasonText, reasonWithCause } from "../reasons/reason-text.ts";
import { Facts, Section } from "../ui/Facts.tsx";
import { Notice } from "../ui/States.tsx";
import { Badge } from "../ui/Status.tsx";
import { paramsOfObject } from "./ObjectDelete.tsx";
import { useShownObject } from "./ObjectLayout.tsx";
import { inSentence, objectWords } from "./object-words.ts";

export function ObjectOverviewTab() {
  const { page, detail } = useShownObject();
  const { row, notes } = detail;
  const { Overview } = page;
  const labels = Object.entries(row.labels);
  return (
    <TabBody>
      {row.state.reason === undefined ? null : (
        <Notice tone={row.state.tone}>{reasonWithCause(row.state.reason)}</Notice>
      )}
      {notes.length === 0 ? null : (
        <Notice tone="attention">
          {notes.map((note) => (
            <p key={reasonText(note)}>{reasonText(note)}</p>
          ))}
        </Notice>
      )}
      <SectionColumns>
        <Overview detail={detail} />
        <Section title="Object">
          <Facts
            facts={[
              {
                name: "Created",
                value: (
                  <span>
                    {formatExact(row.createdAt)} (<Age iso={row.createdAt} ago />)
                  </span>
                ),
              },
              {
                name: "Labels",
                value:
                  labels.length === 0 ? (
                    "None"
                  ) : (
                    <span className="flex flex-wrap gap-1">
                      {labels.map(([key, value]) => (
                        <Badge key={key}>{`${key}=${value}`}</Badge>
                      ))}
                    </span>
                  ),
              },
            ]}
          />
        </Section>
      </SectionColumns>
    </TabBody>
  );
}

/** The open object's place in the API. */
function useShownParams() {
  const { page, detail } = useShownObject();
  const { row } = detail;
  return { page, row, params: paramsOfObject(page.noun, row.project, row.name) };
}

export function ObjectEventsTab() {
  const { params } = useShownParams();
  useTitle(`Events of ${params.name}`);
  return <EventsPanel events={read("listObjectEvents", { params })} />;
}

export function ObjectLogsTab() {
  const { page, detail } = useShownObject();
  useTitle(`Logs of ${detail.row.name}`);
  const { Logs } = page;
  return Logs === undefined ? (
    <PageNotFound />
  ) : (
    <TabBody>
      <Logs detail={detail} />
    </TabBody>
  );
}

export function ObjectShellTab() {
  const { page, detail } = useShownObject();
  useTitle(`Shell in ${detail.row.name}`);
  const { Shell } = page;
  return Shell === undefined ? (
    <PageNotFound />
  ) : (
    <TabBody>
      <Shell detail={detail} />
    </TabBody>
  );
}

export function ObjectYamlTab() {
  const { page, row, params } = useShownParams();
  useTitle(`YAML of ${params.name}`);
  const cache = useQueryClient();
  return (
    <ObjectTextPanel
      what={inSentence(objectWords[page.noun].one)}
      text={read("getObjectYaml", { params })}
      check={(body) => call("checkObjectYaml", { params, body })}
      save={(body) => call("putObjectYaml", { params, body })}
      onSaved={() => cache.invalidateQueries({ queryKey: keyOf("getObject", { params }) })}
      editRefused={disabledReason(row.actions.edit)}
    />
  );
}

export function ObjectActivityTab() {
  const { row } = useShownParams();
  useTitle(`Activity of ${row.name}`);
  const project = row.project === "" ? {} : { project: row.project };
  return (
    <TabBody>
      <ActivityFeed query={{ ...project, name: row.name, noun: row.ref.noun }} />
    </TabBody>
  );
}
