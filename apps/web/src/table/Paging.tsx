/** Which rows are on screen, and the way to the others. */
import { ChevronLeft, ChevronRight } from "lucide-react";
import { formatCount } from "../format/numbers.ts";
import { IconButton } from "../ui/Button.tsx";

interface PagingProps {
  page: number;
  pageSize: number;
  total: number;
  onPage: (page: number) => void;
}

export function Paging({ page, pageSize, total, onPage }: PagingProps) {
  if (total === 0) return null;
  const first = (page - 1) * pageSize + 1;
  const last = Math.min(total, page * pageSize);
  const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;
  return (
    <nav aria-label="Pages" className="ml-auto flex items-center gap-1 text-secondary">
      <span className="tabular mr-1 whitespace-nowrap">
        {formatCount(first)}–{formatCount(last)} of {formatCount(total)}
      </span>
      <IconButton
        size="sm"
        aria-label="Previous page"
        icon={<ChevronLeft {...icon} />}
        disabledReason={page <= 1 ? "This is the first page." : undefined}
        onClick={() => onPage(page - 1)}
      />
      <IconButton
        size="sm"
        aria-label="Next page"
        icon={<ChevronRight {...icon} />}
        disabledReason={last >= total ? "This is the last page." : undefined}
        onClick={() => onPage(page + 1)}
      />
    </nav>
  );
}
