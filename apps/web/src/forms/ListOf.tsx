/** A list of like lines in a form: ports, routes, rules.  */
import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "../ui/Button.tsx";

interface ListOfProps<Line> {
  lines: readonly Line[];
  onChange: (lines: Line[]) => void;
  /** A new line. */
  blank: () => Line;
  /** On the button, e.g. "Add a port". */
  add: string;
  /** What a line is called to a screen reader, e.g. "Port 2". */
  nameOf: (line: Line, index: number) => string;
  /** The most lines that are taken. */
  max?: number;
  children: (line: Line, index: number, change: (part: Partial<Line>) => void) => ReactNode;
}

export function ListOf<Line>(props: ListOfProps<Line>) {
  const { lines, onChange, blank, add, nameOf, max = Number.POSITIVE_INFINITY, children } = props;
  return (
    <div className="flex flex-col gap-4">
      {lines.map((line, index) => (
        <div
          key={index} // every field of a line is controlled: nothing of it stays behind when lines move
          className="flex items-start gap-2 border-b border-stroke pb-4 last:border-b-0"
        >
          <div className="min-w-0 flex-1">
            {children(line, index, (part) =>
              onChange(lines.map((other, at) => (at === index ? { ...other, ...part } : other))),
            )}
          </div>
          <div className="pt-6">
            <IconButton
              aria-label={`Remove ${nameOf(line, index)}`}
              icon={<X size={16} strokeWidth={1.5} aria-hidden />}
              onClick={() => onChange(lines.filter((_, at) => at !== index))}
            />
          </div>
        </div>
      ))}
      <div>
        <Button
          icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
          disabledReason={lines.length >= max ? `At most ${max} are taken.` : undefined}
          onClick={() => onChange([...lines, blank()])}
        >
          {add}
        </Button>
      </div>
    </div>
  );
}
