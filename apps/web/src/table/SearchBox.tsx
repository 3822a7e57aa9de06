/** The search of a list: the query language, its hints, and a wavy line under what was not understood. */
import type { QueryProblem } from "@kubev/api-types/list-query";
import { Search, X } from "lucide-react";
import { useEffect, useEffectEvent, useId, useMemo, useRef, useState } from "react";
import { reasonText, useSentences } from "../reasons/reason-text.ts";
import { useShortcut } from "../shell/shortcuts.ts";
import { IconButton } from "../ui/Button.tsx";
import { inSearchWords, inShownWords, type ShownWords } from "./shown-words.ts";

export interface QueryHint {
  /** What a press adds, e.g. `status:running`. */
  word: string;
  detail: string;
}

interface SearchBoxProps {
  label: string;
  placeholder: string;
  q: string;
  onChange: (q: string) => void;
  problems: readonly QueryProblem[];
  hints: readonly QueryHint[];
  /** A person may write these too: the box keeps what was typed and asks in the search's own words. */
  words: ShownWords;
}

const waitMs = 220;

export function SearchBox({ label, placeholder, q, onChange, problems, hints, words }: SearchBoxProps) {
  const [text, setText] = useState(q);
  const [focused, setFocused] = useState(false);
  const [offset, setOffset] = useState(0);
  const sent = useRef(q);
  const input = useRef<HTMLInputElement>(null);
  const hintId = useId();

  useEffect(() => {
    if (q !== sent.current) setText(q);
    sent.current = q;
  }, [q]);
  const asked = useMemo(() => inSearchWords(text, words), [text, words]);
  const send = useEffectEvent(onChange);
  useEffect(() => {
    if (asked === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = asked;
      send(asked);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [asked]);
  useShortcut({ keys: ["/"], label: "Search this list", group: "Lists", run: () => input.current?.select() });

  const shown = asked === q ? problems : [];
  const sentences = useSentences(shown.length > 0 ? q : "");
  const example = hints.find(({ word }) => !/[:><=]$/.test(word))?.word;
  return (
    <div
      className="relative min-w-0 flex-1 basis-40 md:basis-64"
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setFocused(false)}
    >
      <Search
        size={16}
        strokeWidth={1.5}
        aria-hidden
        className="pointer-events-none absolute top-2 left-2.5 text-tertiary"
      />
      <div
        aria-hidden
        className="pointer-events-none absolute top-0 right-9 left-[33px] h-8 overflow-hidden leading-8 whitespace-pre text-transparent"
      >
        <div style={{ transform: `translateX(${-offset}px)` }}>
          {underlined(text, text === q ? shown : [])}
        </div>
      </div>
      <input
        ref={input}
        type="search"
        aria-label={label}
        aria-describedby={hintId}
        aria-invalid={shown.length > 0 || undefined}
        placeholder={placeholder}
        spellCheck={false}
        value={text}
        onFocus={() => setFocused(true)}
        onScroll={(event) => setOffset(event.currentTarget.scrollLeft)}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            sent.current = asked;
            onChange(asked);
          } else if (event.key === "Escape") {
            if (text === "") input.current?.blur();
            else setText("");
          }
        }}
        className="h-8 w-full rounded-md border border-control/70 bg-transparent pr-9 pl-8 text-sm hover:border-control [&::-webkit-search-cancel-button]:hidden"
      />
      {text === "" ? null : (
        <IconButton
          size="sm"
          aria-label="Clear the search"
          className="absolute top-0.5 right-0.5"
          icon={<X size={14} strokeWidth={1.5} aria-hidden />}
          onClick={() => {
            setText("");
            input.current?.focus();
          }}
        />
      )}
      <div id={hintId} className="sr-only">
        Words match names. A field and a value narrow the list
        {example === undefined ? "" : `, for example ${example}`}.
      </div>
      {shown.length > 0 && sentences !== "waiting" ? (
        <ul aria-live="polite" className="mt-1 text-xs text-attention">
          {shown.map((problem) => (
            <li key={`${problem.at}-${problem.reason.code}`}>
              {sentences === "there"
                ? reasonText(inShownWords(problem.reason, words))
                : "A part of the search was not understood."}{" "}
              The rest was applied.
            </li>
          ))}
        </ul>
      ) : null}
      {focused && text === "" ? (
        <div className="absolute top-9 left-0 z-popup w-full max-w-md rounded-lg border border-stroke bg-overlay p-1 shadow-overlay">
          <p className="px-2 pt-1 pb-1.5 text-xs text-tertiary">
            Words match names. Combine them with fields; a minus in front leaves out.
          </p>
          {hints.map((hint) => (
            <button
              key={hint.word}
              type="button"
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => {
                setText(`${hint.word} `);
                input.current?.focus();
              }}
              className="flex w-full items-baseline justify-between gap-4 rounded-sm px-2 py-1 text-left hover:bg-hover"
            >
              <code className="shrink-0 font-mono text-xs">{hint.word}</code>
              <span className="truncate text-xs text-tertiary">{hint.detail}</span>
            </button>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function underlined(text: string, problems: readonly QueryProblem[]) {
  const parts = [];
  let at = 0;
  for (const problem of [...problems].sort((a, b) => a.at - b.at)) {
    parts.push(text.slice(at, problem.at));
    parts.push(
      <span
        key={problem.at}
        className="underline decoration-attention decoration-wavy decoration-1 underline-offset-4"
      >
        {text.slice(problem.at, problem.at + Math.max(1, problem.length))}
      </span>,
    );
    at = problem.at + Math.max(1, problem.length);
  }
  parts.push(text.slice(at));
  return parts;
}
