/** Rejections that nobody handles, while a server is sent noise: each is a fault of its own. */
export function watchRejections(): { seen: readonly unknown[]; stop: () => void } {
  const seen: unknown[] = [];
  const note = (reason: unknown) => void seen.push(reason);
  process.on("unhandledRejection", note);
  return { seen, stop: () => void process.off("unhandledRejection", note) };
}
