/** What may be done with a workload beside editing and deleting it: scale, restart, halt, go on, run now. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import type { WorkloadDeeds } from "@kubev/api-types/objects/workload";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useDeed } from "../../components/use-deed.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { NumberField } from "../../ui/NumberField.tsx";

type Deed = keyof WorkloadDeeds;

const words: Record<Deed, { verb: string; says: string; done: string }> = {
  scale: { verb: "Scale", says: "How many pods should run.", done: "The new number is asked for." },
  restart: {
    verb: "Restart",
    says: "Every pod is replaced by a new one, in turn. What they hold in memory is lost.",
    done: "The restart has begun.",
  },
  suspend: { verb: "Suspend", says: "Nothing new is begun until it is resumed.", done: "It is suspended." },
  resume: { verb: "Resume", says: "It goes on where it was suspended.", done: "It goes on." },
  run: {
    verb: "Run now",
    says: "A job is begun at once, beside those of the clock.",
    done: "A job has begun.",
  },
};

interface WorkloadDeedsProps {
  noun: Extract<ObjectNoun, "deployment" | "stateful-set" | "daemon-set" | "job" | "cron-job">;
  detail: {
    row: { name: string; project: string; facts: object };
    detail: { deeds: WorkloadDeeds };
  };
}

export function WorkloadDeedButtons({ noun, detail: { row, detail } }: WorkloadDeedsProps) {
  const [asked, setAsked] = useState<Deed | null>(null);
  const { deeds } = detail;
  return (
    <>
      {(Object.keys(words) as Deed[]).map((deed) => {
        const decision = deeds[deed];
        return decision === undefined ? null : (
          <Button key={deed} disabledReason={disabledReason(decision)} onClick={() => setAsked(deed)}>
            {words[deed].verb}
          </Button>
        );
      })}
      {asked === null ? null : (
        <DeedDialog noun={noun} row={row} deed={asked} onClose={() => setAsked(null)} />
      )}
    </>
  );
}

interface DeedDialogProps {
  noun: WorkloadDeedsProps["noun"];
  row: WorkloadDeedsProps["detail"]["row"];
  deed: Deed;
  onClose: () => void;
}

function DeedDialog({ noun, row, deed, onClose }: DeedDialogProps) {
  const [replicas, setReplicas] = useState<number | null>(
    "desired" in row.facts && typeof row.facts.desired === "number" ? row.facts.desired : 1,
  );
  const run = useDeed({
    run: async () =>
      call("actOnWorkload", {
        params: { noun, project: row.project, name: row.name },
        body: deed === "scale" ? { deed, replicas: replicas ?? 0 } : { deed },
      }),
    done: () => words[deed].done,
    shownBy: ["getObject"],
    onDone: onClose,
  });
  const { verb, says } = words[deed];
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${verb} ${row.name}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" busy={run.isPending} onClick={() => run.mutate()}>
            {verb}
          </Button>
        </>
      }
    >
      <p className="text-secondary">{says}</p>
      {deed === "scale" ? (
        <div className="mt-3">
          <NumberField label="Pods" unit="" min={0} max={1000} value={replicas} onChange={setReplicas} />
        </div>
      ) : null}
      <RefusalNotice error={run.error} />
    </Dialog>
  );
}
