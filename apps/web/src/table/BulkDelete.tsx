/** The button that deletes the chosen rows of a list; what it opens loads when it is needed. */
import { lazy, type ReactNode, Suspense } from "react";
import { type LiveRow, rowKey } from "../api/live/list-window.ts";
import type { BulkDeleteDialog as Dialog, Deletable } from "../components/BulkDeleteDialog.tsx";
import { commonReason } from "../components/common-reason.ts";
import { Button } from "../ui/Button.tsx";
import type { Selection } from "./use-selection.ts";

const BulkDeleteDialog = lazy(async () => ({
  default: (await import("../components/BulkDeleteDialog.tsx")).BulkDeleteDialog,
})) as unknown as typeof Dialog; // as: lazy forgets that it is generic

/** As lists have them. */
type DeletableRow = Deletable & LiveRow;
type DialogProps<Row extends DeletableRow> = Parameters<typeof BulkDeleteDialog<Row>>[0];
type Asked = "rows" | "isGone" | "onClose";

interface BulkDeleteButtonProps<Row extends DeletableRow> {
  selection: Selection<Row>;
  /** The dialog, while it is open. */
  children: (asked: Pick<DialogProps<Row>, Asked>) => ReactNode;
}

export function BulkDeleteButton<Row extends DeletableRow>({
  selection,
  children,
}: BulkDeleteButtonProps<Row>) {
  const { asked } = selection;
  return (
    <>
      <Button
        size="sm"
        tone="danger"
        disabledReason={commonReason(selection.rows.map(({ actions }) => actions.delete))}
        onClick={() => selection.ask(selection.rows)}
      >
        Delete
      </Button>
      <Suspense fallback={null}>
        {asked === null
          ? null
          : children({
              rows: asked,
              isGone: (row) => selection.isGone(rowKey(row)),
              onClose: (undone) => {
                selection.ask(null);
                if (undone === null) return;
                selection.clear();
                selection.set(undone, true);
              },
            })}
      </Suspense>
    </>
  );
}

interface BulkDeleteProps<Row extends DeletableRow> extends Omit<DialogProps<Row>, Asked> {
  selection: Selection<Row>;
}

export function BulkDelete<Row extends DeletableRow>({ selection, ...dialog }: BulkDeleteProps<Row>) {
  return (
    <BulkDeleteButton selection={selection}>
      {(asked) => <BulkDeleteDialog<Row> {...dialog} {...asked} />}
    </BulkDeleteButton>
  );
}
