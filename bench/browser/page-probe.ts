/** What is measured within a page; each function here is sent into it as it stands, and uses nothing around it. */

export interface ProbedPage {
  /** Milliseconds from the start of the navigation. */
  largestPaintMs: number;
  /** The longest of each interaction's events, by interaction. */
  interactions: Record<string, number>;
  /** Addresses that were shown, with the moment each was first there, by `Date.now()`. */
  addresses: Record<string, number>;
}

declare global {
  var probedPage: ProbedPage;
}

/** Before anything of the page runs. */
export function probePage(): void {
  const probed: ProbedPage = { largestPaintMs: 0, interactions: {}, addresses: {} };
  globalThis.probedPage = probed;
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) probed.largestPaintMs = startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { interactionId, duration } = entry as PerformanceEventTiming; // of type "event"
      if (interactionId !== 0)
        probed.interactions[interactionId] = Math.max(probed.interactions[interactionId] ?? 0, duration);
    }
    // as: durationThreshold belongs to this type of entry alone
  }).observe({ type: "event", buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
}

/** After `probePage`: looking at each change of the page costs the page time of its own. */
export function probeAddresses(): void {
  const note = (node: Node) => {
    for (const address of (node.textContent ?? "").match(/10\.\d+\.\d+\.\d+/g) ?? [])
      globalThis.probedPage.addresses[address] ??= Date.now();
  };
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "characterData") note(target);
      for (const node of addedNodes) note(node);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

/** Scrolls what holds the rows up and down for some seconds. @returns milliseconds between frames */
export async function scrollFrames(seconds: number): Promise<number[]> {
  const row = document.querySelector("tbody tr, [role=row]");
  let scroller: Element | null = row;
  while (scroller !== null && scroller.scrollHeight <= scroller.clientHeight + 1)
    scroller = scroller.parentElement;
  const frames: number[] = [];
  const startedAt = performance.now();
  let before = startedAt;
  let step = 40;
  while (performance.now() - startedAt < seconds * 1000) {
    const now = await new Promise<number>((resolve) => {
      requestAnimationFrame(resolve);
    });
    frames.push(now - before);
    before = now;
    if (scroller === null) continue;
    const end = scroller.scrollHeight - scroller.clientHeight;
    if ((scroller.scrollTop <= 0 && step < 0) || (scroller.scrollTop >= end - 1 && step > 0)) step = -step;
    scroller.scrollTop += step;
  }
  return frames;
}
