/** The dialogs around power actions: what happens before, and how each machine fared after. */
import type { ActionOutcome, VmActionName, VmRow } from "@kubev/api-types/virtual-machines";
import { formatPlural } from "../format/numbers.ts";
import { reasonText, reasonWithCause } from "../reasons/reason-text.ts";
import { Button } from "../ui/Button.tsx";
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { StatusShape } from "../ui/Status.tsx";
import { splitByAction } from "./use-vm-actions.ts";
import { actionWords } from "./vm-words.ts";

interface VmActionConfirmProps {
  action: VmActionName;
  rows: readonly VmRow[];
  onConfirm: (able: readonly VmRow[]) => void;
  onClose: () => void;
}

export function VmActionConfirm({ action, rows, onConfirm, onClose }: VmActionConfirmProps) {
  const words = actionWords[action];
  const { able, unable } = splitByAction(rows, action);
  const one = rows.length === 1 ? rows[0] : undefined;
  const consequence = words.consequence?.[able.length === 1 ? "one" : "many"];
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => onConfirm(able)}
      title={
        one === undefined
          ? `${words.verb} ${formatPlural(able.length, "machine", "machines")}`
          : `${words.verb} ${one.name}`
      }
      verb={words.verb}
      danger={words.danger === true}
      disabledReason={able.length === 0 ? "None of the selected machines takes this now." : undefined}
      consequence={consequence === undefined || able.length === 0 ? null : <p>{consequence}</p>}
    >
      {one === undefined && able.length > 0 ? <Names rows={able} /> : null}
      {unable.length === 0 ? null : (
        <div className="mt-3">
          <p className="text-secondary">
            {formatPlural(unable.length, "machine is left out:", "machines are left out:")}
          </p>
          <ul className="mt-1 max-h-40 overflow-y-auto text-xs">
            {unable.map((row) => {
              const decision = row.actions[action];
              return (
                <li key={`${row.project}/${row.name}`} className="py-0.5 break-words">
                  <span className="font-medium">{row.name}</span>{" "}
                  <span className="text-secondary">
                    {decision.allowed ? "" : reasonText(decision.reason)}
                  </span>
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </ConfirmDialog>
  );
}

function Names({ rows }: { rows: readonly VmRow[] }) {
  return (
    <ul className="mt-2 max-h-40 overflow-y-auto rounded-md border border-stroke bg-sunken px-3 py-1.5 text-xs">
      {rows.map((row) => (
        <li key={`${row.project}/${row.name}`} className="truncate py-0.5">
          {row.name} <span className="text-tertiary">{row.project}</span>
        </li>
      ))}
    </ul>
  );
}

const isGone = ({ reason }: ActionOutcome) => reason?.code === "vm-gone";

interface OutcomesProps {
  action: VmActionName;
  outcomes: readonly ActionOutcome[];
  onClose: () => void;
}

/** One line per machine that it was not done to; those that nobody has any more did not fail. */
export function OutcomesDialog({ action, outcomes, onClose }: OutcomesProps) {
  const undone = outcomes.filter((outcome) => !outcome.ok);
  const gone = undone.filter(isGone).length;
  const failed = undone.length - gone;
  const ok = outcomes.length - undone.length;
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={`${actionWords[action].verb}: ${
        failed > 0
          ? `${formatPlural(failed, "machine", "machines")} failed`
          : `${formatPlural(gone, "machine is", "machines are")} gone`
      }`}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {ok > 0 ? (
        <p className="pb-2 text-secondary">It worked for {formatPlural(ok, "machine", "machines")}.</p>
      ) : null}
      <ul className="divide-y divide-stroke rounded-md border border-stroke">
        {undone.map((outcome) => (
          <li key={`${outcome.project}/${outcome.name}`} className="flex gap-2.5 px-3 py-2">
            <StatusShape tone={isGone(outcome) ? "off" : "error"} className="mt-1" />
            <div className="min-w-0">
              <div className="font-medium break-words">
                {outcome.name} <span className="font-normal text-tertiary">{outcome.project}</span>
              </div>
              {outcome.reason ? (
                <div className="text-secondary break-words">{reasonWithCause(outcome.reason)}</div>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
