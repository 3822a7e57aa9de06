/** Waits until the console answers that it is ready. */

const pauseMs = 50;
const limitMs = 60_000;

/** True when it became ready; false when it did not in a minute. */
export async function consoleReady(url: string): Promise<boolean> {
  const until = Date.now() + limitMs;
  while (Date.now() < until) {
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return true;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return false;
}
