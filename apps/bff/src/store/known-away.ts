/**
 * A database host that swallows everything answers nothing until a deadline of seconds. Once that is known nobody waits for it in each
 * request who can go on without it; one that is back answers well within this.
 */
const answersWithinMs = 250;

/** @throws what `asked` throws, or that it did not come soon; then nobody hears what becomes of it */
export async function soon<T>(asked: Promise<T>): Promise<T> {
  asked.catch(() => {}); // it may fail after it was given up
  return Promise.race([
    asked,
    new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error("The database has not come back")), answersWithinMs).unref();
    }),
  ]);
}
