/** Emptying the host: the plan of who goes where and who cannot; then the work, which goes on without this page. */
import type { DrainPlan, DrainState } from "@kubev/api-types/host-drain";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { TabBody } from "../../components/TabBody.tsx";
import { useTitle } from "../../components/use-title.ts";
import { formatPlural } from "../../format/numbers.ts";
import { reasonWithCause } from "../../reasons/reason-text.ts";
import { useDeed } from "../../components/use-deed.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { Section } from "../../ui/Facts.tsx";
import { ProgressBar, SkeletonLines } from "../../ui/Progress.tsx";
import { Notice } from "../../ui/States.tsx";
import { DrainItems, PlanItems } from "./DrainItems.tsx";
import { useHost } from "./use-host.ts";

const whileRunningMs = 1500;
const planAgainMs = 15_000;

export default function HostDrainTab() {
  const { row } = useHost();
  const cache = useQueryClient();
  const params = { name: row.name };
  useTitle(`Drain of ${row.name}`);
  const { data, error, refetch } = useQuery({
    ...read("getHostDrain", { params }),
    refetchInterval: ({ state }) => (state.data?.drain?.phase === "running" ? whileRunningMs : planAgainMs),
  });
  const phase = data?.drain?.phase;
  // a drain that has just ended changes what the host takes
  useEffect(() => {
    if (phase !== undefined && phase !== "running") void cache.invalidateQueries({ queryKey: ["getHost"] });
  }, [phase, cache]);
  if (data === undefined)
    return error ? (
      <LoadFailed error={error} what="The drain could not be loaded." onRetry={() => void refetch()} />
    ) : (
      <TabBody>
        <SkeletonLines label="Loading" />
      </TabBody>
    );
  const { drain } = data;
  return (
    <TabBody>
      {drain === null ? null : <Progress drain={drain} />}
      {drain?.phase === "running" ? null : <Plan />}
    </TabBody>
  );
}

const phaseWords: Record<DrainState["phase"], string> = {
  running: "The host is being drained",
  done: "The last drain emptied the host",
  cancelled: "The last drain was given up",
  failed: "The last drain failed",
};
const phaseTones = { running: "working", done: "ok", cancelled: "off", failed: "error" } as const;

function Progress({ drain }: { drain: DrainState }) {
  const cancel = useDeed({
    run: () => call("cancelHostDrain", { params: { name: drain.host } }),
    shownBy: ["getHostDrain", "getHost"],
    refetch: "always",
  });
  const running = drain.phase === "running";
  return (
    <Section
      title={running ? "Progress" : "Last drain"}
      aside={
        running ? (
          <Button size="sm" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel drain
          </Button>
        ) : undefined
      }
    >
      <Notice tone={phaseTones[drain.phase]}>
        <p>
          {phaseWords[drain.phase]}: {formatPlural(drain.gone, "thing has", "things have")} gone of{" "}
          {drain.total}. Begun by {drain.startedBy}.
        </p>
        {drain.reason === undefined ? null : <p>{reasonWithCause(drain.reason)}</p>}
        {running ? <p>It goes on when you leave this page. What is blocked is asked for again.</p> : null}
      </Notice>
      <RefusalNotice error={cancel.error} />
      {running ? (
        <ProgressBar
          percent={drain.total === 0 ? null : (drain.gone / drain.total) * 100}
          label={`Drain of ${drain.host}`}
        />
      ) : null}
      {running ? <DrainItems items={drain.items} /> : null}
    </Section>
  );
}

/** The plan in one sentence. */
function planLine({ items, counts, openHosts }: DrainPlan): string {
  const part = (count: number | undefined, one: string, many: string) =>
    count === undefined || count === 0 ? [] : [formatPlural(count, one, many)];
  const going = items.filter(({ outcome }) => outcome === "goes");
  const parts = [
    ...part(counts.migrates, "machine moves without a break", "machines move without a break"),
    ...part(counts.restarts, "machine restarts elsewhere", "machines restart elsewhere"),
    ...part(counts.stops, "machine stops", "machines stop"),
    // a machine that does not run here yet, or no longer, goes as its pod does
    ...part(going.filter(({ kind }) => kind === "machine").length, "machine goes", "machines go"),
    ...part(going.filter(({ kind }) => kind === "pod").length, "pod goes", "pods go"),
    ...part(counts.blocked, "thing cannot go", "things cannot go"),
  ];
  const hosts = formatPlural(openHosts, "other host takes machines", "other hosts take machines");
  return `${parts.length === 0 ? "Nothing has to go" : parts.join(", ")}. ${hosts}.`;
}

function Plan() {
  const { row } = useHost();
  const [deleteLocalData, setLocal] = useState(false);
  const [deleteUnmanaged, setUnmanaged] = useState(false);
  const [asking, setAsking] = useState(false);
  const params = { name: row.name };
  const plan = useQuery({
    ...read("planHostDrain", {
      params,
      query: {
        deleteLocalData: deleteLocalData ? "true" : "false",
        deleteUnmanaged: deleteUnmanaged ? "true" : "false",
      },
    }),
    placeholderData: (before) => before,
    // the plan from before a drain says nothing after it
    gcTime: 0,
    refetchInterval: planAgainMs,
  });
  const start = useDeed({
    run: () => call("startHostDrain", { params, body: { deleteLocalData, deleteUnmanaged } }),
    shownBy: ["getHostDrain", "getHost", "listHosts", "listTasks"],
    refetch: "always",
    onDone: () => setAsking(false),
  });
  if (plan.data === undefined)
    return plan.error ? (
      <LoadFailed error={plan.error} what="The plan could not be made." onRetry={() => void plan.refetch()} />
    ) : (
      <SkeletonLines label="Making the plan" />
    );
  const { data } = plan;
  const blocked = data.counts.blocked ?? 0;
  return (
    <Section
      title="Plan"
      aside={
        <Button
          size="sm"
          tone="primary"
          disabledReason={disabledReason(row.actions.drain)}
          onClick={() => setAsking(true)}
        >
          Drain host
        </Button>
      }
    >
      <Notice tone={blocked > 0 ? "attention" : "off"}>{planLine(data)}</Notice>
      <div className="flex flex-wrap gap-x-8 gap-y-2">
        <CheckField
          label="Let pods lose their scratch data"
          hint="What they keep on this host is gone afterwards."
          checked={deleteLocalData}
          onChange={setLocal}
        />
        <CheckField
          label="Delete pods that nothing makes anew"
          hint="They are gone for good."
          checked={deleteUnmanaged}
          onChange={setUnmanaged}
        />
      </div>
      <PlanItems items={data.items} />
      {asking ? (
        <ConfirmDialog
          open
          onClose={() => setAsking(false)}
          onConfirm={() => start.mutate()}
          title={`Drain ${row.name}`}
          verb="Drain host"
          busy={start.isPending}
          consequence={
            <p className="text-pretty">
              The host is cordoned, then everything that can go is asked to leave. {planLine(data)}
              {blocked > 0 ? " What cannot go stays, and the drain waits for it until it is given up." : ""}{" "}
              The host stays cordoned afterwards.
            </p>
          }
        >
          <RefusalNotice error={start.error} />
        </ConfirmDialog>
      ) : null}
    </Section>
  );
}
