/**
 * Columns for the room there is: those of free text give way first, then the last ones go, so that the state of a row and its
 * actions are on screen. Whoever chose the columns himself keeps them and scrolls sideways.
 */
import type { Column } from "./column.ts";

/** To what part of its own least width a column of free text gives way. */
const leastShare = 0.8;
/** Of a row, on both its sides. */
const paddingPx = 40;
export const choicePx = 36;
export const actionsPx = 44;

/** A track that takes a whole share or more of what is left over holds free text; others are as wide as what they hold. */
const givingWay = /^minmax\((\d+)px,([1-9].*)\)$/;

function leastOf(tracks: readonly string[]): { firmPx: number; freePx: number } {
  let firmPx = paddingPx;
  let freePx = 0;
  for (const track of tracks) {
    const px = Number(/(\d+)px/.exec(track)?.[1]);
    if (givingWay.test(track)) freePx += px;
    else firmPx += px;
  }
  return { firmPx, freePx };
}

/** Without the last ones that there is no room for; name, project and state stay. `roomPx` is that of the columns and their padding. */
export function fittingColumns<Row>(columns: readonly Column<Row>[], roomPx: number): Column<Row>[] {
  const fitting = [...columns];
  for (;;) {
    const { firmPx, freePx } = leastOf(fitting.map(({ track }) => track));
    if (firmPx + freePx * leastShare <= roomPx) return fitting;
    const last = fitting.findLastIndex(
      ({ id, fixed }) => fixed !== true && id !== "project" && id !== "status",
    );
    if (last === -1) return fitting;
    fitting.splice(last, 1);
  }
}

/** The tracks of a grid in that room, and the pixels that they need at least: more than there are, and the table scrolls sideways. */
export function tracksIn(roomPx: number, tracks: readonly string[]): { tracks: string; leastPx: number } {
  const { firmPx, freePx } = leastOf(tracks);
  const share = freePx === 0 ? 1 : Math.min(1, Math.max(leastShare, (roomPx - firmPx) / freePx));
  const narrowed = tracks.map((track) =>
    track.replace(
      givingWay,
      (_, px: string, fr: string) => `minmax(${Math.floor(Number(px) * share)}px,${fr})`,
    ),
  );
  return { tracks: narrowed.join(" "), leastPx: firmPx + Math.floor(freePx * share) };
}
