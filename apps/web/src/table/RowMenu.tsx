/** The actions of one row: a button at its end, named after the row. */
import { MoreHorizontal, Trash2 } from "lucide-react";
import type { ActionDecision } from "@kubev/api-types/reason";
import type { ReactNode } from "react";
import { disabledReason } from "../components/reason-of.ts";
import { IconButton } from "../ui/Button.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";

export function RowMenu({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Menu
      trigger={
        <IconButton
          size="sm"
          aria-label={`Actions for ${name}`}
          icon={<MoreHorizontal size={16} strokeWidth={1.5} aria-hidden />}
        />
      }
    >
      {children}
    </Menu>
  );
}

interface DeleteItemProps {
  /** E.g. "Delete disk". */
  verb: string;
  decision: ActionDecision;
  onSelect: () => void;
}

export function DeleteItem({ verb, decision, onSelect }: DeleteItemProps) {
  return (
    <MenuItem
      danger
      icon={<Trash2 size={16} strokeWidth={1.5} aria-hidden />}
      disabledReason={disabledReason(decision)}
      onSelect={onSelect}
    >
      {verb}
    </MenuItem>
  );
}
