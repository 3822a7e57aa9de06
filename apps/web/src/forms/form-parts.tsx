/** The shell of every form: one column to fill in, the errors on top, the buttons that stay, and a side that previews. */
import type { FormEvent, ReactNode } from "react";
import { ButtonLink } from "../components/ButtonLink.tsx";
import { FormErrorSummary } from "../components/FormErrorSummary.tsx";
import { Button } from "../ui/Button.tsx";

interface FormPageProps {
  /** Of a page of its own; a tab has its page's. */
  title?: string;
  lead?: ReactNode;
  /** On the button, e.g. "Create subnet". */
  verb: string;
  busy: boolean;
  disabledReason?: string | undefined;
  onSubmit: () => void;
  /** Where leaving leads; a tab is left by others. */
  leave?: string;
  /** The refusal of the last try. */
  error: unknown;
  fields: readonly { path: string; text: string }[];
  labelOf: (path: string) => string;
  /** Gives up what was typed; undefined while nothing was. */
  onDiscard?: (() => void) | undefined;
  /** More buttons or words in the footer. */
  footer?: ReactNode;
  /** Notices above the first section. */
  top?: ReactNode;
  asideLabel: string;
  aside: ReactNode;
  children: ReactNode;
}

export function FormPage(props: FormPageProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit();
  };
  return (
    <div className="grid min-h-full shrink-0 grid-cols-1 xl:grid-cols-[minmax(0,46rem)_minmax(0,1fr)]">
      <form onSubmit={submit} noValidate className="flex w-full min-w-0 flex-col gap-8 px-3 py-5 md:px-5">
        {props.title === undefined ? null : (
          <header>
            <h1 className="text-xl font-semibold tracking-tight">{props.title}</h1>
            <p className="text-secondary">{props.lead}</p>
          </header>
        )}
        {props.top}
        <FormErrorSummary
          error={props.error}
          fields={props.fields}
          labelOf={props.labelOf}
          onGo={goToField}
        />
        {props.children}
        <footer className="sticky bottom-0 z-sticky -mx-3 mt-auto flex flex-wrap items-center gap-2 border-t border-stroke bg-surface px-3 py-3 md:-mx-5 md:px-5">
          <Button type="submit" tone="primary" busy={props.busy} disabledReason={props.disabledReason}>
            {props.verb}
          </Button>
          {props.leave === undefined ? null : <ButtonLink to={props.leave}>Leave</ButtonLink>}
          {props.onDiscard === undefined ? null : (
            <Button tone="quiet" onClick={props.onDiscard}>
              Discard what was entered
            </Button>
          )}
          {props.footer}
        </footer>
      </form>
      <aside
        aria-label={props.asideLabel}
        className="border-stroke bg-sunken max-xl:border-t xl:sticky xl:top-0 xl:h-[calc(100vh-48px)] xl:overflow-y-auto xl:border-l"
      >
        {props.aside}
      </aside>
    </div>
  );
}

export function FormSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-4">
      <h2 className="border-b border-stroke pb-1.5 text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}

/** Brings the field of a path into view and into focus. Fields carry their path as `data-field`. */
export function goToField(path: string): void {
  const field = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(path)}"]`);
  field?.scrollIntoView({ block: "center" });
  field?.querySelector<HTMLElement>("input, textarea, select, button, a")?.focus({ preventScroll: true });
}

/** Lines of a text area, without empty ones. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
