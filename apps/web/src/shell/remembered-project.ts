/** The project last looked at, so that the navigation keeps it while a page over all projects is open. */
let last: string | undefined;

/** `inPath` where there is one, which is then remembered for this tab. */
export function rememberedProject(inPath: string | undefined): string | undefined {
  if (inPath !== undefined) last = inPath;
  return inPath ?? last;
}
