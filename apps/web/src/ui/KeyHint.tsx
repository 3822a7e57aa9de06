/** One keyboard key, or a few in a row. */
export function KeyHint({ keys }: { keys: readonly string[] }) {
  return (
    <span className="inline-flex gap-1">
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
