/** One keyboard key, or a few in a row. `decorative` where a name beside it says the same. */
export function KeyHint({ keys, decorative = false }: { keys: readonly string[]; decorative?: boolean }) {
  return (
    <span aria-hidden={decorative || undefined} className="inline-flex gap-1">
      {keys.map((key) => (
        <kbd
          key={key}
          className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm border border-stroke bg-sunken px-1 font-sans text-[11px] leading-none text-secondary"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
